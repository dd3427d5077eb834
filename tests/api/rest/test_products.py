"""The catalog for programs: lists with their filters, single products, and what is kept of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import event, text

from shophub.api.catalogue_cache import answers, encoding_for
from shophub.db import database_url, get_database, transaction
from shophub.domain.statuses import ProductStatus
from shophub.models.catalog import Product, Variant
from shophub.services import search_upkeep
from shophub.services.live import Watchers, follow
from tests.api.rest.caller import Caller
from tests.factories import make_category, make_image, make_product, make_variant

FIELDS = {
    "id", "slug", "name", "description", "price", "compareAtPrice", "currency", "category", "brand", "tags", "image",
    "images", "stock", "averageRating", "reviewCount", "status", "options", "variants", "createdAt", "updatedAt",
}  # fmt: skip


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give a list that fills with what this process asks the database, but for whether the shop is open."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("SELECT * FROM store_settings"):
            seen.append(statement)

    engine = get_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest_asyncio.fixture
async def told(guest: Caller) -> AsyncIterator[None]:
    """Answers are kept: the database says what changes, over a connection of its own."""
    connected = asyncio.Event()

    async def nobody(_tab: str, _notice: object) -> None:
        return None

    def heed(notice: Any) -> None:
        answers.hear(notice)
        connected.set()

    task = asyncio.create_task(follow(Watchers(), nobody, heed=heed))
    await asyncio.wait_for(connected.wait(), 10)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    answers.deafen()


async def shop() -> dict[str, Product]:
    """Three lamps and a mug on two shelves, and what nobody may see."""
    async with transaction() as session:
        home = await make_category(session, name="Home", slug="home")
        lights = await make_category(session, name="Lighting", slug="lighting", parent=home)
        oak = await make_product(
            session, name="Oak Lamp", slug="oak-lamp", category=lights, price_minor=6_400, sold_count=9, brand="Ember"
        )
        brass = await make_product(
            session, name="Brass Lamp", slug="brass-lamp", category=lights, price_minor=9_900, stock=0, sold_count=5
        )
        tall = await make_product(session, name="Tall Lamp", slug="tall-lamp", category=lights, price_minor=12_000)
        mug = await make_product(session, name="Mug", slug="mug", category=home, price_minor=1_500, sold_count=7)
        await make_product(session, name="Draft Lamp", slug="draft-lamp", category=lights, status=ProductStatus.DRAFT)
        tall.rating_sum, tall.rating_count = 9, 2
    return {"oak": oak, "brass": brass, "tall": tall, "mug": mug}


async def slugs(guest: Caller, **parameters: Any) -> list[str]:
    found = await guest.answers("GET /api/products", params=parameters)
    assert (found["total"], found["totalIsExact"]) == (len(found["items"]), True)
    return [item["slug"] for item in found["items"]]


async def test_product_has_every_field_with_exact_values(guest: Caller) -> None:
    product, small, large = await _desk()

    found = await guest.answers("GET /api/products/{key}", at="/api/products/oak-desk")
    listed = await guest.answers("GET /api/products")

    assert set(found) == FIELDS
    assert listed["items"] == [found]
    assert {name: value for name, value in found.items() if name in DESK} == DESK
    assert found["id"] == str(product.id)
    assert found["image"].endswith("/image/upload/c_limit,f_auto,q_auto,w_1200/v1/products/desk")
    assert found["images"] == [{"url": found["image"], "altText": "Oak Desk"}]
    assert found["createdAt"] == product.created_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert found["variants"] == [
        {
            "id": str(small.id),
            "sku": "D-S",
            "options": {"Size": "S"},
            "price": 50_000,
            "compareAtPrice": None,
            "stock": 17,
        },
        {
            "id": str(large.id),
            "sku": "D-L",
            "options": {"Size": "L"},
            "price": 40_000,
            "compareAtPrice": 45_000,
            "stock": 0,
        },
    ]


DESK = {
    "slug": "oak-desk", "name": "Oak Desk", "description": "**Solid** oak.", "price": 40_000, "compareAtPrice": 45_000,
    "currency": "USD", "category": {"slug": "desks", "name": "Desks"}, "brand": None, "tags": ["wood", "office"],
    "stock": 17, "averageRating": 4.33, "reviewCount": 3, "status": "active",
    "options": [{"name": "Size", "values": ["S", "L"]}],
}  # fmt: skip


async def _desk() -> tuple[Product, Variant, Variant]:
    async with transaction() as session:
        desks = await make_category(session, name="Desks", slug="desks")
        product = await make_product(
            session,
            name="Oak Desk",
            slug="oak-desk",
            category=desks,
            description="**Solid** oak.",
            tags=["wood", "office"],
            options={"Size": ["S", "L"]},
            with_variants=False,
        )
        small = await make_variant(session, product, option_values=["S"], sku="D-S", price_minor=50_000, reserved=3)
        large = await make_variant(
            session, product, option_values=["L"], sku="D-L", price_minor=40_000, compare_at_minor=45_000, stock=0
        )
        await make_image(session, product, public_id="products/desk", alt="")
        product.rating_sum, product.rating_count = 13, 3
    return product, small, large


async def test_product_is_found_by_id_and_by_slug_in_one_statement(guest: Caller) -> None:
    products = await shop()

    with statements() as seen:
        by_slug = await guest.answers("GET /api/products/{key}", at="/api/products/mug")
    by_id = await guest.answers("GET /api/products/{key}", at=f"/api/products/{products['mug'].id}")

    assert by_slug == by_id
    assert len(seen) == 1


async def test_list_of_a_category_is_one_statement(guest: Caller) -> None:
    await shop()

    with statements() as seen:
        await guest.answers("GET /api/products", params={"category": "home", "minPrice": 1, "inStock": True})

    assert len(seen) == 1


async def test_filters_leave_exactly_what_fits(guest: Caller) -> None:
    await shop()

    assert await slugs(guest) == ["oak-lamp", "mug", "brass-lamp", "tall-lamp"]
    assert await slugs(guest, category="lighting") == ["oak-lamp", "brass-lamp", "tall-lamp"]
    assert await slugs(guest, category="home") == ["oak-lamp", "mug", "brass-lamp", "tall-lamp"]
    assert await slugs(guest, category="nowhere") == []
    assert await slugs(guest, category="No Slug \N{SNOWMAN}") == []
    assert await slugs(guest, minPrice=6_400, maxPrice=9_900) == ["oak-lamp", "brass-lamp"]
    assert await slugs(guest, minPrice=6_401) == ["brass-lamp", "tall-lamp"]
    assert await slugs(guest, maxPrice=0) == []
    assert await slugs(guest, minPrice=2**63 - 1) == []
    assert await slugs(guest, rating=4) == ["tall-lamp"]
    assert await slugs(guest, rating=5) == []
    assert await slugs(guest, inStock=True) == ["oak-lamp", "mug", "tall-lamp"]
    assert await slugs(guest, inStock=False, maxPrice=9_900) == ["oak-lamp", "mug", "brass-lamp"]


async def test_sorts_and_searches(guest: Caller) -> None:
    await shop()
    prices = ["mug", "oak-lamp", "brass-lamp", "tall-lamp"]

    assert await slugs(guest, sort="price_asc") == prices
    assert await slugs(guest, sort="price_desc") == prices[::-1]
    assert (await slugs(guest, sort="rating"))[0] == "tall-lamp"
    assert await slugs(guest, sort="newest") == ["mug", "tall-lamp", "brass-lamp", "oak-lamp"]
    assert await slugs(guest, sort="best_selling") == ["oak-lamp", "mug", "brass-lamp", "tall-lamp"]
    assert await slugs(guest, q="lamp") == ["oak-lamp", "brass-lamp", "tall-lamp"]
    assert await slugs(guest, q="lamp", sort="price_desc") == ["tall-lamp", "brass-lamp", "oak-lamp"]
    assert await slugs(guest, q="lamp", category="lighting", inStock=True) == ["oak-lamp", "tall-lamp"]
    assert await slugs(guest, q="lamp", category="home", sort="newest", maxPrice=9_900) == ["brass-lamp", "oak-lamp"]
    assert await slugs(guest, q="½") == []
    assert await slugs(guest, q='"tall lamp" -oak') == ["tall-lamp"]


async def test_pages_follow_each_other_and_end(guest: Caller) -> None:
    await shop()
    seen = []

    for page in (1, 2, 3):
        found = await guest.answers("GET /api/products", params={"page": page, "pageSize": 3, "sort": "price_asc"})
        assert (found["total"], found["page"], found["pageSize"]) == (4, page, 3)
        seen += [item["slug"] for item in found["items"]]

    assert seen == ["mug", "oak-lamp", "brass-lamp", "tall-lamp"]
    found = await guest.answers(
        "GET /api/products/category/{slug}", at="/api/products/category/home?page=2&pageSize=3&sort=price_desc"
    )
    assert [item["slug"] for item in found["items"]] == ["mug"]


async def test_values_that_are_none_are_refused(guest: Caller) -> None:
    for name, value in (
        ("sort", "cheapest"), ("page", 0), ("page", 10_001), ("page", "x"), ("pageSize", 0), ("pageSize", 101),
        ("minPrice", -1), ("maxPrice", 2**63), ("rating", 6), ("rating", 0), ("inStock", "perhaps"), ("q", "x" * 201),
    ):  # fmt: skip
        error = await guest.refuses("GET /api/products", "invalid_data", params={name: value})
        assert [detail["field"] for detail in error["details"]] == [name]


async def test_category_lists_what_is_in_it_and_leads_on_from_its_former_slug(guest: Caller) -> None:
    await shop()
    async with transaction() as session:
        await session.execute(text("UPDATE categories SET slug = 'lights' WHERE slug = 'lighting'"))

    found = await guest.answers("GET /api/products/category/{slug}", at="/api/products/category/lights")
    moved = await guest.send("GET /api/products/category/{slug}", at="/api/products/category/lighting?sort=newest")

    assert [item["slug"] for item in found["items"]] == ["oak-lamp", "brass-lamp", "tall-lamp"]
    assert (moved.status_code, moved.headers["location"]) == (301, "/api/products/category/lights?sort=newest")
    guest.hold_against_description("GET /api/products/category/{slug}", moved)
    assert await slugs(guest, category="lighting", maxPrice=6_400) == ["oak-lamp"]
    await guest.refuses("GET /api/products/category/{slug}", "category_not_found", at="/api/products/category/nowhere")
    await guest.refuses(
        "GET /api/products/category/{slug}", "category_not_found", at="/api/products/category/NO%20SLUG"
    )


async def test_address_of_no_product_says_what_is_known(guest: Caller) -> None:
    products = await shop()
    async with transaction() as session:
        await session.execute(text("UPDATE products SET slug = 'cup' WHERE slug = 'mug'"))
        await session.execute(text("UPDATE products SET status = 'archived' WHERE slug = 'oak-lamp'"))

    moved = await guest.send("GET /api/products/{key}", at="/api/products/mug")

    assert (moved.status_code, moved.headers["location"]) == (301, "/api/products/cup")
    guest.hold_against_description("GET /api/products/{key}", moved)
    await guest.refuses("GET /api/products/{key}", "product_gone", at="/api/products/oak-lamp")
    for key in ("draft-lamp", "nothing", "no slug", str(products["oak"].id), "0" * 32):
        await guest.refuses("GET /api/products/{key}", "product_not_found", at=f"/api/products/{key}")


async def test_public_catalogue_cannot_be_written(admin: Caller) -> None:
    for path in ("/api/products", "/api/products/mug", "/api/products/category/home", "/api/categories"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = await admin.send(f"{method} {path}", json={"name": "Free"})
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
            assert answer.headers["allow"] == "GET"


async def test_kept_answer_asks_nothing_and_goes_with_the_notice_of_a_change(guest: Caller, told: None) -> None:
    products = await shop()
    listing, detail, reviews = "/api/products?sort=price_asc", "/api/products/mug", "/api/products/mug/reviews"
    await asyncio.sleep(0.1)  # notices of the shop being filled
    for path in (listing, detail, reviews):
        await guest.client.get(path)
    with statements() as seen:
        kept = [await guest.client.get(path) for path in (listing, detail, reviews)]

    assert seen == []
    assert kept[1].json()["stock"] == 20
    _elsewhere(f"UPDATE variants SET stock = 3 WHERE product_id = '{products['mug'].id}'")
    fresh = await _until(guest, detail, lambda body: body["stock"] == 3)
    assert fresh["price"] == 1_500
    await _until(guest, listing, lambda body: body["items"][0]["stock"] == 3)
    _elsewhere("UPDATE store_settings SET currency = 'EUR'")
    await _until(guest, detail, lambda body: body["currency"] == "EUR")


async def test_review_of_another_product_renews_a_list_by_rating(guest: Caller, told: None) -> None:
    products = await shop()
    await asyncio.sleep(0.1)
    assert await slugs(guest, rating=4) == ["tall-lamp"]

    _elsewhere(
        "INSERT INTO reviews (id, product_id, author_name, rating) "
        f"VALUES (gen_random_uuid(), '{products['oak'].id}', 'Ada L.', 5)"
    )

    await _until(guest, "/api/products?rating=4", lambda body: body["total"] == 2 and len(body["items"]) == 2)


async def test_many_at_once_make_an_answer_once(guest: Caller, told: None) -> None:
    await shop()
    await asyncio.sleep(0.1)

    with statements() as seen:
        found = await asyncio.gather(*(guest.client.get("/api/products?q=&utm_source=x") for _ in range(8)))

    assert {one.text for one in found} == {found[0].text}
    assert len(seen) == 1


@pytest.mark.parametrize("is_kept", [False, True])
async def test_answers_say_how_long_they_may_be_kept_and_come_compressed(
    is_kept: bool, guest: Caller, request: pytest.FixtureRequest
) -> None:
    await shop()
    if is_kept:
        answers.hear(None)
        request.addfinalizer(answers.deafen)
    path = "/api/products"
    plain, gzipped, brotli = [
        await guest.client.get(path, headers={"Accept-Encoding": one})
        for one in ("identity", "gzip, br;q=0", "gzip, br")
    ]

    assert [one.headers.get("content-encoding") for one in (plain, gzipped, brotli)] == [None, "gzip", "br"]
    assert plain.json() == gzipped.json() == brotli.json()
    assert len({one.headers["etag"] for one in (plain, gzipped, brotli)}) == 1
    assert plain.headers["etag"].startswith('W/"')
    assert {one.headers["vary"] for one in (plain, gzipped, brotli)} == {"Accept-Encoding"}
    assert plain.headers["cache-control"].startswith("public, max-age=5, s-maxage=5, stale-while-revalidate=")
    for known in (plain.headers["etag"], f'"other", {plain.headers["etag"].removeprefix("W/")}', "*"):
        same = await guest.client.get(path, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", plain.headers["etag"])
    other = await guest.client.get(path, headers={"If-None-Match": '"other"'})
    head = await guest.client.head(path, headers={"Accept-Encoding": "identity"})
    assert (other.status_code, head.status_code, head.content) == (200, 200, b"")
    assert head.headers["content-length"] == str(len(plain.content))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (b"", ""), (b"identity", ""), (b"br", "br"), (b"gzip;q=1.0, br;q=0.5", "gzip"), (b"*", "br"),
        (b"*;q=0", ""), (b"BR;q=0, GZIP", "gzip"), (b"gzip;q=much", ""),
    ],
)  # fmt: skip
def test_encoding_is_the_best_that_is_taken(accepted: bytes, encoding: str) -> None:
    assert encoding_for(accepted) == encoding


def _elsewhere(statement: str) -> None:
    """Change something as another process does."""
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(statement.encode())


async def _until(guest: Caller, path: str, is_so: Any) -> dict[str, Any]:
    """Ask until the answer is so: sooner than any would have gone by its age."""
    for _ in range(100):
        body: dict[str, Any] = (await guest.client.get(path)).json()
        if is_so(body):
            return body
        await asyncio.sleep(0.02)
    raise AssertionError(f"{path} still says {body}")


async def test_misspelt_search_finds_what_its_page_finds_on_each_of_its_pages(guest: Caller) -> None:
    async with transaction() as session:
        for number in range(3):
            await make_product(session, name=f"Copper Kettle {number}")
        await search_upkeep.refresh_words(session)

    pages = [
        await guest.answers("GET /api/products", params={"q": "ketle", "page": page, "pageSize": 2}) for page in (1, 2)
    ]
    right = await guest.answers("GET /api/products", params={"q": "kettle"})
    nothing = await guest.answers("GET /api/products", params={"q": "zzyzxq"})
    meant = await guest.answers("GET /api/products", params={"q": "-ketle"})

    assert [(page["correctedQuery"], page["total"], len(page["items"])) for page in pages] == [
        ("kettle", 3, 2),
        ("kettle", 3, 1),
    ]
    assert [(one["correctedQuery"], one["total"]) for one in (right, nothing)] == [(None, 3), (None, 0)]
    assert meant["correctedQuery"] is None
