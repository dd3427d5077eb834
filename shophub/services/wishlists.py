"""Wishlists: what an account wishes for, and the link that shows it to others."""

import re
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import FeatureOffError, WishlistFullError, WishlistNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_token, token_hash
from shophub.lib.money import format_money
from shophub.repositories import wishlists
from shophub.repositories.wishlists import WishDetails, WishlistRow
from shophub.schemas.catalog import CardView
from shophub.schemas.community import WishlistView, WishView
from shophub.schemas.stores import StoreView
from shophub.services import stores
from shophub.services.views.cards import card_view
from shophub.settings import get_settings

PAGE_SIZE = 24
SHARED = "/wishlist/shared/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


async def list_ids(session: AsyncSession, user_id: UUID) -> tuple[str, ...]:
    """Return the ids of the products that an account wishes for, for the hearts. One statement."""
    return tuple(str(product_id) for product_id in await wishlists.list_ids(session, user_id))


async def add(session: AsyncSession, user_id: UUID, product_id: UUID) -> tuple[str, ...]:
    """Wish for a product at its price of now, and return all wished ids; again changes nothing.

    Raises:
        FeatureOffError: The store keeps no wishlists.
        WishlistFullError: There are 500 wishes.
    """
    await require_on(session)
    wishlist_id = await wishlists.ensure(session, user_id)
    known = await wishlists.list_ids(session, user_id)
    if product_id not in known:
        if len(known) >= wishlists.MAX_ITEMS:
            raise WishlistFullError("Your wishlist is full. Take something off it first.")
        await wishlists.add(session, wishlist_id, product_id)
    return await list_ids(session, user_id)


async def remove(session: AsyncSession, user_id: UUID, product_id: UUID) -> tuple[str, ...]:
    """Wish for a product no more, and return all wished ids; again changes nothing.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    await require_on(session)
    await wishlists.remove(session, user_id, product_id)
    return await list_ids(session, user_id)


async def list_guest_ids(session: AsyncSession, guest_token: str) -> tuple[str, ...]:
    """Return the ids of the products that a guest wishes for. One statement."""
    return tuple(str(product_id) for product_id in await wishlists.list_guest_ids(session, token_hash(guest_token)))


async def add_for_guest(session: AsyncSession, guest_token: str, product_id: UUID) -> tuple[str, ...]:
    """Keep a guest's wish until they sign in, and return all they wished for; again changes nothing.

    Raises:
        FeatureOffError: The store keeps no wishlists.
        WishlistFullError: There are 100 wishes.
    """
    await require_on(session)
    guest = token_hash(guest_token)
    await wishlists.lock_guest(session, guest)
    known = await wishlists.list_guest_ids(session, guest)
    if product_id not in known:
        if len(known) >= wishlists.MAX_OF_GUEST:
            raise WishlistFullError("That is a long list. Sign in to keep it and to add more.")
        await wishlists.add_for_guest(session, guest, product_id)
    return await list_guest_ids(session, guest_token)


async def remove_for_guest(session: AsyncSession, guest_token: str, product_id: UUID) -> tuple[str, ...]:
    """Have a guest wish for a product no more, and return all they wish for; again changes nothing.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    await require_on(session)
    await wishlists.remove_for_guest(session, token_hash(guest_token), product_id)
    return await list_guest_ids(session, guest_token)


async def adopt(session: AsyncSession, guest_token: str, user_id: UUID) -> None:
    """Put what somebody wished for as a guest onto their account's list, as far as it has room.

    They have just signed in. One statement where there is nothing.
    """
    guest = token_hash(guest_token)
    if await wishlists.list_guest_ids(session, guest):
        await wishlists.adopt(session, guest, await wishlists.ensure(session, user_id))


async def get_own(session: AsyncSession, user_id: UUID, *, pages: int = 1) -> WishlistView:
    """Return an account's own list, the newest wishes first, from the first page to the ``pages``-th.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    store = await require_on(session)
    row = await wishlists.find_own(session, user_id)
    return await _view(session, row, store, pages) if row else WishlistView()


async def get_shared(session: AsyncSession, token: str, *, pages: int = 1) -> WishlistView:
    """Return the list that a link shows, with its owner's first name only.

    Raises:
        WishlistNotFoundError: Not shared, not any more, or the store keeps no wishlists.
    """
    missing = WishlistNotFoundError("Nobody shares a wishlist under this link.")
    store = await stores.get_store(session)
    if not store.wishlist_enabled or not _TOKEN.fullmatch(token):
        raise missing
    row = await wishlists.find_shared(session, token)
    if row is None:
        raise missing
    return await _view(session, row, store, pages)


async def share(session: AsyncSession, user_id: UUID) -> str:
    """Share the account's list and return the link's address; a list that is shared keeps its link.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    await require_on(session)
    await wishlists.ensure(session, user_id)
    return _share_url(await wishlists.set_share_token(session, user_id, new_token()))


async def unshare(session: AsyncSession, user_id: UUID) -> None:
    """Take the link back: it opens nothing from now on, and the next one is another.

    Raises:
        FeatureOffError: The store keeps no wishlists.
    """
    await require_on(session)
    await wishlists.set_share_token(session, user_id, None)


async def require_on(session: AsyncSession) -> StoreView:
    """Return the store, which keeps wishlists.

    Raises:
        FeatureOffError: It does not.
    """
    store = await stores.get_store(session)
    if not store.wishlist_enabled:
        raise FeatureOffError("This store keeps no wishlists.")
    return store


async def _view(session: AsyncSession, row: WishlistRow, store: StoreView, pages: int) -> WishlistView:
    limit = PAGE_SIZE * max(1, min(pages, wishlists.MAX_ITEMS // PAGE_SIZE + 1))
    total = await wishlists.count_items(session, row.id)
    cards = await wishlists.list_cards(session, row.id, limit)
    details = await wishlists.list_details(session, row.id, [card.id for card in cards])
    now = utc_now()
    items = tuple(_wish(card_view(card, store, now), details.get(card.id), store) for card in cards)
    word = "product" if total == 1 else "products"
    return WishlistView(
        owner=row.owner_name.split()[0],
        items=items,
        total=total,
        shown_text=f"Showing {len(items)} of {total} {word}" if len(items) < total else f"{total} {word}",
        more=min(PAGE_SIZE, total - len(items)),
        share_url=_share_url(row.share_token),
    )


def _wish(card: CardView, details: WishDetails | None, store: StoreView) -> WishView:
    if details is None:
        return WishView(card)
    drop_minor = details.added_price_minor - details.price_from_minor
    return WishView(
        card,
        drop_text=f"{format_money(drop_minor, store.currency)} less than when you added it" if drop_minor > 0 else "",
        variant_id=str(details.variant_id or ""),
        needs_choice=details.needs_choice and card.is_available,
    )


def _share_url(token: str | None) -> str:
    return f"{get_settings().public_url}{SHARED}{token}" if token else ""
