"""Making an account, signing in and out, and entering the password again, for programs."""

import json
import logging
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import transaction
from tests.accounts import PASSWORD, all_busy_hashing, code_at, make_account, make_account_with_second_factor
from tests.api.rest.caller import Caller, sign_in

ADA = {"email": "ada@example.com", "password": PASSWORD, "fullName": "Ada Shopper"}
USER_FIELDS = {
    "id", "email", "fullName", "role", "isActive", "emailVerified", "orderCount", "totalSpent", "reviewCount",
    "createdAt",
}  # fmt: skip
CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


def bearing(guest: Caller, token: str) -> Caller:
    return Caller(guest.client, guest.description, {"Authorization": f"Bearer {token}"})


async def test_account_is_made_and_signed_in_and_its_password_goes_nowhere(
    guest: Caller, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    made = await guest.answers("POST /api/register", 201, json=ADA)

    assert set(made["user"]) == USER_FIELDS
    assert (made["user"]["email"], made["user"]["role"], made["user"]["emailVerified"]) == (
        "ada@example.com", "SUPER_ADMIN", False,
    )  # fmt: skip
    by_bearer = await bearing(guest, made["token"]).answers("GET /api/auth/session")
    by_cookie = await guest.answers("GET /api/auth/session")
    assert by_bearer == by_cookie == {"user": made["user"]}
    said = json.dumps(made) + caplog.text + "".join(capsys.readouterr())
    assert PASSWORD not in said
    assert "argon2" not in said
    assert made["token"] not in caplog.text


async def test_known_address_and_what_is_no_account_are_refused(guest: Caller) -> None:
    await make_account()
    wrong: list[object] = [
        {**ADA, "password": "short77"}, {**ADA, "password": "password123"}, {**ADA, "password": "x" * 129},
        {**ADA, "email": "nope"}, {**ADA, "email": f"{'a' * 250}@example.com"}, {**ADA, "fullName": " A "},
        {**ADA, "fullName": "Ada\r\nShopper"}, {"email": "b@example.com"}, [], None,
    ]  # fmt: skip

    await guest.refuses("POST /api/register", "email_taken", json={**ADA, "email": "ADA@example.com"})
    for body in wrong:
        error = await guest.refuses("POST /api/register", "invalid_data", json=body)
        assert "short77" not in str(error)

    assert await rows("SELECT email FROM users") == [("ada@example.com",)]


async def test_password_opens_a_session_and_signing_out_ends_it(guest: Caller) -> None:
    await make_account()

    signed_in = await guest.answers("POST /api/auth/signin", json={**CREDENTIALS, "totp": None})
    caller = bearing(guest, signed_in["token"])
    assert (await caller.answers("GET /api/auth/session"))["user"] == signed_in["user"]
    await caller.answers("POST /api/auth/signout", 204)

    assert set(signed_in) == {"user", "token"}
    await caller.refuses("GET /api/auth/session", "unauthenticated")
    guest.client.cookies.clear()
    assert await guest.answers("GET /api/auth/session") == {"user": None}
    await guest.answers("POST /api/auth/signout", 204)


async def test_wrong_password_unknown_address_and_deactivated_account_sound_the_same(guest: Caller) -> None:
    await make_account()
    await make_account("off@example.com", is_active=False)

    errors = [
        await guest.refuses("POST /api/auth/signin", "wrong_credentials", json=body)
        for body in (
            {**CREDENTIALS, "password": "wrong"},
            {**CREDENTIALS, "email": "nobody@example.com"},
            {**CREDENTIALS, "email": "off@example.com"},
        )
    ]

    assert [error["error"] for error in errors] == ["E-mail or password is incorrect."] * 3
    assert await rows("SELECT 1 FROM sessions") == []
    wrong: list[object] = [{}, {"email": "a@example.com"}, {**CREDENTIALS, "password": 5}, []]
    for body in wrong:
        await guest.refuses("POST /api/auth/signin", "invalid_data", json=body)


async def test_second_factor_is_asked_for_and_its_code_works_once(guest: Caller) -> None:
    _, secret, _ = await make_account_with_second_factor()
    code = code_at(secret)

    await guest.refuses("POST /api/auth/signin", "totp_required", json=CREDENTIALS)
    await guest.refuses("POST /api/auth/signin", "wrong_code", json={**CREDENTIALS, "totp": "000000"})
    signed_in = await guest.answers("POST /api/auth/signin", json={**CREDENTIALS, "totp": code})
    await guest.refuses("POST /api/auth/signin", "wrong_code", json={**CREDENTIALS, "totp": code})

    assert signed_in["user"]["email"] == "ada@example.com"


async def test_password_entered_again_lets_pass_what_needs_it(guest: Caller) -> None:
    _, secret, codes = await make_account_with_second_factor()
    signed_in = await guest.answers("POST /api/auth/signin", json={**CREDENTIALS, "totp": codes[0]})
    caller = bearing(guest, signed_in["token"])
    await rows("UPDATE sessions SET step_up_at = now() - interval '1 hour' RETURNING 1")

    await caller.refuses("POST /api/auth/step-up", "wrong_credentials", json={"password": "wrong"})
    await caller.refuses("POST /api/auth/step-up", "wrong_code", json={"totp": "000000"})
    for body in ({}, {"password": PASSWORD, "totp": "000000"}, {"password": "", "totp": None}):
        await caller.refuses("POST /api/auth/step-up", "invalid_data", json=body)
    assert await rows("SELECT 1 FROM sessions WHERE step_up_at > now() - interval '1 minute'") == []
    by_password = await caller.answers("POST /api/auth/step-up", json={"password": PASSWORD})
    by_code = await caller.answers("POST /api/auth/step-up", json={"totp": code_at(secret)})

    assert set(by_password) == set(by_code) == {"validUntil"}
    assert len(await rows("SELECT 1 FROM sessions WHERE step_up_at > now() - interval '1 minute'")) == 1


async def test_nobody_enters_a_password_again_who_is_not_signed_in(guest: Caller) -> None:
    await guest.refuses("POST /api/auth/step-up", "unauthenticated", json={"password": PASSWORD})


async def test_who_would_wait_too_long_for_a_password_is_sent_away(
    guest: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_account()
    caller = await sign_in(guest)

    async with all_busy_hashing(monkeypatch):
        await guest.refuses("POST /api/register", "busy", json={**ADA, "email": "b@example.com"})
        await guest.refuses("POST /api/auth/signin", "busy", json=CREDENTIALS)
        await caller.refuses("POST /api/auth/step-up", "busy", json={"password": PASSWORD})

    assert await rows("SELECT count(*) FROM users") == [(2,)]
