"""What programs do to buy: a body to check out with, paying at Stripe, and Stripe's events on their way to the shop."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import stripe as sdk

from shophub.db import transaction
from shophub.models.catalog import Variant
from tests.api.rest.caller import Caller
from tests.checkout.conftest import Shop
from tests.sandbox.receiver import Receiver

SHIPPING = {
    "address": "1 Market Street",
    "city": "San Francisco",
    "zipCode": "94105",
    "phone": "+1 415 555 0100",
}


async def product_of(variant_id: UUID) -> str:
    """Return the id of a variant's product, as programs send it."""
    async with transaction() as session:
        variant = await session.get(Variant, variant_id)
        assert variant is not None
        return str(variant.product_id)


async def given(variant_id: UUID, quantity: int = 1, *, email: str | None = None, **more: object) -> dict[str, Any]:
    """Return a body that gives one item."""
    info = {**SHIPPING, "email": email} if email else dict(SHIPPING)
    items = [{"id": await product_of(variant_id), "quantity": quantity}]
    return {"items": items, "shippingInfo": info, **more}


def pay(shop: Shop, started: dict[str, Any], method: str = "pm_card_visa") -> sdk.PaymentIntent:
    """Pay at Stripe, as Stripe's client does with a client secret."""
    intent_id, _, _ = started["clientSecret"].partition("_secret_")
    return shop.stripe.v1.payment_intents.confirm(
        intent_id, {"payment_method": method, "return_url": "http://localhost/done"}
    )


async def announced(received: Receiver, kind: str = "payment_intent.succeeded") -> tuple[bytes, str]:
    """Return an event as Stripe sent it, and its signature."""
    (one, *_) = await asyncio.to_thread(received.wait, 1, event_type=kind)
    return one.body, one.signature


async def post_event(caller: Caller, body: bytes | dict[str, Any], signature: str) -> httpx.Response:
    """Send an event to the webhook's door."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return await caller.client.post("/api/webhooks/stripe", content=content, headers=headers)
