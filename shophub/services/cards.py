"""Cards of open pages, read again when something about their products may have changed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import rails
from shophub.schemas.catalog import CardView
from shophub.services import stores
from shophub.services.live import Notice
from shophub.services.views.cards import card_view

Cards = tuple[CardView, ...]


def product_of(notice: Notice) -> str:
    """Return the id of the product that a notice is about, if any."""
    return notice.product_id or (notice.id if notice.kind == "product" else "")


async def refreshed(session: AsyncSession, product_ids: Collection[str], *rows: Cards) -> tuple[Cards, ...]:
    """Return rows of cards with those of some products as they are now. Two statements, none where it is about none.

    A card of what has been taken off sale stays, so that nothing jumps away under a finger, and says so.
    """
    asked = {card.id for row in rows for card in row}.intersection(product_ids)
    if not asked:
        return rows
    return renewed(await read(session, [UUID(one) for one in asked]), asked, *rows)


def renewed(found: Cards, product_ids: Collection[str], *rows: Cards) -> tuple[Cards, ...]:
    """Return rows of cards with those of some products replaced by what was ``found`` of them."""
    new = {card.id: card for card in found}
    return tuple(tuple(_new(card, new) if card.id in product_ids else card for card in row) for row in rows)


async def read(session: AsyncSession, ids: Sequence[UUID]) -> Cards:
    """Return the visible products among ``ids`` as cards, in their order. Two statements."""
    store, now = await stores.get_store(session), utc_now()
    return tuple(card_view(row, store, now) for row in await rails.list_cards(session, ids))


def _new(card: CardView, found: dict[str, CardView]) -> CardView:
    new = found.get(card.id)
    if new is None:
        return replace(card, stock_note="No longer sold", is_available=False)
    # What a search marked in the name is the listing's own.
    return replace(new, name_parts=card.name_parts) if new.name == card.name else new
