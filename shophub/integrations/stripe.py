"""Stripe: the official client, set up once, and small frozen values instead of its objects."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import requests
import stripe
from stripe import StripeClient

from shophub.errors import InvalidWebhookError, ProviderError
from shophub.integrations.stripe_objects import (
    PaymentIntentStateError,
    StripeDispute,
    StripeEvent,
    StripePaymentIntent,
    StripeRefund,
    dispute_of,
    event_of,
    intent_of,
    plain,
    refund_of,
)
from shophub.settings import get_settings

__all__ = [
    "PaymentIntentStateError",
    "StripeDispute",
    "StripeEvent",
    "StripePaymentIntent",
    "StripeRefund",
    "cancel_payment_intent",
    "confirm_payment_intent",
    "create_payment_intent",
    "create_refund",
    "get_payment_intent",
    "get_refund",
    "list_disputes",
    "list_events",
    "list_payment_intents",
    "list_refunds",
    "parse_event",
    "update_payment_intent",
]

T = TypeVar("T")

# The version that the installed SDK was made for: objects and types agree, and an account's default never matters.
API_VERSION = stripe.api_version
MAX_THREADS = 16
# Signed longer ago than this, an event is refused as a replay: https://docs.stripe.com/webhooks#replay-attacks.
WEBHOOK_TOLERANCE_SECONDS = 300
_PAGE = 100
# Stripe itself failed. It repeats that answer under the same idempotency key for a day.
SERVER_ERROR = "server_error"


@lru_cache(maxsize=1)
def _executor() -> ThreadPoolExecutor:
    """Return the threads for SDK calls: their own, so that slow calls never starve others of asyncio's few."""
    return ThreadPoolExecutor(max_workers=MAX_THREADS, thread_name_prefix="stripe")


def _client() -> StripeClient:
    settings = get_settings()
    seconds = settings.stripe_timeout.total_seconds()
    key = settings.stripe_secret_key.get_secret_value()
    return _client_for(key, settings.stripe_api_base, seconds, settings.stripe_retries)


@lru_cache(maxsize=4)
def _client_for(secret_key: str, base: str | None, timeout_seconds: float, retries: int) -> StripeClient:
    session = requests.Session()
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=MAX_THREADS))
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=MAX_THREADS))
    session.trust_env = base is None  # the sandbox is on this machine: a proxy of the environment must not see it
    return StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base is not None else {},
        http_client=stripe.RequestsClient(timeout=timeout_seconds, session=session),
        max_network_retries=retries,
    )


