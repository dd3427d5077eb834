"""Changes in the database, told to the open pages that show what changed.

Triggers send a NOTIFY in the transaction that changes something, whichever process that is. Each process listens once
and wakes those of its own tabs that watch. A notice carries ids only; who is woken reads the rest with its own rights.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shophub.db import listen

CHANNEL = "shophub_live"


@dataclass(frozen=True)
class Notice:
    """What changed: ``checkout``, ``order``, ``product``, ``variant`` or ``settings``, and which one."""

    kind: str
    id: str
    product_id: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that this notice belongs to; a variant belongs to its product."""
        own = f"{self.kind}:{self.id}"
        return (own, f"product:{self.product_id}") if self.product_id else (own,)


class Watchers:
    """Which tabs watch what, in this process. Each part of a page watches for itself, under its own name."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._watching: dict[str, dict[str, frozenset[str]]] = {}
        self._tabs: dict[str, set[str]] = defaultdict(set)

    def watch(self, tab: str, part: str, *topics: str) -> None:
        """Let a tab be woken for these topics, and no longer for those that this part of it watched before."""
        before = self._topics_of(tab)
        self._watching.setdefault(tab, {})[part] = frozenset(topics)
        self._move(tab, before, self._topics_of(tab))

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


def parse_notice(payload: str) -> Notice | None:
    """Return the notice in a payload, or None where it is not one of ours."""
    try:
        content = json.loads(payload)
        return Notice(str(content["kind"]), str(content["id"]), str(content.get("product_id", "")))
    except (ValueError, KeyError, TypeError):
        return None


def _nothing_more(_tab: str, _notice: Notice) -> None:
    """Leave it at waking."""


async def follow(
    watchers: Watchers,
    wake: Callable[[str, Notice], Awaitable[None]],
    hear: Callable[[str, Notice], None] = _nothing_more,
) -> None:
    """Call ``hear(tab, notice)`` at once and ``wake(tab, notice)`` in turn for what each tab watches, for ever.

    Each tab has a turn of its own: one that is busy holds up no other. A notice that comes again while it waits for its
    turn is delivered once: what is read then is the newest anyway, and a variant that sells a hundred times a second
    must not keep others waiting. After a lost connection every watched topic is announced once, because notices may
    have been missed.
    """
    waiting: dict[str, dict[Notice, None]] = {}

    async def deliver(tab: str) -> None:
        while waiting[tab]:
            notice = next(iter(waiting[tab]))
            del waiting[tab][notice]
            await wake(tab, notice)
        del waiting[tab]

    async with asyncio.TaskGroup() as tasks:
        async for payload in listen(CHANNEL):
            for tab, notice in _for_tabs(watchers, payload):
                hear(tab, notice)
                if tab not in waiting:
                    waiting[tab] = {}
                    tasks.create_task(deliver(tab))
                waiting[tab][notice] = None


def _for_tabs(watchers: Watchers, payload: str | None) -> list[tuple[str, Notice]]:
    """Return which tab is to hear of what; without a payload the connection was lost for a while."""
    if payload is None:
        everything = [(topic.partition(":"), tab) for topic, tab in watchers.everything()]
        return [(tab, Notice(kind, thing)) for (kind, _, thing), tab in everything]
    notice = parse_notice(payload)
    return [] if notice is None else [(tab, notice) for tab in watchers.of(notice)]
