"""Wakes the open pages that show what has just changed in the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import reflex as rx
import structlog

from shophub.services.live import Notice, Watchers, follow

log = structlog.get_logger(__name__)
watchers = Watchers()

# Per kind of thing: which state shows it, and its method that reads it again (underscored: not for browsers).
_refreshers: dict[str, list[tuple[type[rx.State], Callable[[Any, Notice], Awaitable[None]]]]] = {}

# What happens to each tab that watches a thing of this kind, beside what it shows; not held up by what the tab does.
Reaction = Callable[[rx.App, str], Awaitable[None]]
_reactions: dict[str, list[Reaction]] = {}

# Many tabs may show what has changed. So many read it at a time; one that waits for its busy tab is not counted.
_reading = anyio.Semaphore(8)


def reacts(kind: str, reaction: Reaction) -> None:
    """Have ``reaction`` called for each tab that watches a thing of this kind when the thing changes."""
    _reactions.setdefault(kind, []).append(reaction)


def refreshes(kind: str, state: type[rx.State], method: Callable[[Any, Notice], Awaitable[None]]) -> None:
    """Have ``method`` called on the state of each tab that watches a thing of this kind when the thing changes."""
    _refreshers.setdefault(kind, []).append((state, method))


def watch(state: rx.State, *topics: str) -> None:
    """Let the tab of this event be woken for ``topics`` (``kind:id``), in place of what this state watched before."""
    watchers.watch(state.router.session.client_token, type(state).__name__, *topics)


def follower(app: rx.App) -> Callable[[], Any]:
    """Return the lifespan task that listens for as long as the process runs."""

    async def wake(tab: str, notice: Notice) -> None:
        connections = app.event_namespace
        if connections is None or tab not in connections.token_to_sid:
            watchers.forget(tab)
            return
        for state_class, method in _refreshers.get(notice.kind, ()):
            try:
                token = rx.BaseStateToken(ident=tab, cls=state_class)
                async with app.modify_state(token) as root, _reading:
                    await method(await root.get_state(state_class), notice)
            except Exception:  # one tab's trouble is not the others'
                log.exception("live_refresh_failed", kind=notice.kind)

    async def react(reaction: Reaction, tab: str, kind: str) -> None:
        try:
            await reaction(app, tab)
        except Exception:  # one tab's trouble is not the others'
            log.exception("live_reaction_failed", kind=kind)

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:

            def hear(tab: str, notice: Notice) -> None:
                for reaction in _reactions.get(notice.kind, ()):
                    tasks.start_soon(react, reaction, tab, notice.kind)

            tasks.start_soon(follow, watchers, wake, hear)
            yield
            tasks.cancel_scope.cancel()

    return run
