"""Lists as files for spreadsheets: every page, only what was selected, and no formula."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace

from shophub.db import AsyncSession
from shophub.lib.tables import parse_table
from shophub.schemas.order_list import ORDER_TABLE
from shophub.schemas.product_list import PRODUCTS
from shophub.services import list_export, order_list, product_export
from shophub.services.coupon_pages import COUPONS
from shophub.services.people_lists import CUSTOMERS
from tests.factories import make_coupon, make_order, make_product, make_user


async def rows_of(parts: AsyncIterator[str]) -> list[dict[str, str]]:
    """Return a file's rows by its header."""
    text = "".join([part async for part in parts])
    assert text.startswith("\ufeff")
    assert text.count("\ufeff") == 1
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_coupons_are_all_there_with_their_terms(session: AsyncSession) -> None:
    for place in range(list_export.AT_ONCE + 1):
        await make_coupon(session, code=f"PART-{place}")
    odd = await make_coupon(session, code="FORMULA")
    odd.description = "=1+1"
    session.add(odd)
    await session.flush()

    rows = await rows_of(list_export.coupon_parts(session, parse_table(COUPONS, [])))
    one = await rows_of(list_export.coupon_parts(session, parse_table(COUPONS, [("q", "formula")])))

    assert len({row["code"] for row in rows}) == len(rows) == list_export.AT_ONCE + 2
    assert [(row["code"], row["description"], row["status"], row["uses"]) for row in one] == [
        ("FORMULA", "'=1+1", "running", "0")
    ]


async def test_customers_are_there_with_what_they_spent_and_the_staff_are_not(session: AsyncSession) -> None:
    ada = await make_user(session, full_name="@Ada", email="ada@shop.example")
    await make_user(session, full_name="Olga Owner", role="SUPER_ADMIN")
    await make_order(session, user=ada)

    rows = await rows_of(list_export.customer_parts(session, parse_table(CUSTOMERS, [("sort", "spent")])))

    assert [(row["name"], row["e-mail"], row["orders"], row["spent"], row["currency"]) for row in rows] == [
        ("'@Ada", "ada@shop.example", "1", "50.00", "USD")
    ]


async def test_selection_is_what_the_file_holds(session: AsyncSession) -> None:
    products = [await make_product(session) for _ in range(3)]
    orders = [await make_order(session) for _ in range(3)]
    asked = replace(parse_table(PRODUCTS, [("q", "nothing like it")]), cursor=None)

    goods = await rows_of(product_export.csv_parts(session, asked, [products[0].id, products[2].id]))
    sales = await rows_of(order_list.csv_lines(session, parse_table(ORDER_TABLE, []), [orders[1].id]))
    none = await rows_of(order_list.csv_lines(session, parse_table(ORDER_TABLE, []), []))

    assert {row["slug"] for row in goods} == {products[0].slug, products[2].slug}
    assert [row["Order"] for row in sales] == [f"SH-{orders[1].number}"]
    assert none == []
