"""Changes in the database, told to the open pages that show what changed.

Triggers send a NOTIFY in the transaction that changes something, whichever process that is. Each process listens once
and wakes those of its own tabs that watch. A notice carries ids only; who is woken reads the rest with its own rights.
"""

import asyncio
import contextvars
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from shophub.db import listen

CHANNEL = "shophub_live"
# Of so many topics the last notice is remembered, for pages that are being read when it comes.
MAX_HEARD = 20_000
T = TypeVar("T")


@dataclass(frozen=True)
class Notice:
    """What changed: ``checkout``, ``order``, ``product``, ``variant`` or ``settings``, and which one.

    ``catalog`` (which one is left empty) is for whatever else pages show of the catalog, such as names of categories.
    """

    kind: str
    id: str
    product_id: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that this notice belongs to: its thing's, a variant's product's, and any order's."""
        own = f"{self.kind}:{self.id}"
        if self.kind == "order":
            return (own, "order:*")
        return (own, f"product:{self.product_id}") if self.product_id else (own,)


def _nothing_more(_tab: str, _notice: Notice) -> None:
    """Leave it at waking."""


class Watchers:
    """Which tabs watch what, in this process. Each part of a page watches for itself, under its own name.

    What a page watches is known once it has been read. So that no change between the two is lost, the latest notices
    are remembered, and who says since when it has been reading is told of those that it was too late for.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._watching: dict[str, dict[str, frozenset[str]]] = {}
        self._tabs: dict[str, set[str]] = defaultdict(set)
        # By topic the last notice and its number, the oldest first; what came up to ``_forgotten`` is not known.
        self._heard: dict[str, tuple[int, Notice]] = {}
        self._count = 0
        self._forgotten = 0
        self._tell: Callable[[str, Notice], None] = _nothing_more

    def watch(self, tab: str, part: str, *topics: str, since: int | None = None) -> None:
        """Let a tab be woken for these topics, and no longer for those that this part of it watched before.

        ``since`` is ``now`` as it was before what the tab shows was read: it is told of what it has missed.
        """
        before = self._topics_of(tab)
        self._watching.setdefault(tab, {})[part] = frozenset(topics)
        after = self._topics_of(tab)
        self._move(tab, before, after)
        if since is not None:
            for notice in dict.fromkeys(self._missed(after - before, since)):
                self._tell(tab, notice)

    @property
    def now(self) -> int:
        """Return how many notices have come."""
        return self._count

    def hear(self, notice: Notice | None) -> None:
        """Remember a notice; None stands for all that may have been missed without a connection."""
        self._count += 1
        if notice is None:
            self._heard.clear()
            self._forgotten = self._count
            return
        for topic in notice.topics:
            self._heard.pop(topic, None)
            self._heard[topic] = (self._count, notice)
        while len(self._heard) > MAX_HEARD:
            self._forgotten, _ = self._heard.pop(next(iter(self._heard)))

    def tell_by(self, tell: Callable[[str, Notice], None] | None) -> None:
        """Have tabs told by ``tell`` of what they missed; by nobody from now on with None."""
        self._tell = tell or _nothing_more

    def _missed(self, topics: Collection[str], since: int) -> list[Notice]:
        if since < self._forgotten:
            return [Notice(kind, thing) for kind, _, thing in (topic.partition(":") for topic in sorted(topics))]
        heard = (self._heard.get(topic, (0, None)) for topic in sorted(topics))
        return [notice for number, notice in heard if notice is not None and number > since]

    def forget(self, tab: str) -> None:
        """Wake a tab no more: it has been closed."""
        self._move(tab, self._topics_of(tab), frozenset())
        self._watching.pop(tab, None)

    def _topics_of(self, tab: str) -> frozenset[str]:
        return frozenset().union(*self._watching.get(tab, {}).values())

    def _move(self, tab: str, before: frozenset[str], after: frozenset[str]) -> None:
        for topic in after - before:
            self._tabs[topic].add(tab)
        for topic in before - after:
            self._tabs[topic].discard(tab)
            if not self._tabs[topic]:
                del self._tabs[topic]

    def of(self, notice: Notice) -> set[str]:
        """Return the tabs that watch what a notice is about."""
        return {tab for topic in notice.topics for tab in self._tabs.get(topic, ())}

    def everything(self) -> list[tuple[str, str]]:
        """Return every topic with every tab that watches it."""
        return [(topic, tab) for topic, tabs in self._tabs.items() for tab in tabs]


