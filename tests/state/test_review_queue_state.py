"""The queue of reviews as tabs of different people meet it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.ids import new_id
from shophub.schemas.review_pages import ReviewLine
from shophub.services import sessions
from shophub.state.admin.reviews import ReviewQueueState
from tests.factories import make_product, make_user
from tests.rows import rows
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]


async def review() -> str:
    """Return the id of somebody's review."""
    review_id = new_id()
    async with transaction() as session:
        product, author = await make_product(session), await make_user(session)
        await session.execute(
            text("""INSERT INTO reviews (id, product_id, user_id, author_name, rating, comment)
                VALUES (:id, :product, :author, 'Ada S.', 2, 'Wobbly lamp')"""),
            {"id": review_id, "product": product.id, "author": author.id},
        )
    return str(review_id)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_only_the_staff_hides_reviews(open_tab: OpenTab, role: Role) -> None:
    review_id = await review()
    async with transaction() as session:
        tab = open_tab(f"shophub_session={await sessions.start(session, (await make_user(session, role=role)).id)}")
    tab.go("/admin/reviews")
    page = tab.state(ReviewQueueState)
    page.chosen = ReviewLine(id=review_id, author="Ada S.")

    await run(ReviewQueueState.hide.fn(page, {"reason": "Names a person"}))
    hidden = await rows("SELECT is_hidden, hidden_reason FROM reviews")
    await run(ReviewQueueState.undo.fn(page))

    assert hidden == [(True, "Names a person") if role is Role.ADMIN else (False, None)]
    assert await rows("SELECT is_hidden, hidden_reason FROM reviews") == [(False, None)]
    assert len(await rows("SELECT 1 FROM audit_log")) == (2 if role is Role.ADMIN else 0)
