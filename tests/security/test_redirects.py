"""Every door that sends a visitor back sends them to this shop."""

from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from shophub.db import transaction
from shophub.services.passwords import hash_password
from tests.factories import make_user
from tests.plain_http import NO_TLS
from tests.security.conftest import EventServer

PASSWORD = "a-fine-password-21"
ELSEWHERE = (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example",
    "/\n//evil.example", "javascript:alert(1)", "data:text/html,x", "http:evil.example", "https:/evil.example",
    " //evil.example", "evil.example", "@evil.example", "/auth/logout", "/login?next=//evil.example", "",
)  # fmt: skip
DOORS = ("/auth/login", "/auth/register", "/auth/logout", "/auth/restart", "/auth/verify-email")


@pytest.mark.parametrize("door", DOORS)
async def test_no_door_sends_a_visitor_to_another_site(live_shop: EventServer, no_traceback: None, door: str):
    async with transaction() as session:
        await make_user(
            session, email=f"next{door.replace('/', '-')}@example.com", password_hash=await hash_password(PASSWORD)
        )
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript"}
    async with httpx.AsyncClient(base_url=live_shop.url, trust_env=False, verify=NO_TLS, headers=headers) as client:
        for target in ("/cart", *ELSEWHERE):
            fields = {"email": f"next{door.replace('/', '-')}@example.com", "password": PASSWORD, "full_name": "Ada L"}
            answer = await client.post(door, data=fields | {"next": target})

            assert answer.status_code in {303, 401}, target
            location = answer.headers.get("location", "/")
            assert urlsplit(urljoin(live_shop.url, location)).netloc == urlsplit(live_shop.url).netloc
            assert "evil" not in location
            if target == "/cart" and door in {"/auth/login", "/auth/logout"}:
                assert urlsplit(location).path == "/cart"
