"""Field by field: what the sandbox answers is what the SDK's types, made from Stripe's specification, declare."""

from typing import Any

import pytest
import stripe
from stripe import StripeClient

# Always there at Stripe, and what the shop reads.
READ_BY_THE_SHOP = {
    "payment_intent": {
        "id",
        "client_secret",
        "status",
        "amount",
        "amount_received",
        "currency",
        "metadata",
        "latest_charge",
        "last_payment_error",
        "livemode",
        "created",
    },
    "refund": {"id", "status", "amount", "currency", "payment_intent", "metadata", "created"},
    "event": {"id", "type", "created", "livemode", "data", "api_version", "request", "pending_webhooks"},
}


def _undeclared(value: Any, declared: type, path: str) -> list[str]:
    """Return the paths of fields that the SDK's class does not declare, in the object and the objects inside it."""
    found = []
    for name, inner in value.items():
        if name not in declared.__annotations__:
            found.append(f"{path}.{name}")
        nested = getattr(declared, "".join(part.title() for part in name.split("_")), None)
        if isinstance(inner, dict) and isinstance(nested, type) and getattr(nested, "__annotations__", None):
            found += _undeclared(inner, nested, f"{path}.{name}")
    return found


def _check(thing: stripe.StripeObject, declared: type) -> None:
    body = thing.to_dict()
    assert _undeclared(body, declared, body["object"]) == []
    assert READ_BY_THE_SHOP.get(body["object"], set()) <= set(body)


def _pay(client: StripeClient, method: str, **more: Any) -> stripe.PaymentIntent:
    try:
        return client.v1.payment_intents.create(
            {"amount": 5_998, "currency": "usd", "confirm": True, "payment_method": method, **more}
        )
    except stripe.CardError as refusal:
        return client.v1.payment_intents.retrieve(refusal.error.payment_intent.id)


@pytest.mark.parametrize(
    "method",
    ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_usBankAccount_processing"],
)
def test_payment_objects_have_only_declared_fields(client, method):
    shipping = {"name": "Jane", "address": {"line1": "1 Main St", "city": "Springfield", "country": "US"}}
    intent = _pay(client, method, shipping=shipping, return_url="https://shop.example/back")

    _check(intent, stripe.PaymentIntent)
    for charge in client.v1.charges.list({"payment_intent": intent.id}).data:
        _check(charge, stripe.Charge)
        _check(client.v1.payment_methods.retrieve(charge.payment_method), stripe.PaymentMethod)


def test_refunds_disputes_and_events_have_only_declared_fields(client):
    paid, disputed = _pay(client, "pm_card_pendingRefund"), _pay(client, "pm_card_createDispute")

    _check(client.v1.refunds.create({"payment_intent": paid.id, "amount": 100}), stripe.Refund)
    _check(client.v1.disputes.list({"payment_intent": disputed.id}).data[0], stripe.Dispute)
    events = client.v1.events.list({"limit": 100}).data
    assert {event.type for event in events} >= {"payment_intent.succeeded", "refund.created", "charge.refunded"}
    for event in events:
        _check(event, stripe.Event)


def test_errors_have_only_declared_fields(client):
    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.create(
            {"amount": 5_998, "currency": "usd", "confirm": True, "payment_method": "pm_card_chargeDeclined"}
        )
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create({"currency": "usd"})

    assert set(refused.value.json_body["error"]) == {"code", "doc_url", "message", "param", "request_log_url", "type"}
    assert set(declined.value.json_body["error"]) == {
        "advice_code",
        "charge",
        "code",
        "decline_code",
        "doc_url",
        "message",
        "network_decline_code",
        "payment_intent",
        "payment_method",
        "request_log_url",
        "type",
    }
