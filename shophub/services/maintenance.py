"""Maintenance: the shop is closed to all but the staff, in every process, within moments of being saved."""

import asyncio
import time
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from shophub.db import AsyncSession, Database, get_database, transaction
from shophub.domain.permissions import STAFF
from shophub.errors import UnavailableError
from shophub.repositories import stores
from shophub.schemas.accounts import Visitor
from shophub.schemas.stores import StoreView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.authorisation import role_of
from shophub.services.stores import store_view

# How long what was read is good for: half of the two seconds in which a saved setting has to show.
LIFETIME_SECONDS = 1.0
# A database that is slow to answer holds nobody up for longer than this, once something is known.
PATIENCE_SECONDS = 0.5
RETRY_AFTER_SECONDS = 120
DEFAULT_MESSAGE = "We are making a few improvements and will be back soon."


@dataclass
class _Kept:
    """What a process knows of the settings, and since when."""

    store: StoreView | None = None
    read_at: float = float("-inf")
    reading: asyncio.Task[None] | None = field(default=None, repr=False)

    async def read(self) -> None:
        try:
            async with transaction() as session:
                self.store = store_view(await stores.get_store(session))
        except UnavailableError:  # what was known holds until the database is back
            pass
        finally:
            self.read_at = time.monotonic()


_kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()


async def find_closed() -> StoreView | None:
    """Return the store where it is closed for maintenance, None where it is open. At most one statement a second.

    With the database out of reach the last known answer holds; without one the shop is open, and says what is wrong.
    """
    kept = _kept.setdefault(get_database(), _Kept())
    if time.monotonic() - kept.read_at >= LIFETIME_SECONDS:
        if kept.reading is None or kept.reading.done():
            kept.reading = asyncio.create_task(kept.read())
        await asyncio.wait({kept.reading}, timeout=None if kept.store is None else PATIENCE_SECONDS)
    return kept.store if kept.store is not None and kept.store.maintenance_enabled else None


def last_known() -> StoreView | None:
    """Return the store as it was read last, however long ago, without asking; None where it never was."""
    kept = _kept.get(get_database())
    return kept.store if kept is not None else None


def may_enter(visitor: Visitor) -> bool:
    """Return whether the shop is open to a visitor during maintenance: to those who work here."""
    return role_of(visitor) in STAFF


def message_of(store: StoreView) -> str:
    """Return what is said to everybody else."""
    return store.maintenance_message.strip() or DEFAULT_MESSAGE


async def switch(session: AsyncSession, actor: Actor, *, is_enabled: bool, message: str | None = None) -> None:
    """Close or open the shop; without a ``message`` the one that was saved before stays."""
    before = await stores.get_store(session)
    await stores.set_maintenance(session, is_enabled, before.maintenance_message if message is None else message)
    await audit.record(
        session,
        actor,
        "settings.maintenance",
        target="settings",
        before={"maintenance_enabled": before.maintenance_enabled},
        after={"maintenance_enabled": is_enabled},
    )
