"""Whatever anybody asks for, an answer that is kept is right for the next caller, and takes no more than is planned."""

from collections.abc import Iterator

import pytest

from shophub.api import catalogue_cache
from shophub.api.catalogue_cache import PARAMETERS, answers
from shophub.api.notice_cache import MAX_ADDRESS
from shophub.db import transaction
from shophub.schemas.api.catalogue import ProductQuery, ReviewsQuery
from tests.api.rest.caller import Caller
from tests.factories import make_category, make_product

NARROWED = (
    "min_price=9000", "max_price=1", "in_stock=true&min_price=9000", "page_size=1", "MINPRICE=9000", "minPrice%00=9000",
    "min%5Fprice=9000", "page%20=2",
)  # fmt: skip


@pytest.fixture
def kept(guest: Caller) -> Iterator[None]:
    """Answers are kept."""
    answers.hear(None)
    yield
    answers.deafen()


def test_every_name_of_a_parameter_tells_answers_apart() -> None:
    for query in (ProductQuery, ReviewsQuery):
        assert not query.model_config.get("populate_by_name", False)
        assert {field.alias or name for name, field in query.model_fields.items()} <= PARAMETERS


@pytest.mark.parametrize("parameters", NARROWED)
async def test_odd_names_of_filters_change_nothing_for_the_next_caller(
    parameters: str, kept: None, guest: Caller
) -> None:
    await make_shop()

    await guest.send("GET /api/products", at=f"/api/products?{parameters}")
    await guest.send("GET /api/products/category/{slug}", at=f"/api/products/category/home?{parameters}")

    for path in ("/api/products", "/api/products/category/home"):
        found = (await guest.client.get(path)).json()
        assert (found["total"], len(found["items"]), found["page"], found["pageSize"]) == (2, 2, 1, 24)


async def test_long_addresses_and_headers_are_answered_and_not_remembered(kept: None, guest: Caller) -> None:
    await make_shop()
    catalogue_cache._address.cache_clear()
    catalogue_cache.encoding_for.cache_clear()
    long = "x" * MAX_ADDRESS

    for path in (f"/api/products?q={long}&q=mug", f"/api/products?{long}=1&q=mug", f"/api/products/{long}?a=b"):
        for _ in range(2):
            answer = await guest.client.get(path, headers={"Accept-Encoding": f"br, {long}"})
            assert answer.status_code == (400 if path.endswith("a=b") else 200)
            if answer.status_code == 200:
                assert [one["slug"] for one in answer.json()["items"]] == ["mug"]

    assert catalogue_cache._address.cache_info().currsize == 0
    assert catalogue_cache.encoding_for.cache_info().currsize == 0


async def make_shop() -> None:
    """Two products in one category."""
    async with transaction() as session:
        home = await make_category(session, name="Home", slug="home")
        await make_product(session, name="Mug", slug="mug", category=home, price_minor=1_500)
        await make_product(session, name="Tray", slug="tray", category=home, price_minor=2_500, stock=0)
