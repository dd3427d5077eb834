import asyncio
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
import resend

from shophub.errors import ProviderError
from shophub.integrations.resend import send_email
from shophub.sandbox.resend.outbox import Outbox
from shophub.sandbox.storage import Storage
from tests.plain_http import NO_TLS
from tests.sandbox.cloudinary_resend.conftest import RunningSandbox, run_sandbox

MAIL = {"from": "ShopHub <orders@shop.example>", "to": ["ann@example.com"], "subject": "Hello", "html": "<p>Hi</p>"}


@pytest.fixture
def client(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The official client, pointed at the sandbox."""
    monkeypatch.setattr(resend, "api_key", "re_sandbox")
    monkeypatch.setattr(resend, "api_url", f"{sandbox.url}/resend")


@pytest_asyncio.fixture(autouse=True)
async def empty_mailbox(sandbox: RunningSandbox) -> None:
    async with await psycopg.AsyncConnection.connect(sandbox.config.database_url) as connection:
        await connection.execute("TRUNCATE sandbox.email, sandbox.email_idempotency, sandbox.fault")


async def send(params: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    options = {"idempotency_key": key} if key else None
    return await asyncio.to_thread(resend.Emails.send, params, options)


async def mailbox(http: httpx.AsyncClient, to: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await http.get("/mail/messages", params={"to": to})).json()["items"]
    return items


async def test_sent_message_can_be_read_back_with_the_services_fields(client, http):
    sent = await send(
        {
            **MAIL,
            "text": "Hi",
            "cc": "bob@example.com",
            "reply_to": ["help@shop.example"],
            "headers": {"List-Unsubscribe": "<https://shop.example/u>"},
            "tags": [{"name": "kind", "value": "order"}],
        }
    )
    got = await asyncio.to_thread(resend.Emails.get, sent["id"])

    expected = {
        "object": "email",
        "id": sent["id"],
        "to": ["ann@example.com"],
        "from": "ShopHub <orders@shop.example>",
        "subject": "Hello",
        "html": "<p>Hi</p>",
        "text": "Hi",
        "cc": ["bob@example.com"],
        "bcc": [],
        "reply_to": ["help@shop.example"],
        "last_event": "delivered",
        "scheduled_at": None,
        "tags": [{"name": "kind", "value": "order"}],
        "headers": {"List-Unsubscribe": "<https://shop.example/u>"},
    }
    assert {name: got[name] for name in expected} == expected
    assert datetime.fromisoformat(got["created_at"]).tzinfo is not None


async def test_message_that_does_not_exist_is_404(client):
    for message_id in ("5c5fd0c7-3d0f-4d8a-9f44-0bd4fbdf2f4b", "nonsense"):
        with pytest.raises(resend.exceptions.ResendError) as caught:
            await asyncio.to_thread(resend.Emails.get, message_id)
        assert (caught.value.code, caught.value.error_type) == (404, "not_found")


async def test_batch_stores_all_or_none(client, http):
    sent = await asyncio.to_thread(resend.Batch.send, [{**MAIL, "to": f"p{n}@example.com"} for n in range(3)])
    with pytest.raises(resend.exceptions.MissingRequiredFieldsError):
        await asyncio.to_thread(resend.Batch.send, [MAIL, {**MAIL, "subject": ""}])

    assert len({item["id"] for item in sent["data"]}) == 3
    assert [item["to"][0] for item in await mailbox(http)] == ["p2@example.com", "p1@example.com", "p0@example.com"]


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"to": None}, 422, "missing_required_field"),
        ({"from": None}, 422, "missing_required_field"),
        ({"html": None}, 422, "missing_required_field"),
        ({"to": "not an address"}, 422, "validation_error"),
        ({"to": ["a@example.com"] * 51}, 422, "validation_error"),
        ({"from": "Shop"}, 422, "validation_error"),
        ({"subject": "a\nBcc: x@example.com"}, 422, "validation_error"),
        ({"to": "a@example.com\nBcc: b@example.com"}, 422, "validation_error"),
        ({"headers": {"X-A": "1\r\nBcc: x@example.com"}}, 422, "validation_error"),
        ({"html": ["<p>"]}, 422, "validation_error"),
        ({"attachments": [{"filename": "a.pdf", "content": "%%%"}]}, 422, "invalid_attachment"),
        ({"tags": [{"name": "with space", "value": "x"}]}, 422, "validation_error"),
    ],
)
async def test_refused_message_has_the_services_error_and_is_not_stored(http, change, status, kind):
    body = {name: value for name, value in {**MAIL, **change}.items() if value is not None}

    answer = await http.post("/resend/emails", json=body, headers={"authorization": "Bearer re_sandbox"})

    assert (answer.status_code, answer.json()["statusCode"], answer.json()["name"]) == (status, status, kind)
    assert set(answer.json()) == {"statusCode", "message", "name"}
    assert await mailbox(http) == []


async def test_missing_and_wrong_keys_are_told_apart(http):
    missing = await http.post("/resend/emails", json=MAIL)
    wrong = await http.post("/resend/emails", json=MAIL, headers={"authorization": "Bearer re_other"})

    assert (missing.status_code, missing.json()["name"]) == (401, "missing_api_key")
    assert (wrong.status_code, wrong.json()["name"]) == (403, "invalid_api_key")
    assert await mailbox(http) == []


async def test_same_key_and_body_is_one_message_also_when_both_run_at_once(client, http):
    ids = await asyncio.gather(*(send(MAIL, "order-1") for _ in range(8)))

    assert len({answer["id"] for answer in ids}) == 1
    assert len(await mailbox(http)) == 1


async def test_same_key_with_other_body_is_409_and_stores_nothing(client, http):
    await send(MAIL, "order-1")

    with pytest.raises(resend.exceptions.ResendError) as caught:
        await send({**MAIL, "subject": "Other"}, "order-1")

    assert (caught.value.code, caught.value.error_type) == (409, "invalid_idempotent_request")
    assert len(await mailbox(http)) == 1


async def test_key_may_be_used_again_after_a_day_and_after_a_refusal(client, http, sandbox):
    with pytest.raises(resend.exceptions.ResendError):
        await send({**MAIL, "to": "nobody"}, "order-1")
    first = await send(MAIL, "order-1")
    async with await psycopg.AsyncConnection.connect(sandbox.config.database_url) as connection:
        await connection.execute(
            "UPDATE sandbox.email_idempotency SET created_at = now() - interval '24 hours 1 second'"
        )
    second = await send({**MAIL, "subject": "Next day"}, "order-1")

    assert first["id"] != second["id"]
    assert len(await mailbox(http)) == 2


async def test_key_that_is_too_long_is_refused(http):
    headers = {"authorization": "Bearer re_sandbox", "idempotency-key": "k" * 257}

    answer = await http.post("/resend/emails", json=MAIL, headers=headers)

    assert (answer.status_code, answer.json()["name"]) == (400, "invalid_idempotency_key")


async def test_ordered_failures_hit_the_next_calls_only(client, http):
    await http.post("/resend/_test/fail", json={"count": 2, "status": 429})

    for _ in range(2):
        with pytest.raises(resend.exceptions.RateLimitError):
            await send(MAIL)
    await send(MAIL)

    assert len(await mailbox(http)) == 1


async def test_answer_lost_after_the_work_is_healed_by_the_key(shop_uses_sandbox, http):
    await http.post("/resend/_test/fail", json={"count": 1, "status": 500, "afterEffect": True})
    mail = {"to": "ann@example.com", "subject": "Hi", "html": "<p>Hi</p>", "text": "Hi", "idempotency_key": "job-7"}

    with pytest.raises(ProviderError) as caught:
        await send_email(**mail)
    sent = await send_email(**mail)

    assert caught.value.retryable is True
    assert [item["id"] for item in await mailbox(http)] == [sent]


async def test_integration_says_what_may_be_tried_again(shop_uses_sandbox, http, monkeypatch):
    mail = {"to": "ann@example.com", "subject": "Hi", "html": "<p>Hi</p>", "text": "Hi"}
    can_heal = {400: False, 401: True, 403: True, 404: True, 422: False, 429: True, 451: True, 500: True, 503: True}
    for status, retryable in can_heal.items():
        await http.post("/resend/_test/fail", json={"count": 1, "status": status})
        with pytest.raises(ProviderError) as caught:
            await send_email(**mail, idempotency_key=f"key-{status}")
        assert caught.value.retryable is retryable

    await send_email(**mail, idempotency_key="same")
    with pytest.raises(ProviderError) as caught:
        await send_email(**{**mail, "subject": "Other"}, idempotency_key="same")
    assert (caught.value.retryable, caught.value.provider_code) == (False, "invalid_idempotent_request")


async def test_integration_sends_all_parts(shop_uses_sandbox, http):
    await send_email(
        to=["ann@example.com", "bob@example.com"],
        subject="Zwei Gläser",
        html="<p>ä</p>",
        text="ä",
        idempotency_key="k",
        headers={"List-Unsubscribe": "<https://shop.example/u>"},
        reply_to="help@shop.example",
    )

    [message] = await mailbox(http, "BOB@")
    assert (message["to"], message["subject"]) == (["ann@example.com", "bob@example.com"], "Zwei Gläser")
    assert (message["html"], message["text"], message["replyTo"]) == ("<p>ä</p>", "ä", ["help@shop.example"])
    assert message["from"] == "ShopHub <orders@shophub.example>"
    assert message["headers"] == {"List-Unsubscribe": "<https://shop.example/u>"}


async def test_messages_outlive_the_process_and_two_may_run_at_once(client, http, sandbox):
    sent = await send(MAIL)

    async with (
        run_sandbox(sandbox.config) as second,
        httpx.AsyncClient(base_url=second.url, trust_env=False, verify=NO_TLS) as other,
    ):
        assert [item["id"] for item in await mailbox(other)] == [sent["id"]]


async def test_search_takes_wildcards_literally(client, http, sandbox):
    await send({**MAIL, "to": "a_b@example.com"})
    await send({**MAIL, "to": "axb@example.com"})

    assert [item["to"] for item in await mailbox(http, "a_b")] == [["a_b@example.com"]]
    assert await mailbox(http, "%25") == []
    assert await mailbox(http, "%") == []


async def test_pages_of_the_outbox_join_without_gap(client, sandbox):
    await asyncio.to_thread(resend.Batch.send, [{**MAIL, "subject": str(n)} for n in range(7)])
    storage = Storage(sandbox.config.database_url)
    await storage.start()

    outbox = Outbox(storage)
    first, total = await outbox.list_newest(limit=4)
    rest, _ = await outbox.list_newest(limit=4, before=first[-1].seq)
    await storage.stop()

    assert total == 7
    assert [email.subject for email in [*first, *rest]] == ["6", "5", "4", "3", "2", "1", "0"]
