"""Refunds and disputes of the Stripe sandbox."""

import pytest
import stripe
from stripe import StripeClient


def _pay(client: StripeClient, amount: int = 1_000, method: str = "pm_card_visa") -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "usd", "confirm": True, "payment_method": method}
    )


def test_partial_refunds_add_up_and_the_last_takes_the_rest(client, received):
    intent = _pay(client)

    first = client.v1.refunds.create({"payment_intent": intent.id, "amount": 300, "metadata": {"refund_id": "r1"}})
    last = client.v1.refunds.create({"payment_intent": intent.id})

    assert (first.status, first.amount, first.metadata.to_dict()) == ("succeeded", 300, {"refund_id": "r1"})
    assert (last.amount, last.charge, last.payment_intent) == (700, intent.latest_charge, intent.id)
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (1_000, True)
    assert [refund.id for refund in charge.refunds.data] == [last.id, first.id]
    assert [refund.id for refund in client.v1.refunds.list({"payment_intent": intent.id}).data] == [last.id, first.id]
    assert len(received.wait(2, event_type="refund.created")) == 2
    assert len(received.wait(2, event_type="charge.refunded")) == 2


def test_last_of_three_decimals_has_to_be_zero_for_refunds_and_new_amounts_too(client):
    paid = client.v1.payment_intents.create(
        {"amount": 5_000, "currency": "kwd", "confirm": True, "payment_method": "pm_card_visa"}
    )
    unpaid = client.v1.payment_intents.create({"amount": 5_000, "currency": "kwd"})

    with pytest.raises(stripe.InvalidRequestError, match="last digit of an amount in kwd must be 0"):
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 1_999})
    with pytest.raises(stripe.InvalidRequestError, match="last digit of an amount in kwd must be 0"):
        client.v1.payment_intents.update(unpaid.id, {"amount": 5_001})

    assert client.v1.refunds.create({"payment_intent": paid.id, "amount": 1_990}).amount == 1_990
    assert client.v1.payment_intents.retrieve(unpaid.id).amount == 5_000


def test_refund_of_more_than_is_left_is_refused(client):
    intent = _pay(client)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 600})

    with pytest.raises(stripe.InvalidRequestError, match=r"\(\$4\.01\) is greater than .* \(\$4\.00\)") as refusal:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 401})

    assert refusal.value.param == "amount"
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 400})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 1_000


def test_unpaid_intent_cannot_be_refunded(client):
    intent = client.v1.payment_intents.create({"amount": 1_000, "currency": "usd"})

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_refund_that_fails_at_the_bank_gives_its_amount_back(client, controls, received):
    intent = _pay(client, method="pm_card_refundFail")
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 400})
    assert refund.status == "succeeded"

    controls.post(f"/refunds/{refund.id}/finish", outcome="failed")

    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 0
    assert len(received.wait(1, event_type="refund.failed")) == 1
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 1_000


def test_pending_refund_holds_its_amount_until_it_succeeds(client, controls, received):
    intent = _pay(client, method="pm_card_pendingRefund")

    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 400})

    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 400
    controls.post(f"/refunds/{refund.id}/finish", outcome="succeeded")
    (update,) = received.wait(1, event_type="refund.updated")
    assert update.event["data"]["object"]["status"] == "succeeded"
    assert update.event["data"]["previous_attributes"] == {"status": "pending"}


def test_only_the_metadata_of_a_refund_can_change(client):
    refund = client.v1.refunds.create({"payment_intent": _pay(client).id})

    updated = client.v1.refunds.update(refund.id, {"metadata": {"note": "damaged"}})

    assert updated.metadata.to_dict() == {"note": "damaged"}
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        client.v1.refunds.update(refund.id, {"amount": 5})


def test_dispute_card_is_disputed_at_once_and_blocks_refunds(client, received):
    intent = _pay(client, method="pm_card_createDispute")

    assert intent.status == "succeeded"
    (dispute,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.amount, dispute.status, dispute.charge) == (1_000, "needs_response", intent.latest_charge)
    assert client.v1.charges.retrieve(intent.latest_charge).disputed is True
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_disputed"
    assert len(received.wait(1, event_type="charge.dispute.created")) == 1
    assert len(received.wait(1, event_type="charge.dispute.funds_withdrawn")) == 1


@pytest.mark.parametrize(("outcome", "reinstated"), [("won", 1), ("lost", 0)])
def test_closed_dispute_is_announced(client, controls, received, outcome, reinstated):
    intent = _pay(client)
    dispute = controls.post(f"/charges/{intent.latest_charge}/dispute").json()

    controls.post(f"/disputes/{dispute['id']}/close", outcome=outcome)

    (closed,) = received.wait(1, event_type="charge.dispute.closed")
    assert closed.event["data"]["object"]["status"] == outcome
    assert len(received.wait(reinstated, event_type="charge.dispute.funds_reinstated")) == reinstated
    assert client.v1.disputes.retrieve(dispute["id"]).status == outcome
