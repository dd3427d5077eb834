"""What a browser sends over its live connection is looked at here, before Reflex takes it apart.

Reflex lets any client send any event that is registered, with any arguments: it only warns, in the log and with the
values, where these do not fit. Here an event passes that is addressed to a handler of ours which declares who may use
it (or to one of the few of Reflex that its pages use), with the arguments that this handler takes.
"""

import functools
import inspect
import re
import typing
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx
import structlog
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json
from reflex.state import StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from socketio import AsyncNamespace
from socketio.exceptions import ConnectionRefusedError as ConnectionRefused

log = structlog.get_logger(__name__)

SENTENCE = "The shop could not read that. Please reload the page and try again."
# What the pages themselves send to Reflex. The rest of its handlers (``setvar`` writes variables) is for no browser.
_ROOT = "reflex___state____state"
OF_REFLEX = frozenset(
    {
        f"{_ROOT}.hydrate",
        f"{_ROOT}.hydrate_and_load",
        f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal",
        PAGE_REPORT := f"{_ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }
)
# What a page says of its own errors is logged: this much of it, and this often from one connection.
MAX_REPORT = 2_000
REPORTS_HEARD = 5
# What comes beside events: a sign of life, and word of an error in a page.
SIGNALS = frozenset({"ping", "client_error"})
MAX_DEPTH = 8
MAX_ADDRESS = 4_096
SAFE_INTEGER = 2**53 - 1  # JavaScript counts no further


_ADDRESS = re.compile(r"$|/(?!/)")  # //host would be another place
_NAME = re.compile(r"[A-Za-z0-9_.]{1,200}")


class RefusedEventError(Exception):
    """An event that no page of ours sends. The text is for the log and holds none of the values that were sent."""


def stand_before(app: rx.App) -> None:
    """Have everything that comes over live connections looked at first."""
    if app.sio is None:
        raise RuntimeError("The app has no live connections.")
    app.sio.register_namespace(Gate(app))
    engine = app.sio.eio
    read = engine.handlers["message"]

    async def read_frame(connection: str, frame: Any) -> None:
        try:
            await read(connection, frame)
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            # Nothing that speaks the protocol sent it: there is nobody to answer.
            log.warning("frame_refused", error_type=type(error).__name__)
            await engine.disconnect(connection)

    engine.on("message", read_frame)


class Gate(AsyncNamespace):
    """Stands before Reflex's own namespace and passes on what is in order."""

    def __init__(self, app: rx.App) -> None:
        """Stand before the namespace of ``app``."""
        inner = app.event_namespace
        if inner is None:
            raise RuntimeError("The app has no live connections.")
        super().__init__(inner.namespace)
        self._inner = inner
        self._reports: Counter[str] = Counter()

    async def trigger_event(self, event: Any, *arguments: Any) -> Any:
        """Pass on what a client sent, or drop it and say so in its page."""
        try:
            self._check(event, arguments)
        except RefusedEventError as refusal:
            log.warning("event_refused", reason=str(refusal))
            if self._is_handshake(event, arguments):
                raise ConnectionRefused(SENTENCE) from refusal
            await self._say_so(str(arguments[0]))
            return None
        if event == "disconnect":
            self._reports.pop(arguments[0], None)
        elif event == "event" and arguments[1]["name"] == PAGE_REPORT:
            self._reports[arguments[0]] += 1
            if self._reports[arguments[0]] > REPORTS_HEARD:
                return None
        return await self._inner.trigger_event(event, *arguments)

    def _check(self, event: Any, arguments: tuple[Any, ...]) -> None:
        if event == "disconnect":
            return
        if self._is_handshake(event, arguments):
            self._check_handshake(arguments[1], arguments[2] if len(arguments) > 2 else None)
        elif event == "event":
            if len(arguments) != 2:
                raise RefusedEventError("not one event")
            if arguments[0] not in self._inner.sid_to_token:
                raise RefusedEventError("no tab")
            check_event(arguments[1])
        elif not isinstance(event, str) or event not in SIGNALS or len(arguments) > 2:
            raise RefusedEventError("unknown signal")

    def _is_handshake(self, event: Any, arguments: tuple[Any, ...]) -> bool:
        """Return whether the server itself asks, with its own record of the connection.

        A client may send an event that is named "connect", with a record of its making: another network address,
        another tab's token.
        """
        if event != "connect" or len(arguments) < 2 or self.server is None:
            return False
        return arguments[1] is self.server.get_environ(arguments[0], self.namespace)

    @staticmethod
    def _check_handshake(environ: Mapping[str, Any], auth: Any) -> None:
        if not parse_qs(environ.get("QUERY_STRING", "")).get("token"):
            raise RefusedEventError("no tab")
        if auth is None:
            return
        if not isinstance(auth, dict) or not isinstance(auth.get("state_schema", ""), str | None):
            raise RefusedEventError("unreadable handshake")
        if auth.get("event") is not None:
            check_event(auth["event"])

    async def _say_so(self, sid: str) -> None:
        events = Event.from_event_type(rx.toast.error(SENTENCE, id="refused"))
        await self.emit("event", StateUpdate(events=events), to=sid)


def check_event(fields: Any) -> None:
    """Let an event pass that a page of ours could have sent.

    Raises:
        RefusedEventError: It is addressed to nothing that a browser may call, or does not have the shape.
    """
    if not isinstance(fields, dict) or not isinstance(fields.get("name"), str):
        raise RefusedEventError("not an event")
    payload, router_data = fields.get("payload", {}), fields.get("router_data", {})
    if not isinstance(payload, dict) or not isinstance(router_data, dict):
        raise RefusedEventError("not an event")
    if not _is_clean(payload, MAX_DEPTH) or not _is_clean(router_data, MAX_DEPTH):
        raise RefusedEventError("unreadable values")
    name = fields["name"]
    registered = RegistrationContext.get().event_handlers.get(name)
    method = registered.handler.fn if registered is not None else None
    if method is None or not (name in OF_REFLEX or hasattr(method, "__permission__")):
        raise RefusedEventError(f"no handler {name if _NAME.fullmatch(name) else ''}".rstrip())
    _check_address(router_data)
    if not fits(method, payload):
        raise RefusedEventError(f"arguments of {method.__qualname__}")
    if name == PAGE_REPORT:
        fields["payload"] = {one: said[:MAX_REPORT] for one, said in payload.items()}


def fits(method: Any, payload: Mapping[str, Any]) -> bool:
    """Return whether the arguments are those that a handler's signature names, each of its type."""
    expected = _parameters(method)
    if not payload.keys() <= expected.keys():
        return False
    if any(name not in payload and needed for name, (_, needed) in expected.items()):
        return False
    return all(_is_a(expected[name][0], value) for name, value in payload.items())


@functools.cache
def _parameters(method: Any) -> dict[str, tuple[TypeAdapter[Any], bool]]:
    """Return a handler's arguments: the type, and whether it has to be given."""
    hints = typing.get_type_hints(inspect.unwrap(method))
    strict = ConfigDict(strict=True)
    _, *parameters = inspect.signature(method).parameters.values()
    return {
        one.name: (_adapter(hints.get(one.name, Any), strict), one.default is inspect.Parameter.empty)
        for one in parameters
    }


def _adapter(hint: Any, config: ConfigDict) -> TypeAdapter[Any]:
    has_config = hasattr(hint, "__pydantic_config__") or hasattr(hint, "model_config")
    return TypeAdapter(hint) if has_config else TypeAdapter(hint, config=config)


def _is_a(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_json(to_json(value))
    except (ValidationError, PydanticSerializationError):
        return False
    return True


def _check_address(router_data: Mapping[str, Any]) -> None:
    """Check what the page says of the address it is at; handlers read it."""
    for name in ("pathname", "asPath"):
        path = router_data.get(name, "/")
        if not isinstance(path, str) or len(path) > MAX_ADDRESS or not _ADDRESS.match(path):
            raise RefusedEventError("unreadable address")
        try:
            urlsplit("http://shop" + path)
        except ValueError as error:
            raise RefusedEventError("unreadable address") from error
    query = router_data.get("query", {})
    if not isinstance(query, dict) or not all(_is_text(value) for value in query.values()):
        raise RefusedEventError("unreadable address")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_clean(value: Any, depth: int) -> bool:
    """Return whether a value is one that the database could keep, and is not nested for its own sake."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int):
        return abs(value) <= SAFE_INTEGER
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if depth == 0 or not isinstance(value, dict | list):
        return False
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    return all(_is_clean(part, depth - 1) for part in parts)
