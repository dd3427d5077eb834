"""Ends what an open page shows and may do once its session is over, and renews it once its account's role is another.

Every connection that carries a session is watched from its first event on, whatever that event is. When the database
says that the session or the account has changed, in whichever process that was done, the tab's state is emptied, the
page goes to the sign-in page, and the connection is closed from this side: a page that does not listen is out as well.
"""

import json
from dataclasses import dataclass, replace
from uuid import UUID

import anyio
import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from shophub.db import transaction
from shophub.errors import UnavailableError
from shophub.lib.cookies import read_cookies
from shophub.schemas.accounts import SessionStanding
from shophub.services import notices, sessions
from shophub.state import live

SIGNED_OUT = "You have been signed out. Sign in to go on."
# A page that asked for something just then is at the sign-in page already, which knows where it came from.
WHERE_IT_WAS = (
    "location.pathname === '/login' ? new URLSearchParams(location.search).get('next') || '/'"
    " : location.pathname + location.search"
)
DEACTIVATED = "This account has been deactivated."
# The page leaves by itself within this time; after it the connection is closed.
GRACE_SECONDS = 0.5
RETRY_SECONDS = 1.0
PART = "session"
FIRST_SWEEP = 1_000
# After a lost connection to the database every tab is looked at: a few at a time leave the others some connections.
_looking = anyio.Semaphore(4)


@dataclass(frozen=True)
class Seen:
    """Which connection a tab has, which session that carries, and the role with which its page was last filled.

    The role of a page that was filled for a guest, because the session was over by then, is empty.
    """

    socket: str
    session_id: UUID
    role: str | None = None


_seen: dict[str, Seen] = {}


def session_of(cookie_header: str) -> UUID | None:
    """Return the session that a connection's cookies name; whether it lives, only the database knows."""
    token = read_cookies(cookie_header).get(sessions.SESSION_COOKIE, "")
    read = sessions.read(token) if token else None
    return read.session_id if read else None


class SessionWatch(rx.Middleware):
    """Has each tab watched for the end of the session that its connection carries. Asks no database."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._sweep_at = FIRST_SWEEP

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Note the tab's session with the first event of a connection; every event may go on."""
        at = state.router.session
        seen = _seen.get(at.client_token)
        if seen is not None and seen.socket == at.session_id:
            return None
        session_id = session_of(state.router.headers.cookie or "")
        if session_id is not None:
            self._sweep(app)
            role = seen.role if seen is not None and seen.session_id == session_id else None
            _seen[at.client_token] = Seen(at.session_id, session_id, role)
            live.watchers.watch(at.client_token, PART, f"session:{session_id}")
        elif seen is not None:
            del _seen[at.client_token]
            live.watchers.watch(at.client_token, PART)
        return None

    def _sweep(self, app: rx.App) -> None:
        """Forget tabs that were closed, now and then, so that they do not pile up."""
        if len(_seen) < self._sweep_at or app.event_namespace is None:
            return
        for tab in [tab for tab in _seen if tab not in app.event_namespace.token_to_sid]:
            del _seen[tab]
            live.watchers.forget(tab)
        self._sweep_at = max(FIRST_SWEEP, 2 * len(_seen))


def note_role(tab: str, role: str) -> None:
    """Note with which role a tab's page is filled now."""
    if tab in _seen:
        _seen[tab] = replace(_seen[tab], role=role)


async def empty(state: BaseState) -> None:
    """Put every state of the tab's pages back to how it was before anybody came."""
    for kind in _states_of_pages(rx.State):
        (await state.get_state(kind)).reset()


def _states_of_pages(kind: type[BaseState]) -> list[type[BaseState]]:
    found = []
    for substate in sorted(kind.get_substates(), key=lambda one: one.get_full_name()):
        if substate.__module__.startswith("shophub.state."):
            found.append(substate)
        else:
            found.extend(_states_of_pages(substate))
    return found


async def _look_again(app: rx.App, tab: str) -> None:
    """Do what the session's present standing asks for."""
    seen = _seen.get(tab)
    if seen is None or seen.role == "":
        return
    standing = await _standing(seen.session_id)
    if standing is None or not standing.is_live:
        is_active = standing is None or standing.is_active
        await _send_away(app, tab, seen, SIGNED_OUT if is_active else DEACTIVATED)
    elif seen.role not in (None, standing.role):
        note_role(tab, standing.role)
        await _tell(app, tab, "location.reload()")
        await _empty_tab(app, tab, seen.socket)


async def _standing(session_id: UUID) -> SessionStanding | None:
    """Ask until there is an answer: what was not looked at would stay open."""
    while True:
        try:
            async with _looking, transaction() as session:
                return await sessions.standing(session, session_id)
        except UnavailableError:
            await anyio.sleep(RETRY_SECONDS)


async def _send_away(app: rx.App, tab: str, seen: Seen, sentence: str) -> None:
    """Lead the page to the sign-in page, and come back from there; empty its state; close its connection."""
    target = json.dumps(f"/login?notice={notices.seal(sentence)}&next=")
    await _tell(app, tab, f"location.replace({target} + encodeURIComponent({WHERE_IT_WAS}))")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_empty_tab, app, tab, seen.socket)  # waits for what the tab is doing; the closing does not
        await anyio.sleep(GRACE_SECONDS)
        await _close(app, seen.socket)


async def _tell(app: rx.App, tab: str, script: str) -> None:
    connections = app.event_namespace
    if connections is not None:
        await connections.emit_update(StateUpdate(events=Event.from_event_type(rx.call_script(script))), tab)


async def _empty_tab(app: rx.App, tab: str, socket: str) -> None:
    """Empty the state that was filled over a connection; the page itself goes away and is told nothing.

    Where what the tab was doing took so long that its next page has come, that one is loaded once more.
    """
    async with app.modify_state(rx.BaseStateToken(ident=tab, cls=rx.State)) as root:
        await empty(root)
        root._clean()
        has_next_page = root.router.session.session_id != socket
    if has_next_page:
        await _tell(app, tab, "location.reload()")


async def _close(app: rx.App, socket: str) -> None:
    """Close a connection and the websocket below it.

    To be told to leave is not enough: a client that does not listen keeps its websocket open. What its writer finds
    behind the last message makes the server close it.
    """
    connections = app.event_namespace
    if connections is None or app.sio is None:
        return
    transport_id = app.sio.manager.eio_sid_from_sid(socket, connections.namespace)
    transport = app.sio.eio.sockets.get(transport_id)
    if transport is not None:
        await app.sio.disconnect(socket, namespace=connections.namespace)
        await app.sio.eio.disconnect(transport_id)
        await transport.queue.put(None)


live.reacts("session", _look_again)
