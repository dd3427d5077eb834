"""The staff's side of reviews: what waits, hiding with a reason, and the way back."""

from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.errors import ConflictError, InvalidInputError, ReviewNotFoundError
from shophub.lib.ids import new_id
from shophub.lib.tables import parse_table
from shophub.services import review_moderation
from shophub.services.audit import Actor
from shophub.services.review_moderation import REVIEWS
from tests.factories import make_product, make_user
from tests.statements import counted_statements


async def make_review(session: AsyncSession, product_id: UUID, rating: int = 4) -> UUID:
    author, review_id = await make_user(session), new_id()
    await session.execute(
        text("""INSERT INTO reviews (id, product_id, user_id, author_name, rating, comment)
            VALUES (:id, :product, :author, 'Ada S.', :rating, 'Sturdy lamp')"""),
        {"id": review_id, "product": product_id, "author": author.id, "rating": rating},
    )
    return review_id


async def counts(session: AsyncSession) -> list[str]:
    page = await review_moderation.list_reviews(session, parse_table(REVIEWS, []), None)
    return [f"{tab.label} {tab.count_text}" for tab in page.table.tabs]


async def rating_count(session: AsyncSession, product_id: UUID) -> int:
    found = await session.execute(text("SELECT rating_count FROM products WHERE id = :id"), {"id": product_id})
    return int(found.scalar_one())


async def test_hidden_review_leaves_the_products_rating_and_comes_back_with_undo(session: AsyncSession) -> None:
    admin, product = await make_user(session, role=Role.ADMIN), await make_product(session)
    review_id = await make_review(session, product.id)

    before = await review_moderation.hide(session, review_id, "  Names\n a person ", Actor(admin.id))
    hidden = await review_moderation.list_reviews(session, parse_table(REVIEWS, [("tab", "hidden")]), None)
    assert await counts(session) == ["All 1", "To check 0", "Shown 0", "Hidden 1"]
    assert [line.reason for line in hidden.lines] == ["Names a person"]
    assert await rating_count(session, product.id) == 0

    await review_moderation.take_back(session, before, Actor(admin.id))
    assert await counts(session) == ["All 1", "To check 1", "Shown 1", "Hidden 0"]
    assert await rating_count(session, product.id) == 1
    log = await session.execute(text("SELECT action, before, after FROM audit_log ORDER BY id"))
    assert [tuple(row) for row in log] == [
        ("review.hide", {"is_hidden": False}, {"is_hidden": True}),
        ("review.undo", {"is_hidden": True}, {"is_hidden": False}),
    ]


async def test_approved_review_waits_no_longer(session: AsyncSession) -> None:
    product = await make_product(session)
    review_id = await make_review(session, product.id)

    await review_moderation.approve(session, review_id, Actor())

    assert await counts(session) == ["All 1", "To check 0", "Shown 1", "Hidden 0"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301], ids=["none", "spaces", "too-long"])
async def test_review_is_not_hidden_without_a_reason(session: AsyncSession, reason: str) -> None:
    review_id = await make_review(session, (await make_product(session)).id)

    with pytest.raises(InvalidInputError):
        await review_moderation.hide(session, review_id, reason, Actor())

    assert (await counts(session))[3] == "Hidden 0"


async def test_review_that_is_gone_cannot_be_decided(session: AsyncSession) -> None:
    with pytest.raises(ReviewNotFoundError):
        await review_moderation.approve(session, new_id(), Actor())


@pytest.mark.parametrize("sort", ["-written", "rating"])
async def test_pages_cost_the_same_however_many_reviews(session: AsyncSession, sort: str) -> None:
    product = await make_product(session)
    for number in range(55):
        await make_review(session, product.id, rating=number % 5 + 1)

    with counted_statements(session) as statements:
        page = await review_moderation.list_reviews(session, parse_table(REVIEWS, [("sort", sort)]), None)

    assert len(statements) <= 3
    assert len(page.lines) == 50
    assert page.table.next_url


async def test_undo_leaves_what_somebody_else_has_decided_since(session: AsyncSession) -> None:
    ana, ben = await make_user(session, role=Role.ADMIN), await make_user(session, role=Role.ADMIN)
    review_id = await make_review(session, (await make_product(session)).id)
    way_back = await review_moderation.approve(session, review_id, Actor(ana.id))
    await review_moderation.hide(session, review_id, "Names a person", Actor(ben.id))

    with pytest.raises(ConflictError):
        await review_moderation.take_back(session, way_back, Actor(ana.id))

    assert await counts(session) == ["All 1", "To check 0", "Shown 0", "Hidden 1"]
