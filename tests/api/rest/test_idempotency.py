"""A POST that is sent again under its key is done once, and answered the same, also when both are sent at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.errors import IdempotencyInProgressError, IdempotencyKeyReusedError
from shophub.lib.clock import utc_now
from shophub.services import sessions, upkeep
from shophub.services.flows import answer_once
from shophub.services.idempotency import Answer, Asked, Claim, Sender
from shophub.settings import get_settings
from tests.api.rest.caller import Caller, sign_in
from tests.api.rest.test_carts import change, lamp
from tests.rows import rows

KEY = {"Idempotency-Key": "7b1c-again"}
ADDRESS = {"fullName": "Ada Lovelace", "address": "1 Long Street", "city": "Springfield", "zipCode": "12345",
           "state": "IL", "country": "US", "phone": "+1 217 555 0100", "type": "SHIPPING"}  # fmt: skip
ACCOUNT = {"email": "ada@example.com", "password": "a long enough one", "fullName": "Ada Lovelace"}


async def in_carts() -> list[tuple[object, ...]]:
    return await rows("SELECT quantity FROM cart_lines")


async def key_rows() -> list[tuple[object, ...]]:
    return await rows("SELECT completed_at IS NOT NULL FROM idempotency_keys")


def same(answers: list[httpx.Response]) -> set[tuple[int, bytes, str]]:
    return {(answer.status_code, answer.content, answer.headers["content-type"]) for answer in answers}


async def test_16_equal_posts_at_once_make_one_address(customer: Caller) -> None:
    await change("UPDATE store_settings SET ship_to_countries = '{US}'")
    answers = await asyncio.gather(
        *(customer.send("POST /api/user/addresses", json=ADDRESS, headers=KEY) for _ in range(16))
    )

    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    assert len(same(answers)) == 1
    assert [answer.headers.get("idempotency-replayed") for answer in answers].count("true") == 15
    assert await rows("SELECT count(*) FROM addresses") == [(1,)]


async def test_16_equal_posts_at_once_put_one_thing_into_a_cart(customer: Caller) -> None:
    product, _ = await lamp()
    body = {"id": product, "quantity": 1}

    answers = await asyncio.gather(*(customer.send("POST /api/cart", json=body, headers=KEY) for _ in range(16)))
    without = await customer.send("POST /api/cart", json=body)

    assert len(same(answers)) == 1
    assert (answers[0].status_code, answers[0].json()["items"][0]["quantity"]) == (201, 1)
    assert without.json()["items"][0]["quantity"] == 2
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)


async def test_other_body_path_caller_or_key_is_another_request(customer: Caller, other: Caller) -> None:
    product, _ = await lamp()
    body = {"id": product, "quantity": 1}
    await customer.send("POST /api/cart", json=body, headers=KEY)

    await customer.refuses("POST /api/cart", "idempotency_key_reused", json={**body, "quantity": 2}, headers=KEY)
    query = await customer.send("POST /api/cart", at="/api/cart?x=1", json=body, headers=KEY)
    path = await customer.send("POST /api/cart/clear", headers=KEY)
    caller = await other.send("POST /api/cart", json=body, headers=KEY)
    key = await customer.send("POST /api/cart", json=body, headers={"Idempotency-Key": "another"})

    assert query.json()["code"] == "idempotency_key_reused"
    assert [answer.status_code for answer in (path, caller, key)] == [200, 201, 201]
    assert not any("idempotency-replayed" in answer.headers for answer in (path, caller, key))
    assert await in_carts() == [(1,), (1,)]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "caf\xe9", "\x01"])
async def test_unreadable_key_is_refused_and_nothing_done(customer: Caller, key: str) -> None:
    product, _ = await lamp()
    headers = {b"Idempotency-Key": key.encode("latin-1")}

    error = await customer.refuses("POST /api/cart", "invalid_data", json={"id": product}, headers=headers)

    assert error["details"][0]["field"] == "Idempotency-Key"
    assert await in_carts() == []


async def test_two_keys_are_none(guest: Caller) -> None:
    answer = await guest.client.post("/api/cart", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_data")


async def test_refusal_is_answered_the_same_though_the_shop_has_changed(customer: Caller) -> None:
    product, variant = await lamp(stock=1)
    body = {"id": product, "quantity": 5}
    first = await customer.send("POST /api/cart", json=body, headers=KEY)
    await change("UPDATE variants SET stock = 9 WHERE id = CAST(:id AS uuid)", id=variant)

    again = await customer.send("POST /api/cart", json=body, headers=KEY)

    assert first.json()["code"] == "insufficient_stock"
    assert (again.status_code, again.json()) == (400, first.json())
    assert await in_carts() == []


async def test_guest_gets_the_same_answer_before_and_after_getting_a_cookie(guest: Caller) -> None:
    product, _ = await lamp()
    first = await guest.send("POST /api/cart", json={"id": product, "quantity": 1}, headers=KEY)
    assert "shophub_guest" in guest.client.cookies

    with_cookie = await guest.send("POST /api/cart", json={"id": product, "quantity": 1}, headers=KEY)
    guest.client.cookies.clear()
    lost = await guest.send("POST /api/cart", json={"id": product, "quantity": 1}, headers=KEY)

    assert len(same([first, with_cookie, lost])) == 1
    assert first.headers.get_list("set-cookie") == lost.headers.get_list("set-cookie") != []
    assert await in_carts() == [(1,)]


async def test_account_is_registered_once_and_its_token_given_again(guest: Caller) -> None:
    first, second = await asyncio.gather(
        *(guest.send("POST /api/register", json=ACCOUNT, headers=KEY) for _ in range(2))
    )
    signed_in = await guest.send("POST /api/register", json=ACCOUNT, headers=KEY)

    assert (first.status_code, len(same([first, second, signed_in]))) == (201, 1)
    assert first.json()["token"] in first.headers["set-cookie"]
    assert await rows("SELECT count(*) FROM users") == [(1,)]


async def test_neither_passwords_nor_tokens_nor_addresses_can_be_read_in_the_table(guest: Caller) -> None:
    answer = await guest.send("POST /api/register", json=ACCOUNT, headers=KEY)

    stored = str(await rows("SELECT k.* FROM idempotency_keys k"))
    for secret in (ACCOUNT["password"], ACCOUNT["email"], answer.json()["token"], KEY["Idempotency-Key"], "192.0.2.1"):
        assert secret not in stored


async def test_answer_is_not_given_to_a_session_that_has_ended(customer: Caller) -> None:
    await change("UPDATE store_settings SET ship_to_countries = '{US}'")
    first = await customer.send("POST /api/user/addresses", json=ADDRESS, headers=KEY)
    async with transaction() as session:
        token = sessions.read(customer.headers["Authorization"].removeprefix("Bearer "))
        assert token is not None
        await sessions.revoke(session, token.session_id)

    await customer.refuses("POST /api/user/addresses", "unauthenticated", json=ADDRESS, headers=KEY)

    assert first.status_code == 201


async def test_answer_is_not_given_to_who_has_lost_the_role(guest: Caller) -> None:
    admin = await sign_in(guest, Role.ADMIN)
    body = {"code": "SUMMER", "discountType": "PERCENTAGE", "discountValue": 10, "startDate": "2026-01-01T00:00:00Z",
            "endDate": "2030-01-01T00:00:00Z"}  # fmt: skip
    first = await admin.send("POST /api/admin/coupons", json=body, headers=KEY)
    await change("UPDATE users SET role = 'CUSTOMER' WHERE id = :id", id=admin.user_id)

    await admin.refuses("POST /api/admin/coupons", "forbidden", json=body, headers=KEY)

    assert first.status_code == 201


async def test_made_up_token_is_refused_and_no_key_kept_for_it(guest: Caller) -> None:
    headers = {**KEY, "Authorization": "Bearer made-up"}

    await guest.refuses("POST /api/user/addresses", "unauthenticated", json=ADDRESS, headers=headers)

    assert await key_rows() == []


async def test_refusal_that_another_try_may_get_past_is_not_kept(customer: Caller) -> None:
    other_site = {**KEY, "Cookie": "shophub_session=x", "Authorization": "", "Sec-Fetch-Site": "cross-site"}
    refused = await customer.send("POST /api/user/addresses", json=ADDRESS, headers=other_site)

    assert refused.status_code in (401, 403)
    assert await key_rows() == []


async def test_file_of_nobody_known_is_not_read_for_its_key(guest: Caller) -> None:
    read = 0

    async def file() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(64):
            read += 1
            yield b"x" * 65_536

    answer = await guest.send("POST /api/admin/upload", content=file(), headers=KEY)

    assert (answer.status_code, answer.json()["code"], read) == (401, "unauthenticated", 0)
    assert await rows("SELECT 1 FROM idempotency_keys") == []


async def test_file_of_who_may_not_send_one_is_not_read_for_its_key(guest: Caller, customer: Caller) -> None:
    admin = await sign_in(guest, Role.ADMIN)
    elsewhere = {"Cookie": admin.headers["Authorization"].replace("Bearer ", "shophub_session="),
                 "Authorization": "", "Sec-Fetch-Site": "cross-site"}  # fmt: skip
    read = []

    async def file(of: str) -> AsyncIterator[bytes]:
        for _ in range(16):
            read.append(of)
            yield b"x" * 65_536

    for path in ("/api/admin/upload", "/api/admin/imports"):
        refused = await customer.send("POST " + path, content=file("customer"), headers=KEY)
        crossed = await admin.send("POST " + path, content=file("another site"), headers={**KEY, **elsewhere})
        assert [(one.status_code, one.json()["code"]) for one in (refused, crossed)] == [
            (403, "forbidden"), (403, "cross_origin"),
        ]  # fmt: skip
        await admin.send("POST " + path, content=file("staff"), headers=KEY)

    assert read == ["staff"] * 32
    assert await rows("SELECT count(*) FROM idempotency_keys") == [(2,)]


@pytest.mark.parametrize(("path", "status"), [("/api/nothing/here", 404), ("/api/products", 405)])
async def test_no_key_is_kept_where_nothing_can_be_done(customer: Caller, path: str, status: int) -> None:
    answers = [await customer.send("POST " + path, json={}, headers=KEY) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert not any("idempotency-replayed" in answer.headers for answer in answers)
    assert await key_rows() == []


def asked(body: bytes = b"{}", key: str = "k") -> Asked:
    return Asked(Sender(network_address="192.0.2.7"), "/api/try", "/api/try?", key, body)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    """Nobody waits for anybody."""
    monkeypatch.setenv("IDEMPOTENCY_WAIT", "PT0S")
    get_settings.cache_clear()


@pytest.mark.usefixtures("impatient")
async def test_key_of_a_killed_process_is_free_again_after_a_while_for_the_same_request() -> None:
    first = await answer_once.claim(asked())
    assert isinstance(first, Claim)
    with pytest.raises(IdempotencyInProgressError):
        await answer_once.claim(asked())
    (until,) = (await rows("SELECT leased_until - created_at FROM idempotency_keys"))[0]
    settings = get_settings()
    assert until > 3 * (1 + settings.stripe_retries) * settings.stripe_timeout  # a slow request is not done twice

    await change("UPDATE idempotency_keys SET leased_until = now() - interval '1 second'")
    with pytest.raises(IdempotencyKeyReusedError):
        await answer_once.claim(asked(b"[]"))
    taken = await asyncio.gather(*(answer_once.claim(asked()) for _ in range(8)), return_exceptions=True)
    second = next(one for one in taken if isinstance(one, Claim))

    assert sum(isinstance(one, Claim) for one in taken) == 1
    assert sum(isinstance(one, IdempotencyInProgressError) for one in taken) == 7
    await answer_once.keep(second, Answer(201, (), b"second"), [])
    await answer_once.keep(first, Answer(201, (), b"first"), [])  # the first was only slow: what was said stays
    assert await answer_once.claim(asked()) == Answer(201, (), b"second")


@pytest.mark.usefixtures("impatient")
async def test_second_is_told_to_come_back_where_the_first_takes_too_long(customer: Caller) -> None:
    assert isinstance(await answer_once.claim(_asked_by(customer)), Claim)

    error = await customer.send("POST /api/user/addresses", content=b"{}", headers=KEY)

    assert (error.status_code, error.json()["code"]) == (409, "idempotency_in_progress")
    assert error.headers["retry-after"] == "5"


def _asked_by(caller: Caller) -> Asked:
    bearer = caller.headers["Authorization"].removeprefix("Bearer ")
    path = "/api/user/addresses"
    return Asked(Sender(bearer), path, f"{path}?", KEY["Idempotency-Key"], b"{}")


async def test_failure_of_ours_gives_the_key_back(database: str) -> None:
    app, tries = create_api(), [0]

    async def broken() -> dict[str, Any]:
        tries[0] += 1
        if tries[0] == 1:
            raise RuntimeError("once")
        return {"try": tries[0]}

    app.add_api_route("/api/try", broken, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())  # earlier ones win
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=KEY) as client:
        answers = [await client.post("/api/try") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [500, 200, 200]
    assert [answer.json() for answer in answers[1:]] == [{"try": 2}, {"try": 2}]


async def test_answers_are_forgotten_after_a_day_and_cleaned_up(database: str) -> None:
    first = await answer_once.claim(asked())
    assert isinstance(first, Claim)
    await answer_once.keep(first, Answer(200, (), b"old"), [])
    await change("UPDATE idempotency_keys SET created_at = :then", then=utc_now() - timedelta(hours=25))

    async with transaction() as session:
        gone = await upkeep.clean_up(session)
    again = await answer_once.claim(asked(b"[]"))

    assert gone["idempotency_keys"] == 1
    assert isinstance(again, Claim)


async def test_key_that_is_over_can_be_used_for_something_else_before_it_is_cleaned_up(database: str) -> None:
    first = await answer_once.claim(asked())
    assert isinstance(first, Claim)
    await answer_once.keep(first, Answer(200, (), b"old"), [])
    await change("UPDATE idempotency_keys SET created_at = :then", then=utc_now() - timedelta(hours=25))

    assert isinstance(await answer_once.claim(asked(b"[]")), Claim)
