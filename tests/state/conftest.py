"""States as a handler meets them: with an address, with cookies, on a real database."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import reflex as rx
from reflex.istate.data import HeaderData, ReflexURL, SessionData, URLData

from shophub.lib.ids import new_token

StateT = TypeVar("StateT", bound=rx.State)
ORIGIN = "http://localhost:3000"


class Tab:
    """A tab of a visitor: its states hang together as in the running app."""

    def __init__(self, cookie: str) -> None:
        """Open a tab that sends these cookies."""
        self.root = rx.State(_reflex_internal_init=True)
        self.root.rx_router_headers = HeaderData(cookie=cookie, host="localhost:3000")
        self.root.rx_router_session = SessionData(client_token=new_token(), client_ip="127.0.0.1")
        self.go("/")

    def go(self, address: str) -> None:
        """Put another address into the bar."""
        self.root.rx_router_url = URLData.from_url(ReflexURL(ORIGIN + address))

    def state(self, kind: type[StateT]) -> StateT:
        """Return one of the tab's states."""
        found = self.root.get_substate(kind.get_full_name().split("."))
        assert isinstance(found, kind)
        return found


@pytest.fixture
def open_tab(database: str) -> Callable[..., Tab]:
    """Opens a tab of a new guest, or with given cookies."""

    def open_tab(cookie: str | None = None) -> Tab:
        return Tab(f"shophub_guest={new_token()}" if cookie is None else cookie)

    return open_tab


async def run(handler: Any) -> list[Any]:
    """Run a handler to its end, whatever kind it is, and return the events that it wants run."""
    if hasattr(handler, "__aiter__"):
        return [event async for event in handler if event is not None]
    given = await handler if hasattr(handler, "__await__") else handler
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def scripts(events: list[Any]) -> str:
    """Return what the page is told to do, as text."""
    return " ".join(str(event.args) for event in events)
