"""What one piece of work carries: its transaction, its request, and the events that it causes."""

import copy
import random
from dataclasses import dataclass, field
from typing import Any

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Connection
from shophub.sandbox.stripe.ids import new_id, now
from shophub.sandbox.stripe.objects import Record, insert
from shophub.sandbox.stripe.params import Params

API_VERSION = "2026-10-28.endive"


@dataclass
class Work:
    """A transaction under way; ``request_id`` is ``None`` for what Stripe does by itself."""

    connection: Connection
    config: SandboxConfig
    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass
class Call:
    """One API request that passed authentication."""

    work: Work
    params: Params
    path: dict[str, str] = field(default_factory=dict)
    publishable: bool = False

    @property
    def connection(self) -> Connection:
        """The connection of the request's transaction."""
        return self.work.connection


async def emit(work: Work, event_type: str, body: dict[str, Any], previous: dict[str, Any] | None = None) -> None:
    """Record an event with a snapshot of its object, and its delivery where the endpoint subscribes to the type.

    Both are part of the caller's transaction: no event exists of a change that was rolled back.
    """
    data: dict[str, Any] = {"object": copy.deepcopy(body)}
    if previous is not None:
        data["previous_attributes"] = previous
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": work.request_id, "idempotency_key": work.idempotency_key},
        "type": event_type,
    }
    intent = body["id"] if body["object"] == "payment_intent" else body.get("payment_intent")
    await insert(work.connection, Record("event", event, payment_intent=intent))
    if work.config.webhook_url and event_type in work.config.webhook_events:
        await _schedule(work.connection, str(event["id"]), event_type)


async def _schedule(connection: Connection, event_id: str, event_type: str) -> None:
    """Queue the delivery of an event, bent by whatever rules a test has set."""
    cursor = await connection.execute("SELECT name, value FROM sandbox.stripe_rules WHERE value > 0 FOR UPDATE")
    rules = {row["name"]: row["value"] for row in await cursor.fetchall()}
    # With a seed the same events in the same order meet the same luck; it moves on by one with each.
    chance = random.Random(rules.get("seed"))  # noqa: S311 - luck, no secret
    await connection.execute("UPDATE sandbox.stripe_rules SET value = value + 1 WHERE name = 'seed' AND value > 0")
    state = "pending"
    if "drop" in rules:
        state = "dropped"
        await connection.execute("UPDATE sandbox.stripe_rules SET value = value - 1 WHERE name = 'drop'")
    elif chance.randrange(100) < rules.get("drop_percent", 0):
        state = "dropped"
    elif "hold" in rules or "reorder" in rules:
        state = "held"
    more = rules.get("repeat", 0) + chance.randint(0, rules.get("repeat_up_to", 0))
    for _ in range(1 if state == "dropped" else 1 + more):
        wait_ms = rules.get("delay_ms", 0) + chance.randint(0, rules.get("shuffle_ms", 0))
        await connection.execute(
            "INSERT INTO sandbox.stripe_deliveries (event_id, event_type, state, due_at)"
            " VALUES (%s, %s, %s, clock_timestamp() + make_interval(secs => %s / 1000.0))",
            (event_id, event_type, state, wait_ms),
        )
    if state == "held" and "reorder" in rules:
        await connection.execute("UPDATE sandbox.stripe_rules SET value = value - 1 WHERE name = 'reorder'")
        if rules["reorder"] == 1:
            await release_held(connection, newest_first=True)


async def release_held(connection: Connection, *, newest_first: bool) -> int:
    """Let held deliveries go, each when the one before has been taken or given up, and return how many there were."""
    cursor = await connection.execute(
        "SELECT id FROM sandbox.stripe_deliveries WHERE state = 'held' ORDER BY id FOR UPDATE"
    )
    ids = [row["id"] for row in await cursor.fetchall()]
    if newest_first:
        ids.reverse()
    for before, delivery_id in zip([None, *ids], ids, strict=False):
        if before is not None:
            await connection.execute(
                "INSERT INTO sandbox.stripe_delivery_order (delivery_id, after_id) VALUES (%s, %s)",
                (delivery_id, before),
            )
    await connection.execute(
        "UPDATE sandbox.stripe_deliveries SET state = 'pending', due_at = clock_timestamp() WHERE id = ANY(%s)", (ids,)
    )
    return len(ids)
