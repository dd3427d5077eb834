"""The shop's own Stripe client against the sandbox, and webhooks as the shop reads them."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import stripe as official
from hypothesis import given
from hypothesis import strategies as st

from shophub.domain.stripe_minimums import minimum_charge_minor
from shophub.errors import InvalidWebhookError, ProviderError
from shophub.integrations import stripe
from shophub.sandbox.stripe.currencies import MINIMUMS
from shophub.sandbox.stripe.deliveries import signature_header

pytestmark = pytest.mark.usefixtures("shop_settings")


async def _create(amount: int = 5_998, key: str = "k1") -> stripe.StripePaymentIntent:
    return await stripe.create_payment_intent(
        amount_minor=amount,
        currency="USD",
        metadata={"store_id": "s1", "checkout_id": "c1", "revision": "1"},
        idempotency_key=key,
        receipt_email="jane@example.com",
    )


async def test_intent_is_created_once_per_key_and_read_back():
    before = datetime.now(UTC) - timedelta(seconds=2)

    first, again = await asyncio.gather(_create(), _create())

    assert first == again == await stripe.get_payment_intent(first.id)
    assert (first.status, first.amount_minor, first.amount_received_minor) == ("requires_payment_method", 5_998, 0)
    assert (first.currency, first.livemode, first.latest_charge_id) == ("USD", False, None)
    assert first.metadata == {"store_id": "s1", "checkout_id": "c1", "revision": "1"}
    assert before < first.created_at < datetime.now(UTC) + timedelta(seconds=2)
    assert [intent.id for intent in await stripe.list_payment_intents(before)] == [first.id]
    assert await stripe.list_payment_intents(before + timedelta(minutes=1)) == []


async def test_update_changes_amount_and_revision_together():
    intent = await _create()

    updated = await stripe.update_payment_intent(
        intent.id, amount_minor=7_000, metadata={"revision": "2"}, idempotency_key="k2"
    )

    assert (updated.amount_minor, updated.metadata["revision"], updated.metadata["checkout_id"]) == (7_000, "2", "c1")


async def test_paid_intent_refuses_update_and_cancel_and_says_how_it_stands(client):
    intent = await _create()
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    with pytest.raises(stripe.PaymentIntentStateError) as refused_update:
        await stripe.update_payment_intent(intent.id, amount_minor=7_000, metadata={}, idempotency_key="k2")
    with pytest.raises(stripe.PaymentIntentStateError) as refused_cancel:
        await stripe.cancel_payment_intent(intent.id)

    for refused in (refused_update, refused_cancel):
        assert (refused.value.intent.status, refused.value.intent.amount_received_minor) == ("succeeded", 5_998)
        assert refused.value.code == "payment_in_progress"
    assert (await stripe.get_payment_intent(intent.id)).amount_minor == 5_998


async def test_cancel_is_idempotent():
    intent = await _create()

    first, again = await stripe.cancel_payment_intent(intent.id), await stripe.cancel_payment_intent(intent.id)

    assert (first.status, again) == ("canceled", first)


async def test_decline_is_told_by_code_and_sentence(client):
    intent = await _create()
    with pytest.raises(official.CardError):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclinedInsufficientFunds"})

    declined = await stripe.get_payment_intent(intent.id)

    assert declined.last_error_code == "insufficient_funds"
    assert declined.last_error_message == "Your card has insufficient funds."
    assert declined.latest_charge_id is not None


async def test_refunds_are_made_once_per_key_and_listed(client):
    intent = await _create(1_000)
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    asked = {"payment_intent_id": intent.id, "amount_minor": 400, "metadata": {"refund_id": "r1"}}

    first, again = await asyncio.gather(*(stripe.create_refund(**asked, idempotency_key="r1") for _ in range(2)))

    assert first == again == await stripe.get_refund(first.id)
    assert (first.status, first.amount_minor, first.currency) == ("succeeded", 400, "USD")
    assert (first.payment_intent_id, first.metadata) == (intent.id, {"refund_id": "r1"})
    assert await stripe.list_refunds(intent.id) == [first]
    with pytest.raises(ProviderError) as refusal:
        await stripe.create_refund(payment_intent_id=intent.id, amount_minor=601, metadata={}, idempotency_key="r2")
    assert refusal.value.retryable is False


async def test_unknown_ids_and_small_amounts_are_final_refusals():
    with pytest.raises(ProviderError) as unknown:
        await stripe.get_payment_intent("pi_nobody")
    with pytest.raises(ProviderError) as small:
        await _create(49)

    assert (unknown.value.provider_code, unknown.value.retryable) == ("resource_missing", False)
    assert (small.value.provider_code, small.value.retryable) == ("amount_too_small", False)


async def test_passing_faults_are_retried_and_lasting_ones_are_retryable(controls):
    controls.post("/faults", count=1, status=500, after_effect=True)
    assert (await _create()).status == "requires_payment_method"

    controls.post("/faults", count=3, status=500)
    with pytest.raises(ProviderError) as refusal:
        await stripe.get_payment_intent("pi_any")

    assert refusal.value.retryable is True
    assert len(await stripe.list_payment_intents(datetime.now(UTC) - timedelta(minutes=1))) == 1


async def test_unreachable_stripe_is_retryable(monkeypatch):
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:1")
    stripe.get_settings.cache_clear()

    with pytest.raises(ProviderError) as refusal:
        await stripe.get_payment_intent("pi_any")

    assert refusal.value.retryable is True


async def test_delivered_event_is_read_and_listed(client, received):
    intent = await _create()
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    (one,) = received.wait(1, event_type="payment_intent.succeeded")

    event = stripe.parse_event(one.body, one.signature)

    assert (event.type, event.object_type, event.object_id) == (
        "payment_intent.succeeded",
        "payment_intent",
        intent.id,
    )
    assert (event.payment_intent_id, event.livemode) == (intent.id, False)
    assert event.payload["data"]["object"]["amount_received"] == 5_998
    listed = await stripe.list_events(datetime.now(UTC) - timedelta(minutes=1))
    assert [other.id for other in listed if other.type == event.type] == [event.id]
    assert {other.payment_intent_id for other in listed} == {intent.id}


def _signed(body: str, *, age: int = 0, secret: str = "whsec_sandbox") -> str:
    return signature_header(body, secret, int(time.time()) - age)


@pytest.mark.parametrize(
    "signature",
    [None, "", "t=1,v1=0", "nonsense", _signed("{}", age=301), _signed("{}", secret="whsec_other"), _signed("[]")],
    ids=["none", "empty", "short", "nonsense", "old", "of another secret", "of another body"],
)
def test_bad_missing_or_old_signature_is_refused(signature):
    with pytest.raises(InvalidWebhookError):
        stripe.parse_event(b"{}", signature)


@pytest.mark.parametrize("body", ["{}", "[]", "null", "not json", '{"object": "event"}', '{"id": 1, "data": []}'])
def test_signed_body_that_is_no_event_is_refused(body):
    with pytest.raises(InvalidWebhookError):
        stripe.parse_event(body.encode(), _signed(body))


@given(st.binary(max_size=60), st.text(max_size=60))
def test_arbitrary_bytes_never_pass(raw, signature):
    with pytest.raises(InvalidWebhookError):
        stripe.parse_event(raw, signature)


def test_shop_and_sandbox_agree_on_the_smallest_charge():
    assert {code.upper(): minimum_charge_minor(code) for code in MINIMUMS} == {
        code.upper(): minimum for code, minimum in MINIMUMS.items()
    }
    assert minimum_charge_minor("KWD") == 1