async def _call(function: Callable[[StripeClient], T]) -> T:
    """Run one SDK call in a thread and turn its errors into ours.

    Raises:
        PaymentIntentStateError: The intent's status does not allow the step.
        ProviderError: Any other refusal; retryable when Stripe was out of reach, busy or broken.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(_executor(), function, _client())
    except stripe.StripeError as error:
        raise _translated(error) from error


def _translated(error: stripe.StripeError) -> ProviderError | PaymentIntentStateError:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    details = body.get("error", {}) if isinstance(body.get("error"), dict) else {}
    intent = details.get("payment_intent")
    if error.code == "payment_intent_unexpected_state" and isinstance(intent, dict):
        return PaymentIntentStateError("This payment is already under way or done.", intent_of(intent))
    status = error.http_status
    retryable = (
        isinstance(error, stripe.APIConnectionError | stripe.RateLimitError)
        or status is None
        or status >= 500
        # 401 and 403 speak of our key, which somebody will put right, not of what was asked for.
        or status in (401, 403, 409, 429)
    )
    message = (
        "The payment service cannot be reached right now. Please try again in a moment."
        if retryable
        else "The payment service refused the request."
    )
    code = error.code or (SERVER_ERROR if status is not None and status >= 500 else None)
    return ProviderError(message, retryable=retryable, provider_code=code)


async def create_payment_intent(
    *,
    amount_minor: int,
    currency: str,
    metadata: dict[str, str],
    idempotency_key: str,
    receipt_email: str | None = None,
) -> StripePaymentIntent:
    """Create a PaymentIntent for ``amount_minor`` with the payment methods that the account has switched on.

    The same key and arguments give the same intent for 24 hours. Source: https://docs.stripe.com/api/payment_intents.

    Raises:
        ProviderError: Refused (``provider_code`` says why, such as ``amount_too_small``) or out of reach.
    """

    def call(client: StripeClient) -> StripePaymentIntent:
        params: stripe.params.PaymentIntentCreateParams = {
            "amount": amount_minor,
            "currency": currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": metadata,
        }
        if receipt_email is not None:
            params["receipt_email"] = receipt_email
        options: stripe.RequestOptions = {"idempotency_key": idempotency_key}
        return intent_of(plain(client.v1.payment_intents.create(params, options)))

    return await _call(call)


async def update_payment_intent(
    intent_id: str, *, amount_minor: int, metadata: dict[str, str], idempotency_key: str
) -> StripePaymentIntent:
    """Change amount and metadata in one call: both or neither.

    Raises:
        PaymentIntentStateError: It is processing, paid or cancelled; nothing was changed.
        ProviderError: Refused or out of reach.
    """

    def call(client: StripeClient) -> StripePaymentIntent:
        updated = client.v1.payment_intents.update(
            intent_id, {"amount": amount_minor, "metadata": metadata}, {"idempotency_key": idempotency_key}
        )
        return intent_of(plain(updated))

    return await _call(call)


async def confirm_payment_intent(intent_id: str, *, payment_method: str, return_url: str) -> StripePaymentIntent:
    """Pay an intent from here, without a page: with one of Stripe's test payment methods, such as ``pm_card_visa``.

    It needs no idempotency key: a second call finds the intent paid.

    Raises:
        PaymentIntentStateError: It is processing, paid or cancelled; the error carries it.
        ProviderError: Declined, refused or out of reach.
    """

    def call(client: StripeClient) -> StripePaymentIntent:
        params: stripe.params.PaymentIntentConfirmParams = {"payment_method": payment_method, "return_url": return_url}
        return intent_of(plain(client.v1.payment_intents.confirm(intent_id, params)))

    return await _call(call)


async def get_payment_intent(intent_id: str) -> StripePaymentIntent:
    """Return how an intent stands now.

    Raises:
        ProviderError: Unknown (``provider_code`` ``resource_missing``) or out of reach.
    """
    return await _call(lambda client: intent_of(plain(client.v1.payment_intents.retrieve(intent_id))))


async def cancel_payment_intent(intent_id: str) -> StripePaymentIntent:
    """Cancel an intent, so that nothing can be paid with it any more. One that is cancelled already is returned.

    Raises:
        PaymentIntentStateError: It is processing or paid; the error carries it.
        ProviderError: Refused or out of reach.
    """
    try:
        return await _call(lambda client: intent_of(plain(client.v1.payment_intents.cancel(intent_id))))
    except PaymentIntentStateError as error:
        if error.intent.status == "canceled":
            return error.intent
        raise


async def create_refund(
    *, payment_intent_id: str, amount_minor: int, metadata: dict[str, str], idempotency_key: str
) -> StripeRefund:
    """Refund a part of what was paid; Stripe refuses more than is left.

    Raises:
        ProviderError: Refused (such as ``charge_already_refunded``, ``charge_disputed``) or out of reach.
        PaymentIntentStateError: Nothing was paid.
    """

    def call(client: StripeClient) -> StripeRefund:
        refund = client.v1.refunds.create(
            {"payment_intent": payment_intent_id, "amount": amount_minor, "metadata": metadata},
            {"idempotency_key": idempotency_key},
        )
        return refund_of(plain(refund))

    return await _call(call)


async def get_refund(refund_id: str) -> StripeRefund:
    """Return how a refund stands now.

    Raises:
        ProviderError: Unknown (``provider_code`` ``resource_missing``) or out of reach.
    """
    return await _call(lambda client: refund_of(plain(client.v1.refunds.retrieve(refund_id))))


def _all(first: stripe.ListObject[Any]) -> list[dict[str, Any]]:
    """Return the objects of all pages."""
    return [plain(item) for item in first.auto_paging_iter()]


async def list_refunds(payment_intent_id: str) -> Sequence[StripeRefund]:
    """Return all refunds of a payment, newest first, wherever they were made.

    Raises:
        ProviderError: Out of reach.
    """

    def call(client: StripeClient) -> list[StripeRefund]:
        found = client.v1.refunds.list({"payment_intent": payment_intent_id, "limit": _PAGE})
        return [refund_of(item) for item in _all(found)]

    return await _call(call)


async def list_disputes(payment_intent_id: str) -> Sequence[StripeDispute]:
    """Return all disputes of a payment, newest first.

    Raises:
        ProviderError: Out of reach.
    """

    def call(client: StripeClient) -> list[StripeDispute]:
        found = client.v1.disputes.list({"payment_intent": payment_intent_id, "limit": _PAGE})
        return [dispute_of(item) for item in _all(found)]

    return await _call(call)


async def list_payment_intents(created_after: datetime) -> Sequence[StripePaymentIntent]:
    """Return all intents made at or after a moment, newest first.

    Raises:
        ProviderError: Out of reach.
    """

    def call(client: StripeClient) -> list[StripePaymentIntent]:
        since = int(created_after.timestamp())
        found = client.v1.payment_intents.list({"created": {"gte": since}, "limit": _PAGE})
        return [intent_of(item) for item in _all(found)]

    return await _call(call)


async def list_events(created_after: datetime, types: Iterable[str] = ()) -> Sequence[StripeEvent]:
    """Return all events (of some types, at most 20) made at or after a moment, newest first.

    Stripe keeps them for 30 days.

    Raises:
        ProviderError: Out of reach.
    """

    chosen = sorted(types)

    def call(client: StripeClient) -> list[StripeEvent]:
        params: stripe.params.EventListParams = {"created": {"gte": int(created_after.timestamp())}, "limit": _PAGE}
        if chosen:
            params["types"] = chosen
        found = client.v1.events.list(params)
        return [event_of(item) for item in _all(found)]

    return await _call(call)


def parse_event(raw: bytes, signature: str | None) -> StripeEvent:
    """Return the event in a webhook's body after checking who signed it, and that it was within 300 seconds.

    Source: https://docs.stripe.com/webhooks#verify-official-libraries.

    Raises:
        InvalidWebhookError: The signature is missing, wrong or old, or the body is no event.
    """
    if not signature:
        raise InvalidWebhookError("The Stripe-Signature header is missing.")
    secret = get_settings().stripe_webhook_secret.get_secret_value()
    try:
        event = stripe.Webhook.construct_event(raw, signature, secret, tolerance=WEBHOOK_TOLERANCE_SECONDS)
        return event_of(plain(event))
    except stripe.SignatureVerificationError as error:
        raise InvalidWebhookError("The signature does not match.") from error
    except (ValueError, LookupError, TypeError, AttributeError, stripe.StripeError) as error:
        raise InvalidWebhookError("The body is not a Stripe event.") from error
