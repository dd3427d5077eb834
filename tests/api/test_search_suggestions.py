"""Suggestions as the search box reads them."""

import httpx

from shophub.db import transaction
from shophub.services import search_upkeep
from tests.factories import make_category, make_image, make_product

PATH = "/api/search/suggestions"


async def _lamps() -> None:
    async with transaction() as session:
        lighting = await make_category(session, name="Lighting", slug="lighting")
        oak = await make_product(session, name="Oak Lamp", slug="oak-lamp", category=lighting, price_minor=6_400)
        await make_image(session, oak, public_id="products/oak-lamp", alt="An oak lamp")
        await search_upkeep.refresh_words(session)


async def test_suggestions_come_as_json_that_is_kept_for_a_moment(api: httpx.AsyncClient) -> None:
    await _lamps()

    answer = await api.get(PATH, params={"q": "lam"})
    again = await api.get(PATH, params={"q": "lam"}, headers={"If-None-Match": answer.headers["etag"]})

    assert (answer.status_code, again.status_code) == (200, 304)
    assert answer.headers["cache-control"] == "public, max-age=5"
    found = answer.json()
    assert found["queries"] == [
        {
            "text": "lamp",
            "url": "/search?q=lamp",
            "parts": [{"text": "lam", "isMatch": False}, {"text": "p", "isMatch": True}],
        }
    ]
    assert found["scopes"] == [
        {
            "text": "lamp in Lighting",
            "query": "lamp",
            "category": "Lighting",
            "url": "/search?q=lamp&category=lighting",
        }
    ]
    (product,) = found["products"]
    assert (product["name"], product["url"], product["priceText"]) == ("Oak Lamp", "/products/oak-lamp", "$64.00")
    assert "oak-lamp" in product["imageUrl"]
    assert (found["count"], found["countText"]) == (3, "3 suggestions")


async def test_suggestions_need_two_letters_and_take_anything(api: httpx.AsyncClient) -> None:
    await _lamps()

    for typed in ("", "l", "% _", "x" * 200, "\x01", "<script>", "' OR 1=1 --"):
        answer = await api.get(PATH, params={"q": typed})
        assert (answer.status_code, answer.json()["products"]) == (200, [])
    assert (await api.get(PATH)).json()["countText"] == ""
    assert (await api.get(PATH, params={"q": "x" * 3_000})).status_code == 400
