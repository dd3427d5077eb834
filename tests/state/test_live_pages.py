"""Open pages and what changes while they are being read, or with the store's settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
import pytest
import reflex as rx

from shophub.db import transaction
from shophub.services import carts, sessions, wishlists
from shophub.services.live import CHANNEL, Notice, follow
from shophub.state import live
from shophub.state.store.cart import CartState
from shophub.state.store.home import HomeState
from shophub.state.store.information import InformationState
from shophub.state.store.product import ProductState
from shophub.state.store.recent import RecentState
from shophub.state.store.shared_wishlist import SharedWishlistState
from shophub.state.store.shell import ShellState
from shophub.state.store.wishlist import WishlistState
from tests.factories import make_product, make_user, variants_of
from tests.rows import execute
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]
Connection = psycopg.AsyncConnection[Any]

NEW_PRICE = "UPDATE variants SET price_minor = 7700"
NEW_TEXT = "INSERT INTO information_texts (page, body) VALUES ('terms', 'Be kind.')"
SETTINGS = Notice("settings", "1")


async def somebody_wishing(open_tab: OpenTab) -> tuple[Tab, str]:
    """Return a tab of somebody with a lamp on a list that is shared and in the cart; and the link's address."""
    async with transaction() as session:
        user = await make_user(session)
        product = await make_product(session, slug="lamp", name="Lamp", price_minor=5_400)
        await wishlists.add(session, user.id, product.id)
        link = await wishlists.share(session, user.id)
        token = await sessions.start(session, user.id)
        variant = (await variants_of(session, product))[0]
        tab = open_tab(f"{sessions.SESSION_COOKIE}={token}")
    await add(tab, variant.id)
    return tab, wishlists.SHARED + link.rpartition("/")[2]


async def add(tab: Tab, variant_id: UUID) -> None:
    """Put something into the tab's cart."""
    state = tab.state(CartState)
    async with transaction() as session:
        await carts.add_item(session, await state._owner(session), variant_id, 1)


@asynccontextmanager
async def connected(database: str) -> AsyncIterator[tuple[Connection, Connection]]:
    """Open one connection to change things with and one to hold others up with."""
    async with (
        await psycopg.AsyncConnection.connect(database, autocommit=True) as changing,
        await psycopg.AsyncConnection.connect(database) as holding,
    ):
        yield changing, holding


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition."""
    ends = monotonic() + 10
    while not await condition():
        assert monotonic() < ends
        await asyncio.sleep(0.02)


@asynccontextmanager
async def following(changing: Connection) -> AsyncIterator[list[str]]:
    """Listen as the running shop does; yields the tabs that are woken, as they are."""
    woken: list[str] = []

    async def wake(tab: str, _notice: Notice) -> None:
        woken.append(tab)

    async def listens() -> bool:
        await changing.execute("SELECT pg_notify(%s, %s)", (CHANNEL, '{"kind": "nothing", "id": ""}'))
        return live.watchers.now > before

    before = live.watchers.now
    task = asyncio.create_task(follow(live.watchers, wake))
    try:
        await until(listens)
        yield woken
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("state", "address", "change"),
    [
        (ProductState, "/products/lamp", NEW_PRICE),
        (HomeState, "/", NEW_PRICE),
        (WishlistState, "/wishlist", NEW_PRICE),
        (SharedWishlistState, "", NEW_PRICE),
        (ShellState, "/cart", NEW_PRICE),
        (InformationState, "/terms", NEW_TEXT),
    ],
)
async def test_what_changes_while_a_page_is_read_wakes_it(
    state: Any, address: str, change: str, open_tab: OpenTab, database: str
) -> None:
    tab, link = await somebody_wishing(open_tab)
    tab.go(address or link)
    name = tab.root.router.session.client_token

    async with connected(database) as (changing, holding), following(changing) as woken:

        async def is_held_up() -> bool:
            found = await changing.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            return await found.fetchone() is not None

        async def has_come() -> bool:
            return live.watchers.now > before

        async def is_woken() -> bool:
            return name in woken

        await holding.execute("LOCK TABLE store_settings IN ACCESS EXCLUSIVE MODE")
        reading = asyncio.create_task(run(state.load.fn(tab.state(state))))
        await until(is_held_up)
        before = live.watchers.now
        await changing.execute(change)
        await until(has_come)
        assert name not in woken
        await holding.rollback()
        await reading
        await until(is_woken)


async def settings_changed(*states: rx.State) -> None:
    """Change what all pages show of the settings, and have states told."""
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET currency = 'EUR', store_name = 'Elsewhere'")
    for state in states:
        await state._refresh(SETTINGS)  # type: ignore[attr-defined]


async def test_open_pages_follow_the_settings(open_tab: OpenTab) -> None:
    tab, link = await somebody_wishing(open_tab)
    product, recent, home = tab.state(ProductState), tab.state(RecentState), tab.state(HomeState)
    shell, cart = tab.state(ShellState), tab.state(CartState)
    own, shared = tab.state(WishlistState), tab.state(SharedWishlistState)
    tab.go("/products/lamp")
    await run(ProductState.load.fn(product))
    tab.go("/")
    await run(ShellState.load.fn(shell))
    await run(HomeState.load.fn(home))
    assert [card.price_text for card in (*home.view.new_arrivals, *recent.cards)] == ["$54.00", "$54.00"]

    await settings_changed(home, recent, shell, cart)

    assert [card.price_text for card in (*home.view.new_arrivals, *recent.cards)] == ["€54.00", "€54.00"]
    assert (shell.store_name, home.view.store_name) == ("Elsewhere", "Elsewhere")
    assert cart.cart.lines[0].total_text == "€54.00"
    tab.go("/wishlist")
    await run(WishlistState.load.fn(own))
    tab.go(link)
    await run(SharedWishlistState.load.fn(shared))
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET currency = 'GBP'")
    await shared._refresh(SETTINGS)
    assert shared.view.items[0].card.price_text == "£54.00"
    tab.go("/wishlist")
    await own._refresh(SETTINGS)
    assert own.view.items[0].card.price_text == "£54.00"
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET wishlist_enabled = false")
    await own._refresh(SETTINGS)
    tab.go(link)
    await shared._refresh(SETTINGS)
    assert (own.is_missing, shared.is_missing) == (True, True)


@pytest.mark.parametrize(
    ("state", "address"),
    [(HomeState, "/"), (WishlistState, "/wishlist"), (SharedWishlistState, ""), (ShellState, "/cart")],
)
async def test_tab_is_woken_for_settings(state: Any, address: str, open_tab: OpenTab) -> None:
    tab, link = await somebody_wishing(open_tab)
    tab.go(address or link)
    await run(state.load.fn(tab.state(state)))

    assert tab.root.router.session.client_token in live.watchers.of(SETTINGS)
    assert (state, state._refresh) in live._refreshers["settings"]
