"""Visits to the shop, from the first page to the order, without who it was.

A visit is one browser with no pause of thirty minutes. It is counted when a page of the shop has become live: that
takes a browser that runs scripts and has the guest's cookie, so whoever only fetches pages is in no figure. What calls
itself a program is not counted, and neither are those who run the shop. Kept in memory and written every few seconds in
one batch: no page waits for it, and none asks the database for it.
"""

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import UUID

import structlog

from shophub.db import AsyncSession, transaction
from shophub.domain.permissions import STAFF
from shophub.domain.visits import PAUSE, Step, is_persons, is_shop_page
from shophub.errors import ShopHubError
from shophub.lib.clock import utc_now
from shophub.lib.network import household
from shophub.repositories import visits
from shophub.repositories.visits import VisitRow
from shophub.schemas.accounts import Visitor
from shophub.settings import get_settings

log = structlog.get_logger(__name__)
WRITE_SECONDS = 2.0
# So long after somebody was at a checkout it is asked every few seconds whether that has become an order.
AT_CHECKOUT = timedelta(minutes=10)
# A page that is opened within this time of the last one changes nothing, unless it is a step.
QUIET = timedelta(minutes=1)
MAX_KNOWN = 20_000
MAX_WAITING = 5_000
MAX_HOUSEHOLDS = 20_000
# So many visits may begin within a pause from one network address: offices share one, a script has thousands.
MAX_OF_HOUSEHOLD = 200


@dataclass(frozen=True)
class _Seen:
    """What this process has heard of a browser since it last wrote; ``began_at`` is None where nothing is to write."""

    step: Step
    last_at: datetime
    written_at: datetime | None = None
    began_at: datetime | None = None
    checkout_id: UUID | None = None


class VisitBook:
    """What one process has heard of visits and not written yet. Bounded: what is too much is not counted."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = Lock()
        self._known: OrderedDict[str, _Seen] = OrderedDict()
        self._waiting: set[str] = set()
        self._households: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self.at_checkout_until: datetime | None = None

    def begin(self, token: str, network_address: str, now: datetime) -> None:
        """Note that a browser has opened a page of the shop."""
        with self._lock:
            seen = self._known.get(token)
            if seen is None or now - seen.last_at > PAUSE:
                if not self._may_begin(household(network_address), now):
                    return
                if seen is not None and token in self._waiting:
                    return  # the database has been away for longer than a pause
                seen = _Seen(Step.VISIT, now)
                self._note(token, replace(seen, began_at=now))
            elif seen.written_at is None or now - seen.written_at > QUIET:
                self._note(token, replace(seen, last_at=now, began_at=seen.began_at or now))
            else:
                self._known[token] = replace(seen, last_at=now)
                self._known.move_to_end(token)

    def reach(self, token: str, step: Step, now: datetime, checkout_id: UUID | None = None) -> None:
        """Note how far a browser came that has opened a page before; of others nothing is noted."""
        with self._lock:
            seen = self._known.get(token)
            if seen is None:
                return
            is_over = now - seen.last_at > PAUSE
            before = Step.VISIT if is_over else seen.step
            if checkout_id is None and not is_over and step <= before:
                return
            self._note(
                token,
                replace(
                    seen,
                    step=max(step, before),
                    last_at=now,
                    began_at=seen.began_at or now,
                    checkout_id=checkout_id or seen.checkout_id,
                ),
            )
            if step >= Step.CHECKOUT:
                self.at_checkout_until = now + AT_CHECKOUT

    def take(self) -> list[tuple[str, _Seen]]:
        """Return what is to be written; from now on it counts as written."""
        with self._lock:
            taken = [(token, self._known[token]) for token in self._waiting if token in self._known]
            self._waiting.clear()
            for token, seen in taken:
                self._known[token] = replace(seen, written_at=seen.last_at, began_at=None, checkout_id=None)
            return taken

    def put_back(self, taken: list[tuple[str, _Seen]]) -> None:
        """Have it written the next time: it could not be."""
        with self._lock:
            for token, seen in taken:
                now = self._known.get(token, seen)
                self._note(
                    token,
                    replace(
                        now,
                        step=max(now.step, seen.step),
                        began_at=seen.began_at,
                        checkout_id=now.checkout_id or seen.checkout_id,
                    ),
                )

    def _note(self, token: str, seen: _Seen) -> None:
        if token not in self._waiting and len(self._waiting) >= MAX_WAITING:
            return
        self._known[token] = seen
        self._known.move_to_end(token)
        self._waiting.add(token)
        while len(self._known) > MAX_KNOWN:
            forgotten, _ = self._known.popitem(last=False)
            self._waiting.discard(forgotten)

    def _may_begin(self, where: str, now: datetime) -> bool:
        since, count = self._households.pop(where, (now, 0))
        if now - since > PAUSE:
            since, count = now, 0
        self._households[where] = since, count + 1
        while len(self._households) > MAX_HOUSEHOLDS:
            self._households.popitem(last=False)
        return count < MAX_OF_HOUSEHOLD


book = VisitBook()


def begin(visitor: Visitor, *, path: str, user_agent: str, network_address: str) -> None:
    """Note that somebody has a page of the shop open. Asks no database."""
    is_staff = visitor.user is not None and visitor.user.role in STAFF
    if visitor.guest_token and not is_staff and is_shop_page(path) and is_persons(user_agent):
        book.begin(visitor.guest_token, network_address, utc_now())


def reach(guest_token: str | None, step: Step, checkout_id: UUID | None = None) -> None:
    """Note how far a visit came that has begun. Asks no database."""
    if guest_token:
        book.reach(guest_token, step, utc_now(), checkout_id)


def hash_of(guest_token: str, day: date) -> str:
    """Return what a browser is known by on one day: nothing leads from it to the cookie, nor to another day's."""
    secret = get_settings().auth_secret.get_secret_value()
    return hmac.new(secret.encode(), f"visit\n{day}\n{guest_token}".encode(), hashlib.sha256).hexdigest()[:32]


async def write(session: AsyncSession, taken: list[tuple[str, _Seen]]) -> None:
    """Write what was heard, and which checkouts have become orders. Three statements, however much it is."""
    rows = []
    for token, seen in taken:
        began_at = seen.began_at or seen.last_at
        day = began_at.date()
        rows.append(
            VisitRow(
                hash_of(token, day),
                hash_of(token, day - timedelta(days=1)),
                began_at,
                seen.last_at,
                seen.step,
                seen.checkout_id,
            )
        )
    if rows:
        await visits.save(session, rows)
    await visits.settle(session)


async def settle(session: AsyncSession) -> None:
    """Note which visits came to an order. One statement."""
    await visits.settle(session)


async def flush(heard: VisitBook, now: datetime) -> None:
    """Write what a book holds; what cannot be written now stays in it."""
    taken = heard.take()
    is_at_checkout = heard.at_checkout_until is not None and now < heard.at_checkout_until
    if not taken and not is_at_checkout:
        return
    is_written = False
    try:
        async with transaction() as session:
            await write(session, taken)
        is_written = True
    except ShopHubError:
        log.warning("visits_not_written", count=len(taken))
    finally:
        if not is_written:
            heard.put_back(taken)


@asynccontextmanager
async def writing() -> AsyncIterator[None]:
    """Write what this process hears inside the block, every few seconds and at the end."""

    async def keep_writing() -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await flush(book, utc_now())

    task = asyncio.create_task(keep_writing())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await flush(book, utc_now())
