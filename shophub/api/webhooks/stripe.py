"""Stripe's door: signed events."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC
from shophub.errors import InvalidInputError, InvalidWebhookError, ProviderError
from shophub.schemas.api.webhooks import ReceivedOut
from shophub.services.flows.handle_event import handle_event
from shophub.services.webhooks import read_event

router = APIRouter(tags=["webhooks"])

# Stripe's events are a few kilobytes; what is larger is not one.
MAX_BODY_BYTES = 1_000_000
# Signed as it arrives, so it is not parsed before: only what is described of it is Stripe's event.
EVENT: dict[str, Any] = {
    "required": True,
    "content": {"application/json": {"schema": {"type": "object", "title": "StripeEvent"}}},
}
Signature = Annotated[
    str, Header(alias="Stripe-Signature", description="When Stripe signed the body, and the signatures: `t=…,v1=…`.")
]


@router.post(
    "/api/webhooks/stripe",
    dependencies=[PUBLIC],
    openapi_extra={"requestBody": EVENT, **refuses(InvalidWebhookError, ProviderError)},
)
async def post_stripe_event(request: Request, stripe_signature: Signature = "") -> ReceivedOut:
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
    await handle_event(read_event(body, stripe_signature or None))
    return ReceivedOut()
