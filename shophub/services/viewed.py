"""What visitors looked at lately: kept in the database, for guests under the hash of their cookie."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.repositories import rails
from shophub.schemas.accounts import Visitor
from shophub.schemas.catalog import CardView
from shophub.services import stores
from shophub.services.views.cards import card_view

RAIL_LENGTH = 12


async def note(session: AsyncSession, visitor: Visitor, product_id: UUID) -> None:
    """Note that a visitor looks at a product; who has neither account nor cookie is not remembered."""
    viewer = _viewer(visitor)
    if viewer is not None:
        await rails.note_viewed(session, viewer, product_id, utc_now())


async def list_recent(session: AsyncSession, visitor: Visitor, *, but: UUID | None = None) -> tuple[CardView, ...]:
    """Return at most 12 products that a visitor looked at, the last first, without ``but``. Two statements."""
    viewer = _viewer(visitor)
    if viewer is None:
        return ()
    store, now = await stores.get_store(session), utc_now()
    return tuple(card_view(row, store, now) for row in await rails.list_viewed(session, viewer, but, RAIL_LENGTH))


async def adopt(session: AsyncSession, guest_token: str, user_id: UUID) -> None:
    """Make what somebody looked at as a guest their account's: they have just signed in."""
    await rails.adopt_viewed(session, token_hash(guest_token), user_id)


def _viewer(visitor: Visitor) -> UUID | str | None:
    if visitor.user is not None:
        return visitor.user.id
    return token_hash(visitor.guest_token) if visitor.guest_token else None
