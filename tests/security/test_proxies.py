"""What a caller says of itself: where it comes from and under which name it calls are not its to choose."""

import re
from uuid import UUID

import httpx
import pytest

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.services import throttles
from shophub.services.emails.outbox import EmailKind
from shophub.services.letters.writing import write
from shophub.settings import get_settings
from tests.rows import rows

PROXY, CLIENT, LIE = "10.0.0.1", "203.0.113.7", "198.51.100.66"


async def register(
    monkeypatch: pytest.MonkeyPatch, *, peer: str, trusted: str, headers: dict[str, str], email: str = "ada@example.com"
) -> httpx.Response:
    """Register through a shop that trusts these proxies, called by ``peer``."""
    monkeypatch.setenv("TRUSTED_PROXIES", trusted)
    get_settings.cache_clear()
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=(peer, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        body = {"email": email, "password": "a-fine-password-21", "fullName": "Ada L"}
        return await client.post("/api/register", json=body, headers={"Sec-Fetch-Site": "same-origin"} | headers)


@pytest.mark.parametrize(
    ("peer", "trusted", "forwarded", "seen"),
    [
        (CLIENT, "", LIE, CLIENT),
        (CLIENT, PROXY, LIE, CLIENT),
        (PROXY, PROXY, CLIENT, CLIENT),
        (PROXY, PROXY, f"{LIE}, {CLIENT}", CLIENT),
        (PROXY, "10.0.0.0/8", f"{LIE}, {CLIENT}, 10.0.0.9", CLIENT),
        (PROXY, PROXY, f"{CLIENT}, not-an-address", PROXY),
        (PROXY, PROXY, "", PROXY),
    ],
)
async def test_known_failure_29_address_is_what_trusted_proxies_say(
    database: str, monkeypatch: pytest.MonkeyPatch, peer: str, trusted: str, forwarded: str, seen: str
):
    """Known failure 29: no throttle, or one keyed on a header that the client writes."""
    others = dict.fromkeys(
        ("X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP"), LIE
    )

    answer = await register(
        monkeypatch, peer=peer, trusted=trusted, headers=others | ({"X-Forwarded-For": forwarded} if forwarded else {})
    )

    assert answer.status_code == 201
    assert await rows("SELECT network_address FROM sessions") == [(seen,)]


async def test_known_failure_29_throttle_counts_the_true_address(database: str, monkeypatch: pytest.MonkeyPatch):
    """Known failure 29: no throttle, or one keyed on a header that the client writes."""
    monkeypatch.setenv("THROTTLE_REGISTER_ADDRESS", "3")
    monkeypatch.setenv("TRUSTED_PROXIES", PROXY)
    get_settings.cache_clear()
    await throttles.reset()
    transport = httpx.ASGITransport(create_api(), client=(PROXY, 50_000))
    body = {"password": "a-fine-password-21", "fullName": "Ada L"}

    async def tries(real: str) -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            return [
                (
                    await client.post(
                        "/api/register",
                        json=body | {"email": f"ada{real}-{number}@example.com"},
                        headers={"X-Forwarded-For": f"192.0.2.{number}, {real}", "Sec-Fetch-Site": "same-origin"},
                    )
                ).status_code
                for number in range(5)
            ]

    assert await tries(CLIENT) == [201, 201, 201, 429, 429]
    assert await tries("203.0.113.8") == [201, 201, 201, 429, 429]
    await throttles.reset()


async def test_links_in_letters_are_built_from_the_shops_own_address(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example")
    lies = dict.fromkeys(("Host", "X-Forwarded-Host", "X-Original-Host", "Forwarded"), "evil.example")

    answer = await register(monkeypatch, peer=CLIENT, trusted=CLIENT, headers=lies)

    assert answer.status_code == 201
    assert "evil" not in answer.text + str(answer.headers)
    ((token_id,),) = await rows("SELECT id FROM email_tokens")
    async with transaction() as session:
        letter = await write(session, EmailKind.VERIFY_EMAIL, UUID(str(token_id)))
    assert letter is not None
    addresses = re.findall(r"https?://[^/\s\"<]+", letter.email.html + letter.email.text)
    assert set(addresses) == {"https://shop.example"}
