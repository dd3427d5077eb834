"""Changes in the database, told to the open pages that show what changed.

Triggers send a NOTIFY in the transaction that changes something, whichever process that is. Each process listens once
and wakes those of its own tabs that watch. A notice carries ids only; who is woken reads the rest with its own rights.
"""

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
    """Which tabs watch what, in this process."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._tabs: dict[str, set[str]] = defaultdict(set)
        self._topics: dict[str, set[str]] = defaultdict(set)

    def watch(self, tab: str, *topics: str) -> None:
        """Let a tab be woken for these topics, and no longer for those that it watched before of the same kinds."""
        kinds = {topic.split(":", 1)[0] for topic in topics}
        for old in [topic for topic in self._topics[tab] if topic.split(":", 1)[0] in kinds]:
            self._drop(tab, old)
        for topic in topics:
            self._tabs[topic].add(tab)
            self._topics[tab].add(topic)

    def forget(self, tab: str) -> None:
        """Wake a tab no more: it has been closed."""
        for topic in list(self._topics.get(tab, ())):
            self._drop(tab, topic)
        self._topics.pop(tab, None)

    def _drop(self, tab: str, topic: str) -> None:
        self._topics[tab].discard(topic)
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


async def follow(watchers: Watchers, wake: Callable[[str, Notice], Awaitable[None]]) -> None:
    """Call ``wake(tab, notice)`` for every change that a tab watches, for ever.

    After a lost connection every watched topic is announced once, because notices may have been missed.
    """
    async for payload in listen(CHANNEL):
        if payload is None:
            for topic, tab in watchers.everything():
                kind, _, thing = topic.partition(":")
                await wake(tab, Notice(kind, thing))
            continue
        notice = parse_notice(payload)
        if notice is not None:
            for tab in watchers.of(notice):
                await wake(tab, notice)