class SharedReads:
    """What several woken tabs need for the same notice is read once.

    What was begun before the latest notice is not shared, so nobody gets what a notice has made untrue.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._begun: dict[Hashable, asyncio.Future[Any]] = {}

    async def read(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what ``read`` finds, or what another tab's found; ``key`` names all that it depends on.

        It must be nobody's own. What it raises is raised to all who share it.
        """
        future = self._begun.get(key)
        if future is None:
            future = self._begun[key] = asyncio.ensure_future(read())
        found: T = await asyncio.shield(future)
        return found

    def forget(self) -> None:
        """Read anew from now on: something has changed."""
        self._begun.clear()


def parse_notice(payload: str) -> Notice | None:
    """Return the notice in a payload, or None where it is not one of ours."""
    try:
        content = json.loads(payload)
        return Notice(str(content["kind"]), str(content["id"]), str(content.get("product_id", "")))
    except (ValueError, KeyError, TypeError):
        return None


def _keep_nothing(_notice: Notice | None) -> None:
    """Have nothing that a notice could make untrue."""


async def follow(
    watchers: Watchers,
    wake: Callable[[str, Notice], Awaitable[None]],
    hear: Callable[[str, Notice], None] = _nothing_more,
    heed: Callable[[Notice | None], None] = _keep_nothing,
) -> None:
    """Call ``hear(tab, notice)`` at once and ``wake(tab, notice)`` in turn for what each tab watches, for ever.

    Before either, ``heed(notice)`` is called for every notice, watched or not, so that what a process keeps is true by
    the time that tabs look; and ``heed(None)`` after each (re)connection.

    Each tab has a turn of its own: one that is busy holds up no other. A notice that comes again while it waits for its
    turn is delivered once: what is read then is the newest anyway, and a variant that sells a hundred times a second
    must not keep others waiting. After a lost connection every watched topic is announced once, because notices may
    have been missed.
    """
    waiting: dict[str, dict[Notice, None]] = {}
    own = contextvars.copy_context()  # also for what is begun on behalf of an event

    async def deliver(tab: str) -> None:
        while waiting[tab]:
            notice = next(iter(waiting[tab]))
            del waiting[tab][notice]
            await wake(tab, notice)
        del waiting[tab]

    async with asyncio.TaskGroup() as tasks:

        def tell(tab: str, notice: Notice) -> None:
            hear(tab, notice)
            if tab not in waiting:
                waiting[tab] = {}
                tasks.create_task(deliver(tab), context=own.copy())
            waiting[tab][notice] = None

        watchers.tell_by(tell)
        try:
            async for payload in listen(CHANNEL):
                notice = None if payload is None else parse_notice(payload)
                if payload is None or notice is not None:
                    watchers.hear(notice)
                heed(notice)
                for tab, told in _for_tabs(watchers, payload):
                    tell(tab, told)
        finally:
            watchers.tell_by(None)


def _for_tabs(watchers: Watchers, payload: str | None) -> list[tuple[str, Notice]]:
    """Return which tab is to hear of what; without a payload the connection was lost for a while."""
    if payload is None:
        everything = [(topic.partition(":"), tab) for topic, tab in watchers.everything()]
        return [(tab, Notice(kind, thing)) for (kind, _, thing), tab in everything]
    notice = parse_notice(payload)
    return [] if notice is None else [(tab, notice) for tab in watchers.of(notice)]
