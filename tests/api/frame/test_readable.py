"""Odd addresses and bodies are the sender's mistake, never ours."""

import json
from typing import Any

import httpx
import pytest

from tests.rows import rows

JSON = {"Content-Type": "application/json"}
ADDRESSES = (
    "/api/%00", "/api/products/a%00b", "/api/search/suggestions?q=%00", "/api/public-settings?x=a%00b",
    "/api/admin/users?%00=1", "/api/nothing/%00/here", "/api/auth/session?next=%00",
)  # fmt: skip
TWISTED = (
    "/api/search/suggestions?q=%", "/api/search/suggestions?q=%zz", "/api/search/suggestions?q=%ff%fe",
    "/api/search/suggestions?q=%ed%a0%80", "/api/products/%ff", "/api/products/%ed%a0%80", "/api/%", "/api/%zz/x",
    "/api/search/suggestions?q=a&q=b&&=", "/api/search/suggestions?%ff=%ff",
)  # fmt: skip
FORMS = {
    "/api/auth/signin": {"email": "ada@example.com", "password": "correct horse"},
    "/api/register": {"email": "ada@example.com", "password": "correct horse", "fullName": "Ada Lovelace"},
    "/api/admin/accept-invite": {"token": "none", "fullName": "Ada Lovelace", "password": "correct horse"},
    "/api/auth/step-up": {"password": "correct horse"},
}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"{} {}",
    "another kind": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number that Python does not read": b"9" * 5_000,
    "deeper than it is read": b"[" * 100_000,
    "deep": b'{"a":' * 400 + b"1" + b"}" * 400,
    "no UTF-8": b'{"email": "\xff"}',
    "UTF-16": '{"email": "x"}'.encode("utf-16"),
    "not a number": b'{"email": NaN, "password": -Infinity}',
}


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nul_in_an_address_is_refused_before_anything_is_looked_up(api: httpx.AsyncClient, address: str) -> None:
    answer = await api.get(address)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_data")
    assert answer.json()["details"][0]["field"] in {"path", "query"}
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("address", TWISTED)
async def test_malformed_addresses_are_no_failure_of_ours(api: httpx.AsyncClient, address: str) -> None:
    assert (await api.get(address)).status_code in {200, 400, 404}


@pytest.mark.parametrize("path", FORMS)
async def test_body_that_is_no_form_is_refused(api: httpx.AsyncClient, path: str) -> None:
    for name, body in BODIES.items():
        answer = await api.post(path, content=body, headers=JSON)

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_data"), name
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "%"):
        answer = await api.post(path, content=b'{"email": "a"}', headers={"Content-Type": kind})

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_data"), kind
    assert await rows("SELECT count(*) FROM users") == [(0,)]


@pytest.mark.parametrize("path", FORMS)
async def test_values_of_another_kind_are_refused(api: httpx.AsyncClient, path: str) -> None:
    form = FORMS[path]
    odd: tuple[Any, ...] = (None, 10**400, -1e308, True, ["x"], {"x": 1}, "x\x00y", "x\ud800y", "x" * 100_000, [[]])
    for field in form:
        for value in odd:
            answer = await api.post(path, content=_json({**form, field: value}), headers=JSON)

            assert answer.status_code in {400, 401}, (field, str(value)[:20], answer.text)
            assert answer.status_code == 400 or field == "password", (field, str(value)[:20])
    strange = await api.post(path, content=_json({**form, "\ud800": 1, "\x00": 1}), headers=JSON)

    assert strange.status_code < 500
    assert await rows("SELECT count(*) FROM users WHERE email LIKE '%x%y%'") == [(0,)]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
