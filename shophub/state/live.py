"""Wakes the open pages that show what has just changed in the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import anyio
import reflex as rx
import structlog

from shophub.services.live import Notice, SharedReads, Watchers, follow

log = structlog.get_logger(__name__)
watchers = Watchers()

# Per kind of thing: which state shows it, and its method that reads it again (underscored: not for browsers).
_refreshers: dict[str, list[tuple[type[rx.State], Callable[[Any, Notice], Awaitable[None]]]]] = {}

# What happens to each tab that watches a thing of this kind, beside what it shows; not held up by what the tab does.
Reaction = Callable[[rx.App, str], Awaitable[None]]
_reactions: dict[str, list[Reaction]] = {}

# How many notices had come when the present event began: whatever it has read since may be older than the next one.
_began: ContextVar[int | None] = ContextVar("began", default=None)

# Tabs that read the same for one notice read it once: `await live.shared(key, read)`.
_reads = SharedReads()
shared = _reads.read

# Many tabs may show what has changed. So many read it at a time; one that waits for its busy tab is not counted.
_reading = anyio.Semaphore(8)


def reacts(kind: str, reaction: Reaction) -> None:
    """Have ``reaction`` called for each tab that watches a thing of this kind when the thing changes."""
    _reactions.setdefault(kind, []).append(reaction)


def refreshes(kind: str, state: type[rx.State], method: Callable[[Any, Notice], Awaitable[None]]) -> None:
    """Have ``method`` called on the state of each tab that watches a thing of this kind when the thing changes."""
    _refreshers.setdefault(kind, []).append((state, method))


def begin() -> None:
    """Note that an event begins: nothing that it shows has been read yet."""
    _began.set(watchers.now)


def watch(state: rx.State, *topics: str, part: str = "") -> None:
    """Let the tab of this event be woken for ``topics`` (``kind:id``), in place of what this state watched before.

    States that share a ``part`` take each other's place: of two pages a tab shows one. What has changed since the event
    began, and so perhaps after it was read, wakes the tab as soon as the event is over.
    """
    watchers.watch(state.router.session.client_token, part or type(state).__name__, *topics, since=_began.get())


async def _refresh(state: rx.State, method: Callable[[Any, Notice], Awaitable[None]], notice: Notice) -> None:
    try:
        await method(state, notice)
    except Exception:  # one part's trouble is not the page's
        log.exception("live_refresh_failed", kind=notice.kind)


def follower(app: rx.App, heed: Callable[[Notice | None], None]) -> Callable[[], Any]:
    """Return the lifespan task that listens for as long as the process runs; ``heed`` is called with each notice."""

    async def wake(tab: str, notice: Notice) -> None:
        connections = app.event_namespace
        if connections is None or tab not in connections.token_to_sid:
            watchers.forget(tab)
            return
        try:
            # All that shows it in one turn and one message.
            async with app.modify_state(rx.BaseStateToken(ident=tab, cls=rx.State)) as root, _reading:
                begin()
                for state_class, method in _refreshers.get(notice.kind, ()):
                    await _refresh(await root.get_state(state_class), method, notice)
        except Exception:  # one tab's trouble is not the others'
            log.exception("live_refresh_failed", kind=notice.kind)

    async def react(reaction: Reaction, tab: str, kind: str) -> None:
        try:
            await reaction(app, tab)
        except Exception:  # one tab's trouble is not the others'
            log.exception("live_reaction_failed", kind=kind)

    def forget_and_heed(notice: Notice | None) -> None:
        _reads.forget()
        heed(notice)

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:

            def hear(tab: str, notice: Notice) -> None:
                for reaction in _reactions.get(notice.kind, ()):
                    tasks.start_soon(react, reaction, tab, notice.kind)

            tasks.start_soon(follow, watchers, wake, hear, forget_and_heed)
            yield
            tasks.cancel_scope.cancel()

    return run
