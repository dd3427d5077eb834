"""Live connections: how large a message may be, and refusals that look like every other answer."""

from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

from starlette.types import Message, Receive, Send

# A page's largest event is a form; the longest text of one is a product's description.
MAX_MESSAGE_BYTES = 256 * 1024
TOO_LARGE = 1009  # RFC 6455, section 7.4.1
UNREADABLE = 1003
# Of the engine below the live connections: open, close, ping, pong, message, upgrade and nothing.
PACKETS = tuple("0123456")


def limited(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Return both ways of a connection that ends at the first message over the limit, before anybody reads it."""
    is_over = False

    async def receive_limited() -> Message:
        nonlocal is_over
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        code = TOO_LARGE if _size(message) > MAX_MESSAGE_BYTES else 0 if _is_packet(message) else UNREADABLE
        if code == 0:
            return message
        is_over = True
        await send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def send_while_open(message: Message) -> None:
        if not is_over:
            await send(message)

    return receive_limited, send_while_open


def _is_packet(message: Message) -> bool:
    """Return whether a message is one of the engine's packets; at others it fails instead of refusing them."""
    return str(message.get("text") or "")[:1] in PACKETS


def _size(message: Message) -> int:
    text: str | None = message.get("text")
    if text is None:
        return len(message.get("bytes") or b"")
    # Characters first: counting the bytes of a huge text would cost as much again.
    return len(text) if len(text) > MAX_MESSAGE_BYTES else len(text.encode(errors="replace"))


def refusing(send: Send, headers: Sequence[tuple[bytes, bytes]]) -> Send:
    """Return a ``send`` whose refusals of a handshake carry ``headers``: a bare one would be answered without any.

    A refusal that finds nobody is no error. A tab that was closed as it connected is gone before its answer, and
    granian fails on the body then, in the words that it has for an answer after the handshake.
    """
    is_open = False

    async def send_refusals(message: Message) -> None:
        nonlocal is_open
        kind = message["type"]
        if kind == "websocket.accept":
            is_open = True
        elif kind == "websocket.close" and not is_open:
            await send_refusals(
                {"type": "websocket.http.response.start", "status": HTTPStatus.FORBIDDEN, "headers": []}
            )
            await send_refusals({"type": "websocket.http.response.body", "body": b""})
            return
        elif kind == "websocket.http.response.start":
            given = list(message.get("headers", ()))
            present = {name.lower() for name, _ in given}
            extra = [pair for pair in (*headers, (b"content-length", b"0")) if pair[0] not in present]
            message = {**message, "headers": [*given, *extra]}
        elif kind == "websocket.http.response.body" and not is_open:
            with suppress(RuntimeError):
                await send(message)
            return
        await send(message)

    return send_refusals
