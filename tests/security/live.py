"""A live connection as anybody can open one: the protocol, without our pages."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import websockets

NAMESPACE = "/_event"
MARK = "reflex___state____state.tests___security___shop_app____mark_state.mark"
ANSWER_SECONDS = 30


class Live:
    """A tab without a browser."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        """Take an open connection."""
        self._connection = connection
        self._marks = 0
        self.heard: list[str] = []

    async def start(self, auth: object = None) -> str:
        """Do both handshakes; returns the server's answer to the second."""
        await self._connection.recv()
        await self._connection.send(f"40{NAMESPACE}," + ("" if auth is None else json.dumps(auth)))
        return str(await self._connection.recv())

    async def send(self, name: object, payload: object = None, *, path: object = "/") -> None:
        """Send an event as a page at ``path`` would."""
        router = {"pathname": path, "query": {}, "asPath": path}
        await self.send_raw("event", {"name": name, "payload": payload or {}, "router_data": router})

    async def send_raw(self, *parts: object) -> None:
        """Send any message."""
        await self._connection.send(f"42{NAMESPACE}," + json.dumps(parts))

    async def send_text(self, text: str) -> None:
        """Send a frame as it is."""
        await self._connection.send(text)

    async def settle(self) -> str:
        """Wait until everything sent so far has been dealt with; returns what was heard meanwhile."""
        self._marks += 1
        await self.send(MARK, {"number": self._marks})
        sign = f'"seen_rx_state_": {self._marks}'
        return await asyncio.wait_for(self._until(sign), ANSWER_SECONDS)

    async def until(self, sign: str) -> str:
        """Wait until something that holds ``sign`` was heard; returns all that was heard meanwhile."""
        return await asyncio.wait_for(self._until(sign), ANSWER_SECONDS)

    async def _until(self, sign: str) -> str:
        heard: list[str] = []
        while True:
            message = str(await self._connection.recv())
            if message == "2":  # the engine's sign of life
                await self._connection.send("3")
                continue
            heard.append(message)
            if sign in message or sign.replace(": ", ":") in message:
                self.heard += heard
                return "\n".join(heard)

    async def closed(self) -> bool:
        """Return whether the server closes the connection within a few seconds."""
        try:
            async with asyncio.timeout(5):
                while True:
                    await self._connection.recv()
        except websockets.ConnectionClosed:
            return True
        except TimeoutError:
            return False

    async def rest(self, seconds: float) -> tuple[str, bool]:
        """Return what comes within some seconds, and whether the server closed the connection meanwhile."""
        heard: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    heard.append(str(await self._connection.recv()))
        except websockets.ConnectionClosed:
            return "\n".join(heard), True
        except TimeoutError:
            return "\n".join(heard), False


@asynccontextmanager
async def connected(
    url: str, cookie: str = "", *, token: str | None = None, origin: str = "", more: dict[str, str] | None = None
) -> AsyncIterator[Live]:
    """Open a connection to a shop, as a tab with these cookies."""
    address = url.replace("http://", "ws://")
    address += f"{NAMESPACE}/?token={token or uuid4()}&EIO=4&transport=websocket"
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {}) | (more or {})
    async with websockets.connect(address, additional_headers=headers, open_timeout=20, close_timeout=1) as connection:
        yield Live(connection)


@asynccontextmanager
async def tab(url: str, cookie: str = "", **more: Any) -> AsyncIterator[Live]:
    """Open a connection and do the handshakes."""
    async with connected(url, cookie, **more) as live:
        await live.start()
        yield live
