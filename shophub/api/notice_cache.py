"""Finished answers, kept for a few seconds: they are the same for everybody.

The database says what changed, whichever process changed it: an answer goes as soon as something in it has. Its age is
what ends it where the line to the database is broken, and what counts for things of which no notice is sent: how often
something was sold, the day on which a parcel arrives.
"""

import time
from typing import Generic, Protocol, TypeVar

from shophub.services.live import Notice

LIFETIME_SECONDS = 5.0
MAX_ANSWERS = 1_000
# What they take in all: anybody can ask for addresses that nobody else does.
MAX_BYTES = 16 * 1024 * 1024
# Addresses are kept too; nobody who wants to buy something sends longer ones.
MAX_ADDRESS = 2_000
# So many products are remembered as changed; an answer that was begun before the oldest of them is not kept.
MAX_CHANGES = 10_000
# Changes of these may show in any answer: a name in a menu, a price in an order, a currency.
EVERYWHERE = frozenset({"catalog", "settings"})
# Stands among an answer's products where another product's review could change it: in an order by rating.
ANY_PRODUCT = "*"


class Keepable(Protocol):
    """What is kept: until when, of which products it tells (their ids), and how many bytes it takes."""

    @property
    def kept_until(self) -> float:
        """Return when it is too old, on the monotonic clock."""

    @property
    def products(self) -> frozenset[str]:
        """Return the ids of the products whose changes end it."""

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""


Kept = TypeVar("Kept", bound=Keepable)


class NoticeCache(Generic[Kept]):
    """Answers by address. Dropped by age, by what changed, and the oldest when there are too many."""

    def __init__(self, max_changes: int = MAX_CHANGES, max_bytes: int = MAX_BYTES) -> None:
        """Start empty."""
        self._max_changes = max_changes
        self._max_bytes = max_bytes
        self._kept: dict[str, Kept] = {}
        self._bytes = 0
        self._moment = 0
        self._cleared_at = 0
        self._changed_at: dict[str, int] = {}

    @property
    def moment(self) -> int:
        """Return how far the changes have come; an answer that is being made belongs to the moment of its beginning."""
        return self._moment

    def find(self, address: str) -> Kept | None:
        """Return the answer unless it is too old."""
        answer = self._kept.get(address)
        if answer is None or answer.kept_until < time.monotonic():
            return None
        return answer

    def keep(self, address: str, answer: Kept, since: int) -> None:
        """Keep an answer that was begun at the moment ``since``, unless what it tells of has changed meanwhile."""
        if len(address) > MAX_ADDRESS:
            return
        if self._cleared_at > since or any(self._changed_at.get(one, 0) > since for one in answer.products):
            return
        self._drop(address)
        self._kept[address] = answer
        self._bytes += answer.size
        while len(self._kept) > MAX_ANSWERS or self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, address: str) -> None:
        answer = self._kept.pop(address, None)
        if answer is not None:
            self._bytes -= answer.size

    def hear(self, notice: Notice | None) -> None:
        """Drop what a notice makes untrue; without one, notices may have been missed, and everything goes."""
        if notice is None or notice.kind in EVERYWHERE:
            self.clear()
            return
        changed = notice.id if notice.kind == "product" else notice.product_id
        if changed:
            self._moment += 1
            self._forget({changed, ANY_PRODUCT} if notice.kind == "product" else {changed})

    def _forget(self, changed: set[str]) -> None:
        """Drop what tells of these products, also what is being made."""
        for one in changed:
            self._changed_at.pop(one, None)
            self._changed_at[one] = self._moment
        while len(self._changed_at) > self._max_changes:
            self._cleared_at = self._changed_at.pop(next(iter(self._changed_at)))
        for address in [address for address, answer in self._kept.items() if not changed.isdisjoint(answer.products)]:
            self._drop(address)

    def clear(self) -> None:
        """Forget all answers, also those that are being made."""
        self._moment += 1
        self._cleared_at = self._moment
        self._kept.clear()
        self._bytes = 0
        self._changed_at.clear()
