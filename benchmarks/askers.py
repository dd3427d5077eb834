"""Those who ask the shop for pages: a process of its own, so that what is measured is the shop and not who asks.

Imports nothing but the standard library, and parses no more of an answer than where it ends.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from time import perf_counter

CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What came of asking: how often, for how long, and the latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    bytes: int

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return self.requests / self.seconds


class _Asker(asyncio.Protocol):
    """One connection that sends a request as soon as the one before is answered."""

    def __init__(self, host: str, paths: list[bytes], turns: Iterator[int], until: float) -> None:
        self._requests = [
            b"GET " + path + b" HTTP/1.1\r\nHost: " + host.encode() + b"\r\nAccept-Encoding: br, gzip\r\n\r\n"
            for path in paths
        ]
        self._turns, self._until = turns, until
        self._got = bytearray()
        self._sent_at = 0.0
        self.taken: list[float] = []
        self.received = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("The shop closed the connection."))

    def _send(self) -> None:
        self._sent_at = perf_counter()
        self._transport.write(self._requests[next(self._turns) % len(self._requests)])

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._got[:end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._got) < end + 4 + length:
            return
        if not head.startswith(b"http/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode("latin-1")))
            self._transport.close()
            return
        self.taken.append(perf_counter() - self._sent_at)
        self.received += length
        self._got.clear()
        if perf_counter() < self._until:
            self._send()
        else:
            self.done.set_result(None)
            self._transport.close()


async def ask(base: str, paths: list[str], seconds: float) -> Load:
    """Ask over 16 connections at once, each for the next address in turn."""
    host, _, port = base.removeprefix("http://").partition(":")
    turns, began = count(), perf_counter()
    encoded = [path.encode() for path in paths]

    def asker() -> _Asker:
        return _Asker(f"{host}:{port}", encoded, turns, began + seconds)

    loop = asyncio.get_running_loop()
    askers = [(await loop.create_connection(asker, host, int(port)))[1] for _ in range(CONNECTIONS)]
    await asyncio.gather(*(one.done for one in askers))
    lasted = perf_counter() - began
    cuts = quantiles((taken for one in askers for taken in one.taken), n=100)
    requests = sum(len(one.taken) for one in askers)
    return Load(requests, lasted, cuts[49] * 1000, cuts[98] * 1000, sum(one.received for one in askers))


if __name__ == "__main__":
    wanted = json.loads(sys.stdin.read())
    sys.stdout.write(json.dumps(vars(asyncio.run(ask(**wanted)))))
