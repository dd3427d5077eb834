"""Closing a websocket while the application waits for its next message."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from shophub.api.web.closing import ClosableWebsockets

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def serve(application: Application, *messages: Message) -> list[Message | str]:
    """Run an application on a connection that says nothing after ``messages``; returns what happened to it."""
    events: list[Message | str] = []
    waiting = list(messages)

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        events.append("waits")
        try:
            await asyncio.Event().wait()
        finally:
            events.append("waits no more")
        raise AssertionError

    async def send(message: Message) -> None:
        events.append(message)

    await asyncio.wait_for(ClosableWebsockets(application)({"type": "websocket"}, receive, send), 5)
    return events


async def test_waiting_ends_before_the_close_goes_out_and_the_application_hears_of_it() -> None:
    heard: list[Message] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        reader = asyncio.create_task(read(receive))
        await asyncio.sleep(0.01)
        await send({"type": "websocket.send", "text": "bye"})
        await send({"type": "websocket.close", "code": 1000})
        await reader

    async def read(receive: Receive) -> None:
        heard.append(await receive())
        heard.append(await receive())
        heard.append(await receive())

    events = await serve(application, {"type": "websocket.receive", "text": "hello"})

    assert events == [
        "waits",
        {"type": "websocket.send", "text": "bye"},
        "waits no more",
        {"type": "websocket.close", "code": 1000},
    ]
    over = {"type": "websocket.disconnect", "code": 1000}
    assert heard == [{"type": "websocket.receive", "text": "hello"}, over, over]


async def test_reader_that_is_cancelled_by_others_stays_cancelled() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        reader = asyncio.ensure_future(receive())
        await asyncio.sleep(0.01)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader

    assert await serve(application) == ["waits", "waits no more"]
