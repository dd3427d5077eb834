"""Faults that a test asked the API for: slow answers, errors, and answers lost after the work was done."""

import json
from dataclasses import dataclass

from shophub.sandbox.storage import Connection
from shophub.sandbox.stripe.errors import ApiError


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    Attributes:
        status: The answer's status, or ``None`` for a request that is only slow.
        delay_ms: How long the answer is held back.
        after_effect: The request takes effect and only its answer is lost.
    """

    status: int | None
    delay_ms: int
    after_effect: bool

    def body(self, request_id: str) -> str:
        """Return Stripe's error object for the status."""
        status = self.status or 500
        if status == 429:
            error = ApiError(
                429,
                "invalid_request_error",
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
                code="rate_limit",
            )
        else:
            error = ApiError(status, "api_error", "An unknown error occurred")
        return json.dumps(error.body(request_id))


async def add(
    connection: Connection,
    *,
    count: int,
    status: int | None = None,
    delay_ms: int = 0,
    after_effect: bool = False,
    method: str | None = None,
    path_contains: str | None = None,
) -> None:
    """Make the next ``count`` matching requests go wrong."""
    await connection.execute(
        "INSERT INTO sandbox.stripe_faults (remaining, status, delay_ms, after_effect, method, path_contains)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (count, status, delay_ms, after_effect, method, path_contains),
    )


async def take(connection: Connection, method: str, path: str) -> Fault | None:
    """Use up one fault that matches the request; each counts exactly once, also in parallel."""
    cursor = await connection.execute(
        "UPDATE sandbox.stripe_faults SET remaining = remaining - 1 WHERE id = ("
        " SELECT id FROM sandbox.stripe_faults WHERE remaining > 0 AND (method IS NULL OR method = %s)"
        " AND (path_contains IS NULL OR strpos(%s, path_contains) > 0) ORDER BY id LIMIT 1 FOR UPDATE"
        ") AND remaining > 0 RETURNING status, delay_ms, after_effect",
        (method, path),
    )
    row = await cursor.fetchone()
    return None if row is None else Fault(row["status"], row["delay_ms"], row["after_effect"])
