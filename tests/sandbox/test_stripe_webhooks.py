"""Signed events of the Stripe sandbox, received by a real endpoint."""

import time

import psycopg
import pytest
import stripe
from stripe import StripeClient

SECRET = "whsec_sandbox"


def _pay(client: StripeClient, amount: int = 5_998, method: str = "pm_card_visa") -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "usd", "confirm": True, "payment_method": method, "metadata": {"store": "s1"}}
    )


def test_payment_is_announced_with_a_valid_signature(client, received):
    intent = _pay(client)

    (one,) = received.wait(1, event_type="payment_intent.succeeded")

    event = stripe.Webhook.construct_event(one.body, one.signature, SECRET)
    assert (event.type, event.data.object.id, event.livemode) == ("payment_intent.succeeded", intent.id, False)
    assert event.api_version == stripe.api_version
    assert event.data.object.to_dict() == client.v1.payment_intents.retrieve(intent.id).to_dict()
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(one.body + b" ", one.signature, SECRET)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(one.body, one.signature, "whsec_other")


def test_events_api_lists_what_happened_whether_delivered_or_not(client, received):
    intent = _pay(client)
    received.wait(1, event_type="payment_intent.succeeded")

    types = [event.type for event in client.v1.events.list({"limit": 100}).data]

    assert types == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
    only = client.v1.events.list({"type": "payment_intent.*"}).data
    assert [event.data.object.id for event in only] == [intent.id, intent.id]
    assert client.v1.events.retrieve(only[0].id).request.id.startswith("req_")
    # Created and charge events are not among those that a shop subscribes to.
    assert [one.event["type"] for one in received.wait(1)] == ["payment_intent.succeeded"]


def test_failed_delivery_is_tried_again_until_it_is_taken(client, received, controls):
    received.answer(500, 503, 500)

    _pay(client)

    attempts = received.wait(4, event_type="payment_intent.succeeded")
    assert [one.status for one in attempts] == [500, 503, 500, 200]
    assert len({one.event["id"] for one in attempts}) == 1
    delivery = _only(controls, "delivered")
    assert (delivery["attempts"], delivery["last_status"]) == (4, 200)


def test_delivery_is_given_up_after_the_last_wait(client, received, controls):
    received.answer(*[500] * 5)

    _pay(client)

    assert len(received.wait(5)) == 5
    assert _only(controls, "failed")["attempts"] == 5


def _only(controls, state: str) -> dict[str, object]:
    """Return the only delivery once its outcome is recorded: that happens after the endpoint has answered."""
    for _ in range(100):
        (delivery,) = controls.deliveries()
        if delivery["state"] == state:
            return delivery
        time.sleep(0.02)
    raise AssertionError(f"{delivery} is not {state}")


def test_killed_sandbox_goes_on_delivering_after_a_restart(client, received, controls, running_sandbox):
    controls.post("/deliveries/rules", delay_ms=600)
    intent = _pay(client)
    running_sandbox.kill()
    assert received.wait(1, timeout=0.8) == []

    running_sandbox.start()

    (one,) = received.wait(1)
    assert one.event["data"]["object"]["id"] == intent.id


def test_delivery_cut_short_by_a_kill_is_made_again(client, received, running_sandbox):
    received.answer_after(1.5)
    _pay(client)
    (cut,) = received.wait(1)
    running_sandbox.kill()
    received.answer_after(0)

    running_sandbox.start()

    first, again = received.wait(2)
    assert first == cut
    assert again.event["id"] == cut.event["id"]


def test_two_processes_deliver_each_event_once(client, received, controls, running_sandbox, tmp_path):
    second = running_sandbox.twin(tmp_path)
    second.start()
    received.answer_after(0.05)

    made = {_pay(client).id for _ in range(12)}
    arrived = [one.event["data"]["object"]["id"] for one in received.wait(12)]
    time.sleep(0.3)

    assert (set(arrived), len(received.received)) == (made, 12)
    second.kill()


