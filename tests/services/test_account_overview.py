"""The account's first page, and how long ago an order's steps were."""

from datetime import UTC, datetime, timedelta

from shophub.db import AsyncSession
from shophub.domain.statuses import OrderStatus
from shophub.models.community import Wishlist, WishlistItem
from shophub.repositories.orders import OrderStepRow
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import account_overview
from shophub.services.views.order_timeline import OrderHistory, timeline
from tests.factories import make_address, make_order, make_product, make_user
from tests.statements import counted_statements

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


async def test_overview_shows_the_newest_order_the_first_address_and_how_much_there_is(session: AsyncSession) -> None:
    user, stranger = await make_user(session), await make_user(session)
    await make_order(session, user=user, placed_at=NOW - timedelta(days=3))
    newest = await make_order(session, user=user, placed_at=NOW)
    await make_order(session, user=stranger, placed_at=NOW + timedelta(days=1))
    await make_address(session, user, country="DE")
    await make_address(session, user, is_default=True)
    wishlist = Wishlist(user_id=user.id)
    session.add(wishlist)
    await session.flush()
    session.add(WishlistItem(wishlist_id=wishlist.id, product_id=(await make_product(session)).id, added_price_minor=1))
    await session.flush()
    view = UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True)

    with counted_statements(session) as statements:
        found = await account_overview.get_overview(session, Visitor(user=view, has_second_factor=True), view)

    assert (found.newest.number, found.order_count, found.newest.is_own) == (f"SH-{newest.number}", 2, True)
    assert (found.address_count, found.address.address.country) == (2, "US")
    assert (found.wish_count, found.has_second_factor) == (1, True)
    assert len(statements) <= 4


async def test_overview_of_a_new_account_is_empty(session: AsyncSession) -> None:
    user = await make_user(session, full_name="Nora New")
    view = UserView(user.id, user.email, user.full_name, user.role, is_email_verified=False)

    found = await account_overview.get_overview(session, Visitor(user=view), view)

    assert (found.full_name, found.order_count, found.address_count, found.wish_count) == ("Nora New", 0, 0, 0)


def test_steps_say_how_long_ago_they_were_for_a_week() -> None:
    history = OrderHistory(
        steps=(
            OrderStepRow("placed", "", NOW - timedelta(days=8)),
            OrderStepRow("paid", "", NOW - timedelta(days=6, hours=23)),
            OrderStepRow("packed", "", NOW - timedelta(hours=3)),
            OrderStepRow("shipped", "", NOW - timedelta(minutes=1)),
        )
    )

    steps = timeline(OrderStatus.SHIPPED, history, NOW)

    assert [(step.label, step.ago_text) for step in steps] == [
        ("Placed", ""),
        ("Paid", "6 days ago"),
        ("Packed", "3 hours ago"),
        ("Shipped", "1 minute ago"),
        ("Delivered", ""),
    ]
    assert [step.is_current for step in steps] == [False, False, False, True, False]
