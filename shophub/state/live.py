"""From a change in the database to the open tab that shows it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx
import structlog

from shophub.services.live import Notice, Watchers, follow

log = structlog.get_logger(__name__)

watchers = Watchers()
Refresh = Callable[[Any, Notice], Awaitable[None]]
_refreshes: dict[str, tuple[type[rx.State], Refresh]] = {}


def watch(state: rx.State, *topics: str) -> None:
    """Have this tab refreshed when one of ``topics`` (such as ``product:<id>``) changes."""
    watchers.watch(state.router.session.client_token, *topics)


def refresh_on(kind: str, state: type[rx.State], refresh: Refresh) -> None:
    """Say what a tab does when something of ``kind`` that it watches changes."""
    _refreshes[kind] = (state, refresh)


async def live_updates(app: rx.App) -> None:
    """Follow the database's notices for as long as the process runs."""

    async def wake(tab: str, notice: Notice) -> None:
        if app.event_namespace is None or tab not in app.event_namespace.token_to_sid:
            watchers.forget(tab)
            return
        for kind in {topic.partition(":")[0] for topic in notice.topics}:
            found = _refreshes.get(kind)
            if found is not None:
                await _refresh(app, tab, notice, *found)

    await follow(watchers, wake)


async def _refresh(app: rx.App, tab: str, notice: Notice, cls: type[rx.State], refresh: Refresh) -> None:
    try:
        async with app.modify_state(rx.BaseStateToken(ident=tab, cls=cls)) as root:
            await refresh(await root.get_state(cls), notice)
    except asyncio.CancelledError:
        raise
    except Exception:  # one tab's trouble must not end the updates of all others; it is logged with its cause
        log.exception("live_refresh_failed", kind=notice.kind)
