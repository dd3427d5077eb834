"""People whose connection is gone before they are answered are nobody's failure."""

import asyncio
import base64
import os
import random
import socket
import struct
from pathlib import Path

import pytest

from tests.e2e.shop_server import ShopServer

ROUNDS = 12
SOCKETS, REQUESTS = 60, 15  # at once
PATHS = ("/", "/products", "/api/products", "/login", "/account/security", "/_event/?EIO=4&transport=polling")
PEOPLE = {
    "a guest": lambda own: {"Origin": own, "Cookie": f"shophub_guest={base64.b16encode(os.urandom(16)).decode()}"},
    "a browser without the guest's cookie": lambda own: {"Origin": own},
    "a page of another site": lambda own: {"Origin": "https://other.example"},
}
JOIN = "40/_event,"
EVENT = '42/_event,["event",{"name":"nothing.like_it","payload":{},"router_data":{"pathname":"/"}}]'


def handshake(port: int, headers: dict[str, str]) -> bytes:
    """Return the request for a live connection."""
    lines = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **headers,
    }
    token = base64.b16encode(os.urandom(8)).decode()
    head = f"GET /_event/?EIO=4&transport=websocket&token={token} HTTP/1.1\r\n"
    return (head + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n").encode()


def frame(text: str) -> bytes:
    """Return a client's text frame."""
    data = text.encode()
    assert len(data) < 126
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data


async def leave(writer: asyncio.StreamWriter, chance: random.Random) -> None:
    """Go within 20 ms: in due form, by hanging up, or as a telephone that lost its network."""
    await asyncio.sleep(chance.random() * 0.02)
    how = chance.choice(("close frame", "hang up", "reset"))
    if how == "close frame":
        writer.write(bytes([0x88, 0x82, 0, 0, 0, 0, 3, 0xE9]))
    if how == "reset":
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.close()


async def visit(port: int, who: str, steps: int, chance: random.Random) -> None:
    """Open a live connection, go ``steps`` steps on it, and leave."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(handshake(port, PEOPLE[who](f"http://127.0.0.1:{port}")))
        if steps >= 1:
            await asyncio.wait_for(reader.read(300), 5)
        if steps >= 2:
            writer.write(frame(JOIN))
        if steps >= 3:
            await asyncio.wait_for(reader.read(300), 5)
            writer.write(frame(EVENT))
        await leave(writer, chance)
    except OSError:  # refused and closed by the shop before the last step
        writer.close()


async def ask(port: int, chance: random.Random) -> None:
    """Begin a request and leave."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    method, path = chance.choice(("GET", "POST")), chance.choice(PATHS)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 5\r\n\r\n".encode())
    await leave(writer, chance)


async def refusal(port: int, who: str) -> bytes:
    """Return what somebody who waits is told on a handshake."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake(port, PEOPLE[who](f"http://127.0.0.1:{port}")))
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()
    return answer.lower()


def said_since(log: Path, before: int) -> str:
    """Return what a log says after its first ``before`` bytes."""
    return log.read_bytes()[before:].decode(errors="replace")


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_leaves_before_the_answer_is_no_failure_in_the_log(shop: ShopServer, who: str) -> None:
    chance = random.Random(who)
    before = shop.log.stat().st_size

    for _ in range(ROUNDS):
        await asyncio.gather(
            *(visit(shop.port, who, chance.randrange(4), chance) for _ in range(SOCKETS)),
            *(ask(shop.port, chance) for _ in range(REQUESTS)),
        )
    await asyncio.sleep(1)  # until the last of them was noticed

    said = said_since(shop.log, before)
    assert "Traceback" not in said, said
    assert "[error" not in said.lower(), said


async def test_who_waits_is_told_why_the_connection_is_refused(shop: ShopServer) -> None:
    without_cookie = await refusal(shop.port, "a browser without the guest's cookie")
    assert without_cookie.startswith(b"http/1.1 401 ")
    assert b"set-cookie: shophub_guest=" in without_cookie

    assert (await refusal(shop.port, "a page of another site")).startswith(b"http/1.1 403 ")
    assert (await refusal(shop.port, "a guest")).startswith(b"http/1.1 101 ")
