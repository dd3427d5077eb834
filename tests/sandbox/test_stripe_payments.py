"""PaymentIntents of the Stripe sandbox, through the official client."""

import pytest
import stripe
from stripe import StripeClient


def _intent(client: StripeClient, amount: int = 5_998, **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "usd", "automatic_payment_methods": {"enabled": True}, **more}
    )


def test_create_gives_an_intent_that_waits_for_a_payment_method(client):
    intent = _intent(client, metadata={"checkout_id": "c1", "revision": "2"}, receipt_email="a@example.com")

    assert intent.id.startswith("pi_")
    assert intent.client_secret.startswith(intent.id + "_secret_")
    assert (intent.amount, intent.amount_received, intent.currency) == (5_998, 0, "usd")
    assert intent.status == "requires_payment_method"
    assert intent.metadata.to_dict() == {"checkout_id": "c1", "revision": "2"}
    assert intent.automatic_payment_methods.enabled is True
    assert intent.receipt_email == "a@example.com"
    assert (intent.livemode, intent.latest_charge, intent.last_payment_error) == (False, None, None)
    assert client.v1.payment_intents.retrieve(intent.id).to_dict() == intent.to_dict()


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": 1000}, "parameter_missing", "currency"),
        ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
        ({"amount": 49, "currency": "jpy"}, "amount_too_small", "amount"),
        ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
        ({"amount": 1999, "currency": "kwd"}, None, "amount"),
        ({"amount": 1000, "currency": "xxx"}, None, "currency"),
        ({"amount": 1000, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 1000, "currency": "usd", "payment_method": "pm_nobody"}, "resource_missing", "payment_method"),
    ],
)
def test_create_with_bad_parameters_is_refused(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(params)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert refusal.value.request_id.startswith("req_")
    assert client.v1.payment_intents.list().data == []


def test_smallest_amount_is_accepted_and_the_message_names_it(client):
    assert _intent(client, 50).amount == 50

    with pytest.raises(stripe.InvalidRequestError, match=r"Amount must be at least \$0\.50 usd"):
        _intent(client, 49)


def test_confirm_with_a_good_card_makes_one_charge(client):
    intent = _intent(client)

    paid = client.v1.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "expand": ["latest_charge", "payment_method"]}
    )

    assert (paid.status, paid.amount_received) == ("succeeded", 5_998)
    assert (paid.latest_charge.status, paid.latest_charge.amount_captured) == ("succeeded", 5_998)
    assert paid.latest_charge.payment_intent == intent.id
    assert (paid.payment_method.card.brand, paid.payment_method.card.last4) == ("visa", "4242")
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_create_and_confirm_in_one_step(client):
    intent = _intent(client, confirm=True, payment_method="pm_card_mastercard")

    assert (intent.status, intent.amount_received) == ("succeeded", 5_998)


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
def test_declined_card_leaves_the_intent_open_for_another_try(client, method, code, decline_code):
    intent = _intent(client)

    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": method})

    assert refusal.value.http_status == 402
    assert (refusal.value.code, refusal.value.error.decline_code) == (code, decline_code)
    assert refusal.value.error.type == "card_error"
    assert refusal.value.error.payment_intent.id == intent.id
    assert refusal.value.error.doc_url.endswith(code.replace("_", "-"))
    after = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (after.status, after.amount_received, after.payment_method) == ("requires_payment_method", 0, None)
    assert (after.last_payment_error.code, after.last_payment_error.decline_code) == (code, decline_code)
    assert (after.latest_charge.status, after.latest_charge.failure_code) == ("failed", code)
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_update_changes_amount_and_metadata_in_one_call(client):
    intent = _intent(client, metadata={"revision": "1", "gone": "x"})

    updated = client.v1.payment_intents.update(intent.id, {"amount": 7_000, "metadata": {"revision": "2", "gone": ""}})

    assert (updated.amount, updated.metadata.to_dict()) == (7_000, {"revision": "2"})
    assert updated.client_secret == intent.client_secret


def test_update_with_a_bad_amount_changes_nothing(client):
    intent = _intent(client, metadata={"revision": "1"})

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.update(intent.id, {"amount": 3, "metadata": {"revision": "2"}})

    after = client.v1.payment_intents.retrieve(intent.id)
    assert (after.amount, after.metadata.to_dict()) == (5_998, {"revision": "1"})


