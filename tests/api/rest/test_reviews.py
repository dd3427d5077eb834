"""A customer's own reviews: who can write one, and that nobody else can change it."""

import asyncio
from typing import Any
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus, ProductStatus
from shophub.models.accounts import User
from tests.api.rest.caller import Caller
from tests.factories import make_order, make_product, variants_of
from tests.rows import execute, rows

UNKNOWN = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"
LAMP = "/api/products/desk-lamp/reviews"


async def lamp(status: ProductStatus = ProductStatus.ACTIVE, *buyers: Caller, at: Any = OrderStatus.DELIVERED) -> UUID:
    """Put a lamp on sale and have it delivered to its buyers, or however far their orders have come."""
    async with transaction() as session:
        product = await make_product(session, slug="desk-lamp", status=status)
        for buyer in buyers:
            user = await session.get(User, buyer.user_id)
            await make_order(session, user=user, variants=await variants_of(session, product), status=at)
        return product.id


async def written() -> list[tuple[object, ...]]:
    return await rows("SELECT user_id, rating, comment FROM reviews ORDER BY created_at")


async def test_review_is_written_changed_and_deleted(customer: Caller, guest: Caller) -> None:
    product_id = await lamp(ProductStatus.ACTIVE, customer)
    body = {"rating": 4, "comment": "  Warm light. "}

    review = await customer.answers("POST /api/products/{key}/reviews", 201, at=LAMP, json=body)
    at = f"/api/reviews/{review['id']}"
    (moment, kept_id) = (await rows("SELECT created_at, id FROM reviews"))[0]
    assert review.pop("createdAt") == review.pop("updatedAt") == moment.isoformat().replace("+00:00", "Z")  # type: ignore[attr-defined]
    assert review == {
        "id": str(kept_id),
        "rating": 4,
        "comment": "Warm light.",
        "author": "Ada S.",
        "verified": True,
        "helpful": 0,
    }

    changed = await customer.answers("PUT /api/reviews/{review_id}", at=at, json={"rating": 2})
    assert (changed["id"], changed["rating"], changed["comment"]) == (review["id"], 2, "")
    assert changed["updatedAt"] > changed["createdAt"]

    assert await customer.answers("DELETE /api/reviews/{review_id}", 204, at=at) is None
    assert await written() == []
    by_id = f"/api/products/{product_id}/reviews"
    assert await customer.answers("POST /api/products/{key}/reviews", 201, at=by_id, json={"rating": 5})


async def test_second_review_of_a_product_is_refused_also_at_once(customer: Caller) -> None:
    await lamp(ProductStatus.ACTIVE, customer)

    answers = await asyncio.gather(*(customer.send(f"POST {LAMP}", json={"rating": star}) for star in (1, 2, 3, 4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    await customer.refuses("POST /api/products/{key}/reviews", "already_reviewed", at=LAMP, json={"rating": 5})
    assert len(await written()) == 1


async def test_only_who_received_it_can_review_it(customer: Caller, other: Caller) -> None:
    await lamp(ProductStatus.ACTIVE, customer, at=OrderStatus.SHIPPED)

    for caller in (customer, other):
        await caller.refuses("POST /api/products/{key}/reviews", "not_received", at=LAMP, json={"rating": 5})

    assert await written() == []


async def test_product_that_is_not_on_sale_is_not_reviewed(customer: Caller) -> None:
    await lamp(ProductStatus.ARCHIVED, customer)

    for key in ("desk-lamp", UNKNOWN, "nothing-like-it", "Not a slug"):
        at = f"/api/products/{key}/reviews"
        await customer.refuses("POST /api/products/{key}/reviews", "product_not_found", at=at, json={"rating": 5})

    assert await written() == []


async def test_what_is_no_review_is_refused(customer: Caller) -> None:
    await lamp(ProductStatus.ACTIVE, customer)
    review = await customer.answers("POST /api/products/{key}/reviews", 201, at=LAMP, json={"rating": 4})
    at = f"/api/reviews/{review['id']}"

    bodies: list[dict[str, Any]] = [{"rating": stars} for stars in (0, 6, 4.5, "5", None, True)]
    for body in [
        *bodies,
        {"comment": "No stars."},
        {"rating": 5, "comment": "x" * 2_001},
        {"rating": 5, "author": "X"},
    ]:
        await customer.refuses("POST /api/products/{key}/reviews", "invalid_data", at=LAMP, json=body)
        await customer.refuses("PUT /api/reviews/{review_id}", "invalid_data", at=at, json=body)

    assert await written() == [(customer.user_id, 4, "")]


async def test_nobody_changes_anothers_review(customer: Caller, other: Caller, admin: Caller) -> None:
    await lamp(ProductStatus.ACTIVE, customer)
    review = await customer.answers("POST /api/products/{key}/reviews", 201, at=LAMP, json={"rating": 4})

    for caller in (other, admin):
        for at in (f"/api/reviews/{review['id']}", f"/api/reviews/{UNKNOWN}"):
            await caller.refuses("PUT /api/reviews/{review_id}", "review_not_found", at=at, json={"rating": 1})
            await caller.refuses("DELETE /api/reviews/{review_id}", "review_not_found", at=at)

    assert await written() == [(customer.user_id, 4, "")]


async def test_store_that_takes_no_reviews_refuses_all_of_it(customer: Caller) -> None:
    await lamp(ProductStatus.ACTIVE, customer)
    review = await customer.answers("POST /api/products/{key}/reviews", 201, at=LAMP, json={"rating": 4})
    at = f"/api/reviews/{review['id']}"
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET reviews_enabled = false")

    await customer.refuses("POST /api/products/{key}/reviews", "feature_off", at=LAMP, json={"rating": 1})
    await customer.refuses("PUT /api/reviews/{review_id}", "feature_off", at=at, json={"rating": 1})
    await customer.refuses("DELETE /api/reviews/{review_id}", "feature_off", at=at)

    assert await written() == [(customer.user_id, 4, "")]
