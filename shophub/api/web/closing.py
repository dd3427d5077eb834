"""Closing websockets from this side."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OVER: Message = {"type": "websocket.disconnect", "code": 1000}


class ClosableWebsockets:
    """Lets the application close a websocket while it waits for the next message on it.

    Granian 2.8 sends no close frame as long as somebody waits for a message, and a client that sends none stays
    connected for ever. So the waiting ends first.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        waiting: set[asyncio.Future[Message]] = set()
        closing = asyncio.Event()

        async def receive_unless_closing() -> Message:
            if closing.is_set():
                return OVER
            next_message = asyncio.ensure_future(receive())
            waiting.add(next_message)
            try:
                return await next_message
            except asyncio.CancelledError:
                if closing.is_set():
                    return OVER
                raise
            finally:
                waiting.discard(next_message)

        async def send_or_close(message: Message) -> None:
            if message["type"] == "websocket.close":
                closing.set()
                for next_message in waiting:
                    next_message.cancel()
                if waiting:
                    await asyncio.wait(set(waiting))
            await send(message)

        await self._app(scope, receive_unless_closing, send_or_close)
