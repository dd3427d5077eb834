"""Which connections are watched for the end of their session."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
import reflex as rx
from reflex.istate.data import SessionData
from reflex_base.event import Event

from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state import ended_sessions, live
from shophub.state.ended_sessions import SessionWatch
from tests.state.conftest import Tab

EVENT = Event(name="any")
# What the middleware asks of the app: which tabs are connected.
NOBODY = cast(rx.App, SimpleNamespace(event_namespace=SimpleNamespace(token_to_sid={})))


@pytest.fixture(autouse=True)
def nobody_before() -> Iterator[None]:
    yield
    for tab in list(ended_sessions._seen):
        del ended_sessions._seen[tab]
        live.watchers.forget(tab)


def connect(tab: Tab, token: str, socket: str) -> str:
    """Give a tab another connection; returns the tab's name."""
    tab.root.rx_router_session = SessionData(client_token=token, session_id=socket)
    return token


def cookie_of(session_id: UUID) -> str:
    return f"shophub_guest=aaaaaaaaaaaaaaaaaaaaaaaa; {sessions.SESSION_COOKIE}={sessions.sign(session_id, utc_now())}"


def watching(session_id: UUID) -> set[str]:
    return live.watchers.of(Notice("session", str(session_id)))


async def test_tab_is_watched_from_its_first_event_and_the_event_goes_on(open_tab: Callable[..., Tab]) -> None:
    session_id = new_id()
    tab = open_tab(cookie_of(session_id))
    name = connect(tab, "tab", "socket")

    assert await SessionWatch().preprocess(NOBODY, tab.root, EVENT) is None

    assert watching(session_id) == {name}


@pytest.mark.parametrize(
    "cookie", ["", "shophub_guest=aaaaaaaaaaaaaaaaaaaaaaaa", "shophub_session=nonsense", "shophub_session="]
)
async def test_guest_is_not_watched(open_tab: Callable[..., Tab], cookie: str) -> None:
    tab = open_tab(cookie)
    connect(tab, "tab", "socket")

    assert await SessionWatch().preprocess(NOBODY, tab.root, EVENT) is None

    assert ended_sessions._seen == {}


async def test_next_connection_of_a_tab_is_watched_for_its_own_session(open_tab: Callable[..., Tab]) -> None:
    first, second, watch = new_id(), new_id(), SessionWatch()
    for session_id, socket in ((first, "one"), (second, "two")):
        tab = open_tab(cookie_of(session_id))
        connect(tab, "tab", socket)
        await watch.preprocess(NOBODY, tab.root, EVENT)
    assert (watching(first), watching(second)) == (set(), {"tab"})

    guest = open_tab("")
    connect(guest, "tab", "three")
    await watch.preprocess(NOBODY, guest.root, EVENT)

    assert watching(second) == set()


async def test_role_is_kept_over_a_lost_connection_and_not_over_another_sign_in(open_tab: Callable[..., Tab]) -> None:
    session_id, watch = new_id(), SessionWatch()
    tab = open_tab(cookie_of(session_id))
    connect(tab, "tab", "one")
    await watch.preprocess(NOBODY, tab.root, EVENT)
    ended_sessions.note_role("tab", "ADMIN")

    connect(tab, "tab", "two")
    await watch.preprocess(NOBODY, tab.root, EVENT)
    kept = ended_sessions._seen["tab"].role
    other = open_tab(cookie_of(new_id()))
    connect(other, "tab", "three")
    await watch.preprocess(NOBODY, other.root, EVENT)

    assert (kept, ended_sessions._seen["tab"].role) == ("ADMIN", None)


async def test_closed_tabs_do_not_pile_up(open_tab: Callable[..., Tab]) -> None:
    tab, watch = open_tab(cookie_of(new_id())), SessionWatch()
    for number in range(ended_sessions.FIRST_SWEEP):
        connect(tab, f"tab{number}", "socket")
        await watch.preprocess(NOBODY, tab.root, EVENT)
    assert len(ended_sessions._seen) == ended_sessions.FIRST_SWEEP
    still_there: Any = SimpleNamespace(event_namespace=SimpleNamespace(token_to_sid={"tab7": "socket"}))

    connect(tab, "one more", "socket")
    await watch.preprocess(still_there, tab.root, EVENT)

    assert set(ended_sessions._seen) == {"tab7", "one more"}
    watched = {tab for topic, tab in live.watchers.everything() if topic.startswith("session:")}
    assert watched == {"tab7", "one more"}
