"""What customers say about a product, for everybody."""

from datetime import UTC, datetime

from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import ProductStatus
from shophub.models.community import Review
from tests.api.rest.caller import Caller
from tests.factories import make_product


async def _reviewed() -> Review:
    """A mug with three reviews, of which one is hidden; returns the oldest."""
    async with transaction() as session:
        mug = await make_product(session, slug="mug")
        other = await make_product(session)
        first = Review(
            product_id=mug.id,
            author_name="Ada L.",
            rating=4,
            comment="Keeps warm.",
            helpful_count=2,
            created_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            updated_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        )
        second = Review(
            product_id=mug.id, author_name="Bo", rating=5, created_at=datetime(2026, 4, 1, 12, 30, tzinfo=UTC)
        )
        hidden = Review(product_id=mug.id, author_name="Cy", rating=1, is_hidden=True, hidden_reason="Rude")
        session.add_all([first, second, hidden, Review(product_id=other.id, author_name="Di", rating=3)])
    return first


async def test_reviews_are_listed_the_newest_first_without_hidden_ones(guest: Caller) -> None:
    first = await _reviewed()

    found = await guest.answers("GET /api/products/{key}/reviews", at="/api/products/mug/reviews")

    assert {name: found[name] for name in ("total", "totalIsExact", "page", "pageSize")} == {
        "total": 2,
        "totalIsExact": True,
        "page": 1,
        "pageSize": 24,
    }
    assert [one["author"] for one in found["items"]] == ["Bo", "Ada L."]
    assert found["items"][1] == {
        "id": str(first.id),
        "rating": 4,
        "comment": "Keeps warm.",
        "author": "Ada L.",
        "verified": False,
        "helpful": 2,
        "createdAt": "2026-03-01T12:00:00.000000Z",
        "updatedAt": "2026-03-02T12:00:00.000000Z",
    }


async def test_reviews_come_by_id_in_pages_and_in_other_orders(guest: Caller) -> None:
    first = await _reviewed()
    path = f"/api/products/{first.product_id}/reviews"

    for sort, authors in (("helpful", ["Ada L.", "Bo"]), ("highest", ["Bo", "Ada L."]), ("lowest", ["Ada L.", "Bo"])):
        pages = [
            await guest.answers("GET /api/products/{key}/reviews", at=f"{path}?sort={sort}&pageSize=1&page={page}")
            for page in (1, 2)
        ]
        assert [page["items"][0]["author"] for page in pages] == authors
    await guest.refuses("GET /api/products/{key}/reviews", "invalid_data", at=f"{path}?sort=funniest")
    await guest.refuses("GET /api/products/{key}/reviews", "invalid_data", at=f"{path}?page=10001")


async def test_reviews_of_no_product_are_not_found(guest: Caller) -> None:
    async with transaction() as session:
        await make_product(session, slug="draft", status=ProductStatus.DRAFT)
        await make_product(session, slug="gone", status=ProductStatus.ARCHIVED)
        await make_product(session, slug="cup")
        await session.execute(text("UPDATE products SET slug = 'mug' WHERE slug = 'cup'"))

    for key in ("draft", "nothing", "No slug", "01a2098575a47042ad9541b0abb72618"):
        await guest.refuses("GET /api/products/{key}/reviews", "product_not_found", at=f"/api/products/{key}/reviews")
    await guest.refuses("GET /api/products/{key}/reviews", "product_gone", at="/api/products/gone/reviews")
    moved = await guest.send("GET /api/products/{key}/reviews", at="/api/products/cup/reviews?page=2")
    assert (moved.status_code, moved.headers["location"]) == (301, "/api/products/mug/reviews?page=2")
    guest.hold_against_description("GET /api/products/{key}/reviews", moved)


async def test_store_without_reviews_shows_none_and_counts_none(guest: Caller) -> None:
    await _reviewed()
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET reviews_enabled = false"))

    await guest.refuses("GET /api/products/{key}/reviews", "feature_off", at="/api/products/mug/reviews")

    found = await guest.answers("GET /api/products/{key}", at="/api/products/mug")
    assert (found["averageRating"], found["reviewCount"]) == (0, 0)
