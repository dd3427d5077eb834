"""Webhook delivery: signed, in the background, again and again until the endpoint says 2xx.

What is still to be sent stands in PostgreSQL. A delivery under way is a locked row: another process skips it, and when
the process dies the lock goes with its connection, so that the delivery is taken up at once by whoever is alive.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import time
from typing import Any

import httpx
import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Connection, Storage
from shophub.sandbox.stripe import timers

_WORKERS = 4
# The first worker looks often, for what another process has queued; the others wait to be called.
_POLL_SECONDS = (0.5, 4.0, 4.0, 4.0)
_log = logging.getLogger(__name__)


def signature_header(payload: str, secret: str, timestamp: int) -> str:
    """Return ``Stripe-Signature`` for a payload: HMAC-SHA256 over ``<timestamp>.<payload>``.

    Source: https://docs.stripe.com/webhooks#verify-manually.
    """
    digest = hmac.new(secret.encode(), f"{timestamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Deliverer:
    """Sends queued events and fires timers while it runs."""

    def __init__(self, config: SandboxConfig, storage: Storage) -> None:
        """Prepare to deliver to ``config.webhook_url``."""
        self._config = config
        self._storage = storage
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        """Begin; what an earlier process left unsent goes out first."""
        # The endpoint is on this machine: a proxy of the environment must not see it.
        self._client = httpx.AsyncClient(timeout=self._config.webhook_timeout_seconds, trust_env=False)
        self._tasks = [asyncio.create_task(self._work(index)) for index in range(_WORKERS)]

    async def stop(self) -> None:
        """Stop at once; a delivery under way stays queued."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._client is not None:
            await self._client.aclose()

    def wake(self) -> None:
        """Say that something may be due now."""
        self._wake.set()

    async def _work(self, index: int) -> None:
        while True:
            # Cleared before looking: what is queued from here on sets it again.
            self._wake.clear()
            try:
                if index == 0:
                    await timers.fire(self._storage, self._config)
                busy = await self._deliver_one()
            except (psycopg.OperationalError, PoolTimeout) as error:
                _log.warning("the sandbox's database is out of reach: %s", type(error).__name__)
                busy = False
            except PoolClosed:
                return
            except Exception:
                # A worker that dies unseen would leave events unsent for as long as the process lives.
                _log.exception("a delivery of the Stripe sandbox went wrong")
                busy = False
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _POLL_SECONDS[index])

    async def _deliver_one(self) -> bool:
        """Send the delivery that has been due longest and record the outcome; return whether there was one."""
        async with self._storage.transaction() as connection:
            cursor = await connection.execute(
                "SELECT d.id, d.attempts, o.body FROM sandbox.stripe_deliveries d"
                " JOIN sandbox.stripe_objects o ON o.id = d.event_id"
                " WHERE d.state = 'pending' AND d.due_at <= clock_timestamp()"
                " AND NOT EXISTS (SELECT FROM sandbox.stripe_delivery_order s"
                " JOIN sandbox.stripe_deliveries b ON b.id = s.after_id"
                " WHERE s.delivery_id = d.id AND b.state = 'pending')"
                " ORDER BY d.due_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED"
            )
            row = await cursor.fetchone()
            if row is None:
                return False
            self._wake.set()  # the next worker may find another one
            status, error = await self._post(row["body"])
            await self._record(connection, row["id"], row["attempts"] + 1, status, error)
        self._wake.set()  # one that had to wait for this one may go now
        return True

    async def _post(self, event: dict[str, Any]) -> tuple[int | None, str | None]:
        payload = json.dumps({**event, "pending_webhooks": 1}, indent=2, ensure_ascii=False)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature_header(payload, self._config.webhook_secret, int(time.time())),
        }
        if self._client is None:
            raise RuntimeError("The deliverer was not started.")
        try:
            response = await self._client.post(self._config.webhook_url, content=payload.encode(), headers=headers)
        except httpx.HTTPError as error:
            return None, type(error).__name__
        if response.is_success:
            return response.status_code, None
        return response.status_code, response.text[:500]

    async def _record(
        self, connection: Connection, delivery_id: int, attempts: int, status: int | None, error: str | None
    ) -> None:
        if error is None:
            await connection.execute(
                "UPDATE sandbox.stripe_deliveries SET state = 'delivered', attempts = %s, last_status = %s,"
                " last_error = NULL, delivered_at = clock_timestamp() WHERE id = %s",
                (attempts, status, delivery_id),
            )
            return
        waits = self._config.webhook_backoff_seconds
        exhausted = attempts > len(waits)
        await connection.execute(
            "UPDATE sandbox.stripe_deliveries SET state = %s, attempts = %s, last_status = %s, last_error = %s,"
            " due_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            (
                "failed" if exhausted else "pending",
                attempts,
                status,
                error,
                0 if exhausted else waits[attempts - 1],
                delivery_id,
            ),
        )
