"""From a signed event at the shop's door to the committed order: the app is a process, and is answered by Stripe."""

import asyncio
import hashlib
import hmac
import json
import time
from functools import partial

import httpx
from sqlalchemy import text

from benchmarks.orders import timed
from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import (
    PLENTY,
    clean_database,
    fill_carts,
    free_port,
    guests,
    make_variants,
    pay,
    process,
    start,
    stripe_sandbox,
)
from shophub.db import close_database, transaction
from shophub.services.invariants import find_violations
from shophub.settings import SANDBOX_STRIPE_WEBHOOK_SECRET

ORDERS = 300


def measure(server: str) -> list[Row]:
    """Measure one event after another, then eight at a time."""
    with clean_database(server, "webhooks"), stripe_sandbox() as stripe:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        command = ["-m", "granian", "--interface", "asgi", "--factory", "--no-ws", "--host", "127.0.0.1"]
        with process(*command, "--port", str(port), "benchmarks.webhook_app:create", answers=base):
            return asyncio.run(_measure(base, stripe))


async def _measure(base: str, stripe: httpx.Client) -> list[Row]:
    variants = await make_variants(ORDERS, PLENTY)
    tokens = guests(ORDERS)
    await fill_carts(tokens, variants)

    async def pay_for(number: int) -> None:
        payment = await start(tokens[number], number)
        await asyncio.to_thread(pay, stripe, payment)

    await timed(pay_for, ORDERS, 8)
    events = _events(stripe)
    rows = []
    half = ORDERS // 2
    async with httpx.AsyncClient(trust_env=False, base_url=base) as door:
        for parallel, part in ((1, events[:half]), (8, events[half:])):
            taken, each = await timed(partial(_deliver, door, part), len(part), parallel)
            name = "one after another" if parallel == 1 else f"{parallel} at a time"
            compared = f"{len(part) / taken:.0f} a second, Stripe's answer included"
            rows.append(Row(f"webhook to committed order, {name}", percentiles_ms(each), compared))
    async with transaction() as session:
        made = (await session.execute(text("SELECT count(*) FROM orders"))).scalar_one()
        violations = await find_violations(session)
    await close_database()
    if made != ORDERS or violations:
        raise RuntimeError(f"{made} orders, {violations}")
    return rows


def _events(stripe: httpx.Client) -> list[str]:
    """Return the events that Stripe would have sent, as JSON."""
    found: list[str] = []
    last: dict[str, str] = {}
    while len(found) < ORDERS:
        query = {"type": "payment_intent.succeeded", "limit": "100"} | last
        page = stripe.get("/v1/events", params=query).raise_for_status().json()["data"]
        if not page:
            raise RuntimeError(f"Only {len(found)} of {ORDERS} payments are known to Stripe.")
        found += [json.dumps(event) for event in page]
        last = {"starting_after": page[-1]["id"]}
    return found


async def _deliver(door: httpx.AsyncClient, bodies: list[str], number: int) -> None:
    """Send an event as Stripe does, and wait for the answer: https://docs.stripe.com/webhooks#verify-manually."""
    at, body = int(time.time()), bodies[number]
    signed = hmac.new(SANDBOX_STRIPE_WEBHOOK_SECRET.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={at},v1={signed}", "Content-Type": "application/json"}
    (await door.post("/api/webhooks/stripe", content=body, headers=headers)).raise_for_status()
