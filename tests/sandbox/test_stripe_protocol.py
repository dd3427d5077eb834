"""What every endpoint of the Stripe sandbox shares: keys, idempotency, parallel requests, faults."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe

from tests.plain_http import NO_TLS

PAYMENT = {"amount": "5998", "currency": "usd", "metadata[checkout_id]": "c1"}


@pytest.fixture
def http(sandbox):
    with httpx.Client(base_url=sandbox.url + "/stripe/v1", trust_env=False, timeout=10, verify=NO_TLS) as client:
        yield client


def _secret(**headers: str) -> dict[str, str]:
    return {"Authorization": "Bearer sk_test_sandbox", **headers}


def test_keys_are_checked(http):
    missing = http.get("/payment_intents")
    wrong = http.get("/payment_intents", headers={"Authorization": "Bearer sk_test_wrong_key_1234"})
    basic = http.get("/payment_intents", auth=("sk_test_sandbox", ""))
    browser = http.get("/payment_intents", headers={"Authorization": "Bearer pk_test_sandbox"})

    assert [r.status_code for r in (missing, wrong, basic, browser)] == [401, 401, 200, 403]
    assert "sk_test_wrong_key_1234" not in wrong.text
    assert wrong.json()["error"]["message"].startswith("Invalid API Key provided: sk_test_")
    assert browser.json()["error"]["code"] == "secret_key_required"
    assert basic.headers["Request-Id"].startswith("req_")
    assert basic.headers["Stripe-Version"] == "2026-10-28.endive"
    assert basic.json() == {"object": "list", "data": [], "has_more": False, "url": "/v1/payment_intents"}


def test_unknown_path_and_id_answer_404(http):
    path = http.get("/nothing", headers=_secret())
    intent = http.get("/payment_intents/pi_nobody", headers=_secret())

    assert path.status_code == 404
    assert path.json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/nothing).")
    assert intent.status_code == 404
    error = intent.json()["error"]
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "resource_missing", "intent")
    assert error["message"] == "No such payment_intent: 'pi_nobody'"
    assert error["request_log_url"].endswith(intent.headers["Request-Id"])


def test_browser_needs_the_client_secret_and_sees_less(http):
    intent = http.post("/payment_intents", data=PAYMENT, headers=_secret()).json()
    key = {"key": "pk_test_sandbox"}

    without = http.get(f"/payment_intents/{intent['id']}", params=key)
    wrong = http.get(f"/payment_intents/{intent['id']}", params={**key, "client_secret": "pi_x_secret_y"})
    right = http.get(f"/payment_intents/{intent['id']}", params={**key, "client_secret": intent["client_secret"]})

    assert [r.status_code for r in (without, wrong, right)] == [400, 400, 200]
    assert (right.json()["amount"], right.json()["client_secret"]) == (5_998, intent["client_secret"])
    assert not {"metadata", "latest_charge", "amount_received"} & set(right.json())


def test_same_idempotency_key_gives_the_same_answer(http):
    headers = _secret(**{"Idempotency-Key": "checkout-1-revision-1"})

    first = http.post("/payment_intents", data=PAYMENT, headers=headers)
    again = http.post("/payment_intents", data=PAYMENT, headers=headers)

    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert len(http.get("/payment_intents", headers=_secret()).json()["data"]) == 1


def test_idempotency_key_with_another_request_is_refused(http):
    headers = _secret(**{"Idempotency-Key": "one-key"})
    http.post("/payment_intents", data=PAYMENT, headers=headers)

    other_amount = http.post("/payment_intents", data={**PAYMENT, "amount": "7000"}, headers=headers)
    other_path = http.post("/refunds", data={"payment_intent": "pi_x"}, headers=headers)

    for refused in (other_amount, other_path):
        assert (refused.status_code, refused.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(http.get("/payment_intents", headers=_secret()).json()["data"]) == 1


def test_refused_parameters_do_not_use_up_a_key_and_a_decline_does(http):
    headers = _secret(**{"Idempotency-Key": "try-1"})
    bad = http.post("/payment_intents", data={"amount": "5998"}, headers=headers)
    good = http.post("/payment_intents", data=PAYMENT, headers=headers)
    assert (bad.status_code, good.status_code) == (400, 200)

    confirm = f"/payment_intents/{good.json()['id']}/confirm"
    declined = {"payment_method": "pm_card_chargeDeclined"}
    answers = [http.post(confirm, data=declined, headers=_secret(**{"Idempotency-Key": "pay-1"})) for _ in range(2)]

    assert [r.status_code for r in answers] == [402, 402]
    assert answers[0].json() == answers[1].json()
    assert len(http.get("/charges", headers=_secret()).json()["data"]) == 1


def test_one_key_used_in_parallel_makes_one_intent(http):
    headers = _secret(**{"Idempotency-Key": "parallel"})

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: http.post("/payment_intents", data=PAYMENT, headers=headers), range(12)))

    assert {r.status_code for r in answers} <= {200, 409}
    assert len({r.json()["id"] for r in answers if r.status_code == 200}) == 1
    for refused in (r for r in answers if r.status_code == 409):
        assert refused.json()["error"]["code"] == "idempotency_key_in_use"
    assert len(http.get("/payment_intents", headers=_secret()).json()["data"]) == 1


def test_sixteen_parallel_confirmations_make_one_charge(http):
    intent = http.post("/payment_intents", data=PAYMENT, headers=_secret()).json()
    confirm = f"/payment_intents/{intent['id']}/confirm"

    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(
                lambda _: http.post(confirm, data={"payment_method": "pm_card_visa"}, headers=_secret()), range(16)
            )
        )

    assert sorted(r.status_code for r in answers) == [200] + [400] * 15
    assert {r.json()["error"]["code"] for r in answers if r.status_code == 400} == {"payment_intent_unexpected_state"}
    charges = http.get("/charges", headers=_secret(), params={"payment_intent": intent["id"]}).json()["data"]
    assert [charge["amount_captured"] for charge in charges] == [5_998]


def test_thirty_two_parallel_refunds_never_exceed_the_charge(http):
    pay = {**PAYMENT, "amount": "1000", "confirm": "true", "payment_method": "pm_card_visa"}
    intent = http.post("/payment_intents", data=pay, headers=_secret()).json()
    refund = {"payment_intent": intent["id"], "amount": "90"}

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: http.post("/refunds", data=refund, headers=_secret()), range(32)))

    assert sorted(r.status_code for r in answers) == [200] * 11 + [400] * 21
    charge = http.get(f"/charges/{intent['latest_charge']}", headers=_secret()).json()
    assert (charge["amount_refunded"], charge["refunded"]) == (990, False)


def test_faults_hit_the_next_calls_only(http, controls, client):
    controls.post("/faults", count=1, status=500)
    controls.post("/faults", count=1, status=429)

    with pytest.raises(stripe.APIError):
        client.v1.payment_intents.list()
    with pytest.raises(stripe.RateLimitError):
        client.v1.payment_intents.list()

    assert client.v1.payment_intents.list().data == []


def test_lost_answer_is_found_again_by_its_key(http, controls):
    headers = _secret(**{"Idempotency-Key": "lost"})
    controls.post("/faults", count=1, status=500, after_effect=True, method="POST")

    lost = http.post("/payment_intents", data=PAYMENT, headers=headers)
    found = http.post("/payment_intents", data=PAYMENT, headers=headers)

    assert (lost.status_code, found.status_code) == (500, 200)
    assert [item["id"] for item in http.get("/payment_intents", headers=_secret()).json()["data"]] == [
        found.json()["id"]
    ]


def test_cleared_faults_meet_nobody(http, controls):
    controls.post("/faults", count=9, status=500)
    assert http.get("/payment_intents", headers=_secret()).status_code == 500

    assert controls.post("/faults/clear").json() == {"cleared": True}

    assert http.get("/payment_intents", headers=_secret()).status_code == 200


def test_controls_need_the_secret_key(sandbox):
    answer = httpx.post(sandbox.url + "/stripe/_test/reset", trust_env=False, verify=NO_TLS)

    assert answer.status_code == 401
