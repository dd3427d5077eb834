"""Stripe's door: signed events."""

from fastapi import APIRouter, Request

from shophub.api.permissions import PUBLIC
from shophub.errors import InvalidInputError
from shophub.services.flows.handle_event import handle_event
from shophub.services.webhooks import read_event

router = APIRouter(tags=["webhooks"])

# Stripe's events are a few kilobytes; what is larger is not one.
MAX_BODY_BYTES = 1_000_000


@router.post("/api/webhooks/stripe", dependencies=[PUBLIC])
async def post_stripe_event(request: Request) -> dict[str, bool]:
    """Take a signed event. 400 where the signature is missing, wrong or old; 500 makes Stripe send it again.

    Raises:
        InvalidWebhookError: The signature does not hold.
        ProviderError: Stripe cannot be asked for the present state; nothing was stored.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidInputError("The event is too large.")
    await handle_event(read_event(body, request.headers.get("stripe-signature")))
    return {"received": True}
