"""The staff's list of orders: what each search finds, counts, pages, and what a page costs."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.clock import utc_now
from shophub.lib.tables import PAGE_SIZE, parse_table
from shophub.schemas.order_list import NEEDS_REVIEW, ORDER_TABLE
from shophub.services import order_list
from tests.factories import make_order, make_user, make_variant
from tests.statements import counted_statements


def asked(**parameters: str) -> order_list.TableQuery:
    return parse_table(ORDER_TABLE, parameters.items())


async def numbers(session: AsyncSession, **parameters: str) -> list[str]:
    page = await order_list.get_page(session, asked(**parameters), None)
    return [row.number for row in page.rows]


async def test_search_finds_by_number_by_beginning_of_the_address_and_by_article(session: AsyncSession) -> None:
    ada = await make_user(session, email="ada@shop.example")
    variant = await make_variant(session)
    first = await make_order(session, user=ada)
    second = await make_order(session, email="bob@shop.example", variants=[variant])
    one, two = f"SH-{first.number}", f"SH-{second.number}"

    assert await numbers(session, q=one.lower()) == [one]
    assert await numbers(session, q=str(second.number)) == [two]
    assert await numbers(session, q="ADA@shop") == [one]
    assert await numbers(session, q=variant.sku) == [two]
    assert await numbers(session, q=variant.sku.lower()[:-1]) == [two]
    assert await numbers(session, q="%") == []
    assert await numbers(session, q="_da@") == []


async def test_tabs_count_what_the_other_filters_leave(session: AsyncSession) -> None:
    await make_order(session, status=OrderStatus.SHIPPED)
    await make_order(session, status=OrderStatus.SHIPPED, payment_status=PaymentStatus.PARTIALLY_REFUNDED)
    flagged = await make_order(session)
    flagged.needs_review = True
    session.add(flagged)
    await session.flush()

    page = await order_list.get_page(session, asked(tab=OrderStatus.SHIPPED.value), None)
    narrowed = await order_list.get_page(session, asked(tab=NEEDS_REVIEW, payment="PARTIALLY_REFUNDED"), None)

    counts = {tab.label: tab.count_text for tab in page.table.tabs}
    assert (counts["All"], counts["On its way"], counts["To ship"], counts["Needs review"]) == ("3", "2", "1", "1")
    assert len(page.rows) == page.table.total == 2
    assert [tab.count_text for tab in narrowed.table.tabs] == ["1", "0", "0", "0", "1", "0", "0"]
    assert narrowed.rows == ()
    assert await numbers(session, tab=NEEDS_REVIEW) == [f"SH-{flagged.number}"]


@pytest.mark.parametrize("sort", ["-placed", "placed", "-total", "total"])
async def test_pages_follow_each_other_without_gaps_in_either_direction(session: AsyncSession, sort: str) -> None:
    now = utc_now()
    for place in range(PAGE_SIZE + 3):
        await make_order(session, placed_at=now - timedelta(minutes=place // 2), price_minor=1_000 + place // 3)

    first = await order_list.get_page(session, asked(sort=sort), None)
    second = await order_list.get_page(session, _following(first.table.next_url), None)
    back = await order_list.get_page(session, _following(second.table.previous_url), None)

    seen = [row.number for row in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 3
    assert back.rows == first.rows
    assert (first.table.previous_url, second.table.next_url) == ("", "")


def _following(url: str) -> order_list.TableQuery:
    return parse_table(ORDER_TABLE, [tuple(pair.split("=", 1)) for pair in url.partition("?")[2].split("&")])


async def test_page_costs_the_same_statements_however_many_orders(session: AsyncSession) -> None:
    await make_order(session)
    with counted_statements(session) as few:
        await order_list.get_page(session, asked(), None)
    for _ in range(20):
        await make_order(session)
    with counted_statements(session) as many:
        await order_list.get_page(session, asked(), None)

    assert len(many) == len(few) <= 3


async def test_file_holds_every_page_and_no_formula(session: AsyncSession) -> None:
    for _ in range(3):
        await make_order(session, email="=cmd@shop.example")

    text = "".join([part async for part in order_list.csv_lines(session, asked())])

    lines = text.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith('\ufeff"Order","Placed (UTC)"')
    assert all('"\'=cmd@shop.example"' in line and line.endswith('"USD","50.00","0.00"') for line in lines[1:])


async def test_search_that_finds_very_many_says_how_many_there_are_at_least(session: AsyncSession) -> None:
    await make_order(session, email="many@example.com", status=OrderStatus.SHIPPED)
    await session.execute(text("SET LOCAL session_replication_role = replica"))  # no checkout behind each of them
    await session.execute(
        text("""
            INSERT INTO orders SELECT copy.* FROM orders o, generate_series(1, 10001) AS n,
              LATERAL jsonb_build_object(
                'id', gen_random_uuid(), 'number', 900000 + n, 'checkout_id', gen_random_uuid()) AS own,
              LATERAL jsonb_populate_record(o, own) AS copy
        """)
    )

    page = await order_list.get_page(session, asked(q="many@"), None)
    one = await order_list.get_page(session, asked(q="many@", tab="SHIPPED"), None)

    assert {tab.label: tab.count_text for tab in page.table.tabs}["All"] == "10,000+"
    assert (page.table.total_text, page.table.shown_text) == ("10,000+", "50 of 10,000+")
    assert one.table.shown_text == "50 of 10,000+"
    assert {tab.label: tab.count_text for tab in one.table.tabs}["Cancelled"] == "few"
