"""Events as anybody can send them: without our pages, by the protocol."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import websockets

from tests.e2e.shop_server import ShopServer

GUEST = "guest-of-the-event-tests-0123456789"
STATE = "reflex___state____state.shophub___state___store"
CART = f"{STATE}___cart____cart_state"
PRODUCT = f"{STATE}___product____product_state"


class Socket:
    """A connection that speaks what Reflex's pages speak."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        """Take an open connection."""
        self._connection = connection

    async def start(self) -> None:
        """Do the handshakes of engine and namespace."""
        await self._connection.recv()
        await self._connection.send("40/_event,")
        await self._connection.recv()

    async def send(self, name: str, **payload: Any) -> None:
        """Send an event."""
        router = {"pathname": "/", "query": {}, "asPath": "/"}
        body = ["event", {"name": name, "payload": payload, "router_data": router}]
        await self._connection.send("42/_event," + json.dumps(body))

    async def hear(self, part: str) -> str:
        """Return the next message that contains ``part``."""
        while True:
            message = str(await self._connection.recv())
            if part in message:
                return message


@pytest_asyncio.fixture
async def socket(shop: ShopServer) -> AsyncIterator[Socket]:
    """A connection of a guest, open for at most a few seconds."""
    address = f"ws://127.0.0.1:{shop.port}/_event/?token=11111111-1111-4111-8111-111111111111&EIO=4&transport=websocket"
    async with websockets.connect(
        address, additional_headers={"Cookie": f"shophub_guest={GUEST}"}, open_timeout=10, close_timeout=1
    ) as connection:
        opened = Socket(connection)
        await opened.start()
        yield opened


@pytest.mark.timeout(30)
async def test_odd_quantities_and_ids_are_refused_in_words(socket: Socket) -> None:
    variant = "019f0000-0000-7000-8000-000000000000"
    for quantity in ("NaN", -5, 0, 1.5, 10**9, None, True):
        await socket.send(f"{CART}.put_back", variant_id=variant, quantity=quantity)
        assert "error" in await socket.hear("__toast")
    await socket.send(f"{CART}.remove", line_id="'; DROP TABLE carts; --")
    assert "not in your cart" in await socket.hear("__toast")


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "name",
    [f"{CART}._show", f"{CART}._change", f"{PRODUCT}._refresh", f"{PRODUCT}._read", f"{CART}.set_cart", "no.such"],
)
async def test_helpers_cannot_be_called_and_the_log_keeps_cookies_to_itself(
    name: str, socket: Socket, shop: ShopServer
) -> None:
    await socket.send(name, cart={"total_text": "$1,000.00"}, slug="x", selection={})
    await socket.send(f"{CART}.load")

    assert "$1,000.00" not in await socket.hear("epoch")
    log = shop.log.read_text()
    assert name in log
    assert GUEST not in log