def test_paid_intent_refuses_a_new_amount_but_takes_metadata(client):
    intent = _intent(client, confirm=True, payment_method="pm_card_visa")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.update(intent.id, {"amount": 7_000})

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.error.payment_intent.status == "succeeded"
    updated = client.v1.payment_intents.update(intent.id, {"metadata": {"order": "SH-1001"}})
    assert (updated.amount, updated.metadata.to_dict()) == (5_998, {"order": "SH-1001"})


def test_cancel_ends_an_intent_and_only_an_open_one(client):
    open_intent, paid = _intent(client), _intent(client, confirm=True, payment_method="pm_card_visa")

    canceled = client.v1.payment_intents.cancel(open_intent.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert canceled.canceled_at >= canceled.created
    for intent_id in (open_intent.id, paid.id):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.payment_intents.cancel(intent_id)
        assert refusal.value.code == "payment_intent_unexpected_state"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.confirm(open_intent.id, {"payment_method": "pm_card_visa"})
    assert client.v1.charges.list({"payment_intent": open_intent.id}).data == []


def test_confirm_without_a_payment_method_or_twice_is_refused(client):
    intent = _intent(client)

    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.v1.payment_intents.confirm(intent.id)
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError, match="already succeeded") as refusal:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert refusal.value.code == "payment_intent_unexpected_state"


def test_authentication_is_asked_for_and_both_outcomes_work(client):
    def answer(intent: stripe.PaymentIntent, outcome: str) -> None:
        client.raw_request(
            "post",
            f"/v1/payment_intents/{intent.id}/authenticate",
            client_secret=intent.client_secret,
            outcome=outcome,
        )

    good, bad = _intent(client), _intent(client)

    for intent in (good, bad):
        waiting = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequired"})
        assert (waiting.status, waiting.next_action.type) == ("requires_action", "use_stripe_sdk")
    answer(good, "complete")
    answer(bad, "fail")

    passed = client.v1.payment_intents.retrieve(good.id, {"expand": ["latest_charge"]})
    assert (passed.status, passed.amount_received, passed.next_action) == ("succeeded", 5_998, None)
    assert passed.latest_charge.payment_method_details.card.three_d_secure.result == "authenticated"
    failed = client.v1.payment_intents.retrieve(bad.id)
    assert (failed.status, failed.amount_received) == ("requires_payment_method", 0)
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert client.v1.charges.list({"payment_intent": bad.id}).data == []


def test_new_amount_voids_an_authentication_under_way(client):
    intent = _intent(client)
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequired"})

    updated = client.v1.payment_intents.update(intent.id, {"amount": 9_000})

    assert (updated.status, updated.next_action) == ("requires_confirmation", None)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.raw_request(
            "post",
            f"/v1/payment_intents/{intent.id}/authenticate",
            client_secret=intent.client_secret,
            outcome="complete",
        )
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert client.v1.payment_intents.retrieve(intent.id).amount_received == 0


def test_bank_debit_is_processing_until_it_settles(client, controls):
    paid, failed = _intent(client), _intent(client)
    for intent in (paid, failed):
        confirmed = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_usBankAccount_processing"})
        assert (confirmed.status, confirmed.amount_received) == ("processing", 0)
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.payment_intents.cancel(intent.id)
        assert refusal.value.error.payment_intent.status == "processing"

    assert controls.post(f"/payment_intents/{paid.id}/settle", outcome="succeeded").status_code == 200
    assert controls.post(f"/payment_intents/{failed.id}/settle", outcome="failed").status_code == 200

    after = client.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]})
    assert (after.status, after.amount_received, after.latest_charge.status) == ("succeeded", 5_998, "succeeded")
    after = client.v1.payment_intents.retrieve(failed.id)
    assert (after.status, after.last_payment_error.code) == ("requires_payment_method", "insufficient_funds")


def test_list_pages_newest_first(client):
    made = [_intent(client, 1_000 + n).id for n in range(5)]

    first = client.v1.payment_intents.list({"limit": 2})
    everything = [intent.id for intent in client.v1.payment_intents.list({"limit": 2}).auto_paging_iter()]
    back = client.v1.payment_intents.list({"limit": 2, "ending_before": made[0]})

    assert ([intent.id for intent in first.data], first.has_more) == ([made[4], made[3]], True)
    assert everything == made[::-1]
    assert [intent.id for intent in back.data] == [made[2], made[1]]
    created = client.v1.payment_intents.retrieve(made[0]).created
    assert len(client.v1.payment_intents.list({"created": {"gte": created}}).data) == 5
    assert client.v1.payment_intents.list({"created": {"gt": created + 60}}).data == []
    for bad in ({"limit": 0}, {"limit": 101}, {"starting_after": "pi_unknown"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.payment_intents.list(bad)
