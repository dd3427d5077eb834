"""The staff's list of products: what it finds, how it pages, and what that costs."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus
from shophub.lib.tables import PAGE_SIZE, parse_table
from shophub.schemas.product_list import PRODUCTS
from shophub.services import product_list
from shophub.services.product_list import ProductListPage
from tests.factories import make_category, make_product, make_variant
from tests.statements import counted_statements


async def shown(session: AsyncSession, address: str = "") -> ProductListPage:
    query = parse_table(PRODUCTS, parse_qsl(urlsplit(address).query))
    return await product_list.list_products(session, query, None)


def names(page: ProductListPage) -> list[str]:
    return [line.name for line in page.lines]


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-sold", "created", "-created"])
async def test_pages_follow_each_other_without_gaps_and_lead_back(session: AsyncSession, sort: str):
    category = await make_category(session)
    for number in range(PAGE_SIZE * 2 + 7):
        await make_product(
            session, name=f"Thing {number % 60}", category=category, price_minor=100 + number % 9, sold_count=number % 4
        )

    first = await shown(session, f"?sort={sort}")
    second = await shown(session, first.table.next_url)
    third = await shown(session, second.table.next_url)
    back = await shown(session, third.table.previous_url)

    found = [line.id for page in (first, second, third) for line in page.lines]
    assert (len(found), len(set(found)), len(third.lines)) == (107, 107, 7)
    assert ("", "") == (first.table.previous_url, third.table.next_url)
    assert back.lines == second.lines
    assert first.table.shown_text == "50 of 107"


async def test_page_takes_as_many_statements_with_fifty_products_as_with_one(session: AsyncSession):
    await make_product(session, options={"Size": ["S", "M"]})
    with counted_statements(session) as of_one:
        await shown(session)
    category = await make_category(session)
    for _ in range(PAGE_SIZE):
        await make_product(session, category=category)

    with counted_statements(session) as of_many:
        page = await shown(session)

    assert len(page.lines) == PAGE_SIZE
    assert len(of_many) == len(of_one) == 4


async def test_stocks_that_no_integer_holds_together_are_added_up(session: AsyncSession):
    await make_product(session, options={"Size": ["S", "M"]}, stock=2**31 - 1)

    (line,) = (await shown(session)).lines

    assert str(2**32 - 2) in line.stock_text.replace(",", "")


async def test_search_finds_beginnings_of_words_and_of_skus(session: AsyncSession):
    lamp = await make_product(session, name="Oak desk lamp", brand="Nordlys", with_variants=False)
    await make_variant(session, lamp, sku="LMP_100%-A")
    await make_product(session, name="Mug")

    for typed in ("oak la", "NORD", "lmp_100%", "desk"):
        assert names(await shown(session, f"?q={typed.replace('%', '%25').replace(' ', '+')}")) == ["Oak desk lamp"]
    for typed in ("lamps+mug", "mp_100", "%23%23"):
        assert names(await shown(session, f"?q={typed}")) == []


async def test_tabs_count_what_the_other_filters_leave(session: AsyncSession):
    shelf = await make_category(session, name="Shelf", slug="shelf")
    for status in (ProductStatus.ACTIVE, ProductStatus.ACTIVE, ProductStatus.DRAFT):
        await make_product(session, category=shelf, status=status)
    await make_product(session, status=ProductStatus.ARCHIVED)

    page = await shown(session, "?tab=draft&category=shelf")

    assert [(tab.label, tab.count_text) for tab in page.table.tabs] == [
        ("All", "3"), ("Active", "2"), ("Draft", "1"), ("Archived", "0")
    ]  # fmt: skip
    assert (len(page.lines), page.table.total) == (1, 1)
    assert [chip.label for chip in page.table.chips] == ["Category: Shelf"]


async def test_stock_filter_looks_at_what_is_free_of_each_variant(session: AsyncSession):
    plenty = await make_product(session, name="Plenty", stock=500)
    scarce = await make_product(session, name="Scarce", with_variants=False)
    await make_variant(session, scarce, option_values=["S"], stock=500)
    await make_variant(session, scarce, option_values=["M"], stock=12, reserved=9)
    gone = await make_product(session, name="Gone", with_variants=False)
    await make_variant(session, gone, stock=2, reserved=2)

    assert sorted(names(await shown(session, "?stock=low"))) == ["Gone", "Scarce"]
    assert names(await shown(session, "?stock=out")) == ["Gone"]
    assert sorted(names(await shown(session, "?stock=in"))) == ["Plenty", "Scarce"]
    line = await product_list.get_line(session, scarce.id, is_open=True)
    assert [(one.name, one.stock.value, one.reserved_text) for one in line.variants] == [
        ("S", "500", ""), ("M", "12", "9 set aside")
    ]  # fmt: skip
    assert (line.stock_text, line.stock_note, plenty.status) == ("512", "Some low", "active")
