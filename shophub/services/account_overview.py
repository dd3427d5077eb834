"""The first page of an account: the newest order, and what there is besides."""

from shophub.db import AsyncSession
from shophub.repositories import address_book, orders, wishlists
from shophub.schemas.account_area import AccountOverview
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.checkouts import SavedAddressView
from shophub.schemas.orders import OrderView
from shophub.services.views.checkouts import saved_address_view
from shophub.services.views.orders import order_view


async def get_overview(session: AsyncSession, visitor: Visitor, user: UserView) -> AccountOverview:
    """Return what the account's first page shows. Four statements at most."""
    rows, order_count = await orders.list_own(session, user.id, limit=1, offset=0)
    lines = await orders.list_lines(session, [row.id for row in rows]) if rows else {}
    saved = await address_book.list_addresses(session, user.id)
    return AccountOverview(
        full_name=user.full_name,
        email=user.email,
        order_count=order_count,
        newest=order_view(rows[0], lines[rows[0].id], is_own=True) if rows else OrderView(),
        address_count=len(saved),
        address=saved_address_view(saved[0]) if saved else SavedAddressView(),
        wish_count=len(await wishlists.list_ids(session, user.id)),
        has_second_factor=visitor.has_second_factor,
    )
