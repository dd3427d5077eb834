"""Keeps cards on open pages true: prices and stock of listings and rails follow what is committed anywhere."""

from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.schemas.catalog import CardView
from shophub.services import cards
from shophub.services.live import Notice
from shophub.state import live

Cards = tuple[CardView, ...]


SETTINGS_KIND = "settings"
SETTINGS = f"{SETTINGS_KIND}:1"


def watch_page(state: rx.State, *rows: Cards, topics: tuple[str, ...] = ()) -> None:
    """Have the tab woken for these products' cards, ``topics`` and the store's settings.

    That takes the place of what the page before it watched.
    """
    beside = dict.fromkeys(f"product:{card.id}" for row in rows for card in row)
    live.watch(state, SETTINGS, *topics, *beside, part="page")


def shows(state: rx.State, path: str) -> bool:
    """Return whether the tab still has the page at ``path`` open; it may have gone on to another."""
    return (str(state.router.url.path).rstrip("/") or "/") == path


async def refreshed(notice: Notice, *rows: Cards) -> tuple[Cards, ...] | None:
    """Return the rows of cards as they are after a notice, or None where it changes none of them."""
    changed = cards.product_of(notice)
    if not any(card.id == changed for row in rows for card in row):
        return None

    async def read() -> Cards:
        async with transaction() as session:
            return await cards.read(session, [UUID(changed)])

    found = cards.renewed(await live.shared(("card", changed), read), [changed], *rows)
    return None if found == rows else found


async def current(row: Cards) -> Cards:
    """Return cards as they are now, whatever has changed of them."""
    async with transaction() as session:
        (found,) = await cards.refreshed(session, [card.id for card in row], row)
    return found
