"""A webhook endpoint for tests: it keeps what arrives and answers what it is told."""

import contextlib
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    body: bytes
    signature: str
    status: int

    @property
    def event(self) -> dict[str, Any]:
        """The event inside."""
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded


class Receiver:
    """Listens on a port of its own until closed."""

    def __init__(self) -> None:
        """Start to listen."""
        self.received: list[Received] = []
        self._answers: list[int] = []
        self._pause = 0.0
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._keep(body, self.headers["Stripe-Signature"])
                time.sleep(receiver._pause)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the sender may have been killed
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/webhooks/stripe"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def _keep(self, body: bytes, signature: str) -> int:
        with self._lock:
            status = self._answers.pop(0) if self._answers else 200
            self.received.append(Received(body, signature, status))
            return status

    def clear(self) -> None:
        """Forget what arrived and what was to be answered."""
        with self._lock:
            self.received.clear()
            self._answers.clear()
            self._pause = 0.0

    def answer(self, *statuses: int) -> None:
        """Answer the next requests with these; after that 200."""
        with self._lock:
            self._answers.extend(statuses)

    def answer_after(self, seconds: float) -> None:
        """Let the sender wait for each answer from now on."""
        self._pause = seconds

    def wait(self, count: int, *, event_type: str | None = None, timeout: float = 8.0) -> list[Received]:
        """Return what arrived once ``count`` requests (of a type) are there, or what there is when time is up."""
        deadline = time.monotonic() + timeout
        while True:
            with self._lock:
                found = [one for one in self.received if event_type is None or one.event["type"] == event_type]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
