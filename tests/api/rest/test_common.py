"""What all operations have in common: each is tried with everything that it says it refuses as others do.

The operations and their refusals are read from the description, so that a new one is tried without being named here.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shophub.api.app import create_api
from shophub.db import close_database, database_url, transaction
from shophub.domain.statuses import Role
from shophub.services import maintenance, sessions, throttles
from shophub.services.audit import SHOP
from shophub.services.flows import answer_once
from shophub.services.idempotency import Answer, Asked, Claim, Sender
from shophub.settings import get_settings
from tests.api.rest.caller import Caller, sign_in
from tests.api.rest.operations import Operation, all_operations
from tests.api.rest.test_carts import change
from tests.security import books

OPERATIONS = all_operations()
REFUSED = {
    "invalid_data", "unauthenticated", "forbidden", "two_factor_required", "step_up_required", "cross_origin",
    "idempotency_key_reused", "idempotency_in_progress", "too_large", "too_many_requests", "unavailable", "maintenance",
}  # fmt: skip
ADDRESS = "192.0.2.9"
# No caller has a count of its own there: the payment provider's burst, and who asks for a sign of life.
UNCOUNTED = ("/api/webhooks/", "/api/health")
# What a refusal may write: that a key was used, and nothing else.
BOOKKEEPING = {"idempotency_keys"}
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def refusing(code: str, *, but: tuple[str, ...] = ()) -> list[Operation]:
    """Return the operations that refuse with a code as others do."""
    found = [one for one in OPERATIONS if code in one.common and not one.route.path.startswith(but or ("none",))]
    assert found, code
    return found


@pytest_asyncio.fixture
async def program(database: str, description: dict[str, Any]) -> AsyncIterator[Caller]:
    """Somebody who says nothing of themselves."""
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=(ADDRESS, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield Caller(client, description)
    await throttles.reset()
    books.close()


@pytest_asyncio.fixture
async def owner(program: Caller) -> Caller:
    """Who may everything."""
    return await sign_in(program, Role.SUPER_ADMIN)


async def refuse(caller: Caller, one: Operation, code: str, **request: Any) -> httpx.Response:
    """Send what an operation refuses, and look at all that its answer has to have."""
    request = {"at": one.path, "params": one.query, **one.body} | request
    answer = await caller.send(one.name, **request)
    caller.client.cookies.clear()
    seen = f"{one.name} for {code}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code >= 400, seen
    error = answer.json()
    assert (set(error), error["code"]) == ({"error", "code", "details"}, code), seen
    assert error["error"], seen
    caller.hold_against_description(one.name, answer)
    assert REQUEST_ID.fullmatch(answer.headers["x-request-id"]), seen
    assert answer.headers["cache-control"] == "no-store", seen
    assert "etag" not in answer.headers, seen
    if not one.route.path.startswith(UNCOUNTED):
        limits = [answer.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
        assert all(limit.isdecimal() for limit in limits), seen
    return answer


def changed(database: str, before: books.Rows) -> list[books.Change]:
    return [one for one in books.changes(before, books.snapshot(database)) if one.table not in BOOKKEEPING]


def test_every_common_refusal_is_tried_below() -> None:
    assert len(OPERATIONS) > 60
    assert set.union(*(one.common for one in OPERATIONS)) == REFUSED


async def test_guests_and_ended_sessions_are_asked_to_sign_in(program: Caller, database: str) -> None:
    gone = await sign_in(program)
    async with transaction() as session:
        token = sessions.read(gone.headers["Authorization"].removeprefix("Bearer "))
        assert token is not None
        await sessions.revoke(session, token.session_id)
    before = books.snapshot(database)

    for one in refusing("unauthenticated"):
        for caller in (gone, Caller(program.client, program.description, {"Authorization": "Bearer made-up"})):
            answer = await refuse(caller, one, "unauthenticated")
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        if not one.is_for(None):
            await refuse(program, one, "unauthenticated")

    assert changed(database, before) == []


async def test_every_operation_that_needs_an_account_says_so() -> None:
    for one in OPERATIONS:
        assert one.is_for(None) or "unauthenticated" in one.common, one.name


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_role_that_is_too_low_is_refused(program: Caller, database: str, role: Role) -> None:
    caller = await sign_in(program, role)
    before = books.snapshot(database)
    tried = [one for one in OPERATIONS if not one.is_for(role)]

    for one in tried:
        assert (await refuse(caller, one, "forbidden")).status_code == 403

    assert len(tried) >= 8
    assert changed(database, before) == []


async def test_staff_without_a_second_factor_are_refused_where_the_store_asks_for_one(
    owner: Caller, database: str
) -> None:
    await change("UPDATE store_settings SET admin_two_factor_required = true")
    before = books.snapshot(database)

    for one in refusing("two_factor_required"):
        assert (await refuse(owner, one, "two_factor_required")).status_code == 403

    assert changed(database, before) == []


async def test_password_that_was_entered_long_ago_is_asked_for_again(owner: Caller, database: str) -> None:
    await change("UPDATE sessions SET step_up_at = now() - interval '1 hour'")
    before = books.snapshot(database)

    for one in refusing("step_up_required"):
        assert (await refuse(owner, one, "step_up_required")).status_code == 403

    assert changed(database, before) == []


async def test_what_another_site_sends_under_a_cookie_is_refused(owner: Caller, database: str) -> None:
    cookie = {"Cookie": f"shophub_session={owner.headers['Authorization'].removeprefix('Bearer ')}"}
    before = books.snapshot(database)

    for one in refusing("cross_origin"):
        for said in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            browser = Caller(owner.client, owner.description, {**cookie, **said})
            assert (await refuse(browser, one, "cross_origin")).status_code == 403

    assert changed(database, before) == []


async def test_body_that_is_too_large_is_refused(owner: Caller, database: str) -> None:
    before = books.snapshot(database)

    for one in refusing("too_large"):
        sent = {"content": b"x", "headers": {"Content-Length": str(10**8)}, "json": None, "files": None}
        assert (await refuse(owner, one, "too_large", **sent)).status_code == 413

    assert changed(database, before) == []


async def test_one_request_too_many_is_refused(program: Caller, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"READS": "1", "WRITES": "1", "WINDOW": "P300D"}.items():
        monkeypatch.setenv(f"THROTTLE_API_{name}", value)
    get_settings.cache_clear()
    for is_read in (True, False):
        await throttles.count_call(ADDRESS, is_read=is_read)
    before = books.snapshot(database)

    for one in refusing("too_many_requests"):
        answer = await refuse(program, one, "too_many_requests")
        assert answer.status_code == 429
        assert answer.headers["ratelimit-remaining"] == "0"
        assert answer.headers["retry-after"] == answer.headers["ratelimit-reset"]

    assert changed(database, before) == []


async def test_closed_store_says_so(program: Caller, database: str) -> None:
    async with transaction() as session:
        await maintenance.switch(session, SHOP, is_enabled=True, message="Back at noon.")
    before = books.snapshot(database)

    for one in refusing("maintenance"):
        answer = await refuse(program, one, "maintenance")
        assert (answer.status_code, answer.json()["error"]) == (503, "Back at noon.")
        assert int(answer.headers["retry-after"]) > 0

    assert changed(database, before) == []


def asking(one: Operation) -> dict[str, str]:
    """Return words to look for, without which some operations have nothing to look up."""
    return {name: "lamp" for name in ("q",) if name in {parameter["name"] for parameter in one.parameters("query")}}


async def test_database_that_is_away_is_no_failure_without_words(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await close_database()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("DB_CONNECT_TIMEOUT", "PT0.05S")
    get_settings.cache_clear()
    database_url.cache_clear()

    answers = await asyncio.gather(
        *(
            refuse(owner, one, "unavailable", params={**one.query, **asking(one)})
            for one in refusing("unavailable", but=("/api/webhooks/",))
        ),
        return_exceptions=True,
    )

    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    assert {answer.status_code for answer in answers if isinstance(answer, httpx.Response)} == {503}


async def test_odd_addresses_and_bodies_are_refused(owner: Caller, database: str) -> None:
    before = books.snapshot(database)

    for one in refusing("invalid_data"):
        assert (await refuse(owner, one, "invalid_data", params="x=%00")).status_code == 400
        if "json" in one.body and not one.route.path.startswith("/api/webhooks/"):
            for body in (b"", b"{", b"[]", b'"x"', b"null", b"1" * 5_000, b"[" * 100_000, b'{"x": "\xff"}'):
                sent = {"json": None, "content": body, "headers": {"Content-Type": "application/json"}}
                await refuse(owner, one, "invalid_data", **sent)
            await refuse(owner, one, "invalid_data", json=None, content=b"{}", headers={"Content-Type": "text/plain"})

    assert changed(database, before) == []


@pytest.mark.parametrize("value", [10**30, -(10**30), {"x": ["y"]}, "x\x00y", "\ud800"], ids=repr)
async def test_values_that_no_field_takes_are_refused(owner: Caller, database: str, value: Any) -> None:
    before = books.snapshot(database)
    tried = 0

    for one in OPERATIONS:
        form = one.body.get("json")
        if not isinstance(form, dict) or one.route.path.startswith("/api/webhooks/"):
            continue
        for field in form:
            content = json_of({**form, field: value})
            sent = {"json": None, "content": content, "headers": {"Content-Type": "application/json"}}
            answer = await owner.send(one.name, at=one.path, params=one.query, **sent)
            assert 400 <= answer.status_code < 500, f"{one.name} with {field}: {answer.status_code} {answer.text[:300]}"
            owner.hold_against_description(one.name, answer)
            tried += 1

    assert tried > 40
    assert changed(database, before) == []


async def test_numbers_and_ids_in_addresses_are_held_to_their_bounds(owner: Caller) -> None:
    tried = 0

    for one in OPERATIONS:
        for parameter in one.parameters("query"):
            kinds = [parameter["schema"], *parameter["schema"].get("anyOf", [])]
            if any(kind.get("type") == "integer" for kind in kinds):
                for value in (10**30, -(10**30), "x", "1.5", "", "٣x"):
                    await refuse(owner, one, "invalid_data", params={**one.query, parameter["name"]: value})
                    tried += 1
        for parameter in one.parameters("path"):
            if parameter["schema"].get("format") == "uuid":
                path = one.path.replace(one.path.split("/")[one.route.path_format.split("/").index(
                    f"{{{parameter['name']}}}")], "no-id")  # fmt: skip
                await refuse(owner, one, "invalid_data", at=path)
                tried += 1

    assert tried > 60


@pytest.mark.parametrize("code", ["idempotency_key_reused", "idempotency_in_progress"])
async def test_key_that_was_used_or_is_in_use_is_refused(
    owner: Caller, database: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDEMPOTENCY_WAIT", "PT0S")
    get_settings.cache_clear()
    sender = Sender(owner.headers["Authorization"].removeprefix("Bearer "))
    before = books.snapshot(database)

    for one in refusing(code):
        claimed = await answer_once.claim(Asked(sender, one.path, f"{one.path}?", "a-key", b"{}"))
        assert isinstance(claimed, Claim)
        body = b"{}"
        if code == "idempotency_key_reused":
            await answer_once.keep(claimed, Answer(200, (), b""), [])
            body = b"[]"
        headers = {"Idempotency-Key": "a-key", "Content-Type": "application/json"}
        sent = {"json": None, "files": None, "params": None, "content": body, "headers": headers}
        answer = await refuse(owner, one, code, **sent)
        assert answer.status_code == 409
        assert ("retry-after" in answer.headers) == (code == "idempotency_in_progress")

    assert changed(database, before) == []


async def test_only_what_is_the_same_for_everybody_may_be_kept_by_everybody(program: Caller, owner: Caller) -> None:
    public = []

    for one in OPERATIONS:
        if one.method != "GET":
            continue
        mine = await owner.send(one.name, at=one.path, params=one.query)
        kept = mine.headers["cache-control"]
        if "public" in kept:
            theirs = await program.send(one.name, at=one.path, params=one.query)
            assert (theirs.status_code, theirs.content) == (mine.status_code, mine.content), one.name
            public.append(one.route.path)
        else:
            assert kept == "no-store" or "private" in kept, f"{one.name}: {kept}"
        if mine.status_code == 200 and mine.headers["content-type"] == "application/json":
            known = {"If-None-Match": mine.headers["etag"]}
            again = await owner.send(one.name, at=one.path, params=one.query, headers=known)
            assert (again.status_code, again.content) in {(304, b""), (200, mine.content)}, one.name
            if "public" in kept:
                assert again.status_code == 304, one.name

    assert "/api/products" in public
    assert not any(path.startswith(("/api/admin", "/api/user", "/api/cart", "/api/orders")) for path in public)


def json_of(value: Any) -> bytes:
    return json.dumps(value).encode()
