"""Runs an ASGI app on a real port of this machine, for tests that speak HTTP through a vendor's own client."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from granian.server.embed import Server


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve ``app`` while the block runs; gives its address, without a slash at the end."""
    port = free_port()
    server = Server(app, address="127.0.0.1", port=port, interface="asgi", log_enabled=False)
    task = asyncio.create_task(server.serve())
    try:
        await _wait_until_open(port, task)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        await asyncio.wait([task], timeout=10)
        logging.getLogger("_granian").handlers.clear()


async def _wait_until_open(port: int, task: "asyncio.Task[None]") -> None:
    for _ in range(500):
        if task.done():
            await task
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise TimeoutError(f"Nothing listens on port {port}.")
