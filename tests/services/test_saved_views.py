"""Views of tables that people of the staff keep: each has their own."""

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.tables import parse_table
from shophub.services import saved_views
from shophub.services.review_moderation import REVIEWS
from tests.factories import make_user


async def test_views_are_seen_and_removed_by_their_owner_alone(session: AsyncSession) -> None:
    ana, ben = await make_user(session, role=Role.ADMIN), await make_user(session, role=Role.ADMIN)
    query = parse_table(REVIEWS, [("stars", "1")])
    ((view_id, _, parameters),) = await saved_views.save(session, ana.id, REVIEWS, "Angry", query)

    assert await saved_views.list_views(session, ben.id, REVIEWS) == []
    assert await saved_views.list_views(session, None, REVIEWS) == []
    assert await saved_views.remove(session, ben.id, view_id) == ""
    assert await saved_views.list_views(session, ana.id, REVIEWS) == [(view_id, "Angry", parameters)]
    assert await saved_views.remove(session, ana.id, view_id) == "Angry"
