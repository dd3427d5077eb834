"""Categories for programs."""

from shophub.db import transaction
from shophub.domain.statuses import ProductStatus
from tests.api.rest.caller import Caller
from tests.factories import make_category, make_product


async def test_categories_come_in_order_with_what_is_on_sale_in_and_below_them(guest: Caller) -> None:
    async with transaction() as session:
        home = await make_category(session, name="Home", slug="home", position=1)
        lights = await make_category(session, name="Lighting", slug="lighting", parent=home, position=2)
        lights.description, lights.image_public_id = "Lamps and more", "categories/lights"
        await make_category(session, name="Garden", slug="garden", position=3)
        await make_product(session, category=home)
        await make_product(session, category=lights)
        await make_product(session, category=lights, status=ProductStatus.DRAFT)

    found = (await guest.answers("GET /api/categories"))["items"]

    assert [(one["slug"], one["parent"], one["productCount"], one["countIsExact"]) for one in found] == [
        ("home", None, 2, True),
        ("lighting", "home", 1, True),
        ("garden", None, 0, True),
    ]
    assert found[1]["description"] == "Lamps and more"
    assert found[1]["image"].endswith("/categories/lights")
    assert (found[0]["id"], found[0]["image"]) == (str(home.id), "")


async def test_suggestions_go_on_from_what_was_typed(guest: Caller) -> None:
    async with transaction() as session:
        await make_product(session, name="Oak Lamp", slug="oak-lamp")

    found = await guest.answers("GET /api/search/suggestions", params={"q": "oak"})
    nothing = await guest.answers("GET /api/search/suggestions")

    assert [one["name"] for one in found["products"]] == ["Oak Lamp"]
    assert (nothing["count"], nothing["products"]) == (0, [])