def test_bank_debits_settle_by_themselves(client, received, sandbox_database):
    paid, failed = (
        _pay(client, method="pm_usBankAccount_success"),
        _pay(client, method="pm_usBankAccount_insufficientFunds"),
    )
    assert len(received.wait(2, event_type="payment_intent.processing")) == 2

    with psycopg.connect(sandbox_database) as connection:
        connection.execute("UPDATE sandbox.stripe_timers SET due_at = now()")

    (settled,) = received.wait(1, event_type="payment_intent.succeeded")
    (returned,) = received.wait(1, event_type="payment_intent.payment_failed")
    assert settled.event["data"]["object"]["id"] == paid.id
    assert settled.event["request"] == {"id": None, "idempotency_key": None}
    assert returned.event["data"]["object"]["id"] == failed.id


def test_dropped_event_never_arrives_and_can_be_sent_again(client, received, controls):
    controls.post("/deliveries/rules", drop=1)

    dropped, kept = _pay(client), _pay(client)

    (one,) = received.wait(1)
    assert one.event["data"]["object"]["id"] == kept.id
    lost = client.v1.events.list({"type": "payment_intent.succeeded", "delivery_success": False}).data
    assert [event.data.object.id for event in lost] == [dropped.id]
    controls.post(f"/events/{lost[0].id}/resend")
    assert len(received.wait(2)) == 2


def test_repeated_event_arrives_several_times_under_one_id(client, received, controls):
    controls.post("/deliveries/rules", repeat=2)

    _pay(client)

    copies = received.wait(3)
    assert len(copies) == 3
    assert len({one.event["id"] for one in copies}) == 1


def test_reordered_events_arrive_newest_first(client, received, controls):
    controls.post("/deliveries/rules", reorder=3)

    made = [_pay(client).id for _ in range(3)]

    arrived = [one.event["data"]["object"]["id"] for one in received.wait(3)]
    assert arrived == made[::-1]


def test_held_events_wait_until_they_are_released(client, received, controls):
    controls.post("/deliveries/rules", hold=1)
    _pay(client)
    assert received.wait(1, timeout=0.3) == []

    assert controls.post("/deliveries/release").json() == {"released": 1}

    assert len(received.wait(1)) == 1


def test_declined_and_canceled_payments_are_announced(client, received):
    intent = client.v1.payment_intents.create({"amount": 5_998, "currency": "usd"})
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    client.v1.payment_intents.cancel(intent.id)

    arrived = {one.event["type"]: one.event["data"]["object"] for one in received.wait(2)}

    assert set(arrived) == {"payment_intent.payment_failed", "payment_intent.canceled"}
    assert arrived["payment_intent.payment_failed"]["last_payment_error"]["decline_code"] == "generic_decline"


def _luck(client, received, controls, seed: int) -> tuple[list[int], bool]:
    """Return how often each of 20 events arrives under chance that begins with this seed, and whether in order."""
    assert controls.post("/reset").json() == {"reset": True}
    controls.post("/deliveries/rules", drop_percent=30, repeat_up_to=2, shuffle_ms=400, seed=seed).raise_for_status()
    made = [_pay(client).id for _ in range(20)]
    sent = [one for one in controls.deliveries() if one["state"] != "dropped"]
    received.wait(len(sent))
    arrived = [one.event["data"]["object"]["id"] for one in received.received]
    received.clear()
    assert len(arrived) == len(sent)
    return [arrived.count(intent) for intent in made], arrived == sorted(arrived, key=made.index)


def test_chance_loses_repeats_and_shuffles_events_and_can_be_repeated(client, received, controls):
    first, in_order = _luck(client, received, controls, seed=7)

    assert set(first) == {0, 1, 2, 3}
    assert not in_order
    assert _luck(client, received, controls, seed=7)[0] == first
    assert _luck(client, received, controls, seed=8)[0] != first
