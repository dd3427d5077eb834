"""Stripe's door: what it answers to events, and to what only looks like one."""

import json
import time
from typing import Any

from shophub.sandbox.stripe.deliveries import signature_header
from tests.api.rest.buying import announced, given, pay
from tests.api.rest.caller import Caller
from tests.checkout.conftest import (  # noqa: F401 - fixtures
    Shop,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
    shop,
)
from tests.sandbox.conftest import Controls, received  # noqa: F401 - a fixture
from tests.sandbox.receiver import Receiver

SECRET = "whsec_sandbox"


def signed(event: dict[str, Any] | str, secret: str = SECRET, *, age: int = 0) -> dict[str, Any]:
    """Return the request of an event that was signed so many seconds ago."""
    body = event if isinstance(event, str) else json.dumps(event)
    signature = signature_header(body, secret, int(time.time()) - age)
    return {"content": body, "headers": {"Stripe-Signature": signature, "Content-Type": "application/json"}}


async def paid(shop: Shop, caller: Caller, received: Receiver) -> str:  # noqa: F811
    """Have a checkout paid, and return the event that tells of it."""
    started = await caller.answers("POST /api/checkout", json=await given(shop.mug))
    pay(shop, started)
    return (await announced(received))[0].decode()


async def nothing_was_taken(shop: Shop) -> None:  # noqa: F811
    """See that no event was kept and none had an effect."""
    assert await shop.rows("SELECT 1 FROM orders UNION ALL SELECT 1 FROM provider_events") == []
    assert await shop.rows("SELECT status FROM checkouts") == [("open",)]
    assert await shop.stock(shop.mug) == (10, 1)


async def test_event_is_taken_once_and_unknown_ones_are_kept(
    shop: Shop,  # noqa: F811
    customer: Caller,
    guest: Caller,
    received: Receiver,  # noqa: F811
) -> None:
    event = await paid(shop, customer, received)

    unknown = {**json.loads(event), "id": "evt_of_another_kind", "type": "customer.created"}
    for request in (signed(event), signed(event), signed(unknown)):
        assert await guest.answers("POST /api/webhooks/stripe", **request) == {"received": True}

    assert await shop.rows("SELECT total_minor FROM orders") == [(2_999,)]
    assert await shop.rows("SELECT type, status FROM provider_events ORDER BY type") == [
        ("customer.created", "ignored"),
        ("payment_intent.succeeded", "handled"),
    ]


async def test_bad_missing_or_old_signature_changes_nothing(
    shop: Shop,  # noqa: F811
    customer: Caller,
    guest: Caller,
    received: Receiver,  # noqa: F811
) -> None:
    event = await paid(shop, customer, received)
    good = signed(event)
    for request in (
        {"content": event},
        {**good, "headers": {"Stripe-Signature": ""}},
        {**good, "headers": {"Stripe-Signature": "t=1,v1=0"}},
        {**good, "headers": {"Stripe-Signature": b"\xff"}},
        {**good, "content": event + " "},
        signed(event, "whsec_of_somebody_else"),
        signed(event, age=310),
        {"json": json.loads(event), "headers": customer.headers},
    ):
        await guest.refuses("POST /api/webhooks/stripe", "invalid_signature", **request)

    await nothing_was_taken(shop)


async def test_event_is_sent_again_where_stripe_cannot_be_asked(
    shop: Shop,  # noqa: F811
    customer: Caller,
    guest: Caller,
    received: Receiver,  # noqa: F811
    controls: Controls,  # noqa: F811
) -> None:
    event = await paid(shop, customer, received)
    controls.post("/faults", count=3, status=503, method="GET", path_contains="/payment_intents")

    await guest.refuses("POST /api/webhooks/stripe", "provider_unavailable", **signed(event))  # 500, not 503

    await nothing_was_taken(shop)
    await guest.answers("POST /api/webhooks/stripe", **signed(event))
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
