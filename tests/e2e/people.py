"""People with accounts, made and changed through the shop's own doors."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import Page, expect

from tests.e2e.conftest import go_live
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer

PASSWORD = "blue kettle sings"


@dataclass
class Person:
    """Somebody with an account, who can sign in on several devices."""

    shop: ShopServer
    id: str
    email: str
    name: str

    def sign_in(self) -> str:
        """Open a session; returns the cookie's value."""
        answer = httpx.post(
            self.shop.url + "/api/auth/signin", json={"email": self.email, "password": PASSWORD}, trust_env=False
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def change_password(self, token: str) -> float:
        """Choose another password, on the device that has this session; returns when it had been done."""
        answer = httpx.post(
            self.shop.url + "/account/password",
            data={"current_password": PASSWORD, "new_password": "green kettle hums"},
            headers={"Cookie": f"shophub_session={token}", "Sec-Fetch-Site": "same-origin"},
            trust_env=False,
        )
        done_at = time.monotonic()
        assert (answer.status_code, "error" in answer.headers["location"]) == (303, False)
        return done_at

    async def sit_down_at(self, page: Page, path: str, token: str | None = None) -> str:
        """Open a page as this person; returns the session's token."""
        token = token or self.sign_in()
        await page.context.add_cookies([{"name": "shophub_session", "value": token, "url": self.shop.url}])
        await go_live(page, path)
        await expect(page.get_by_role("link", name="Orders").first).to_be_visible()
        return token


def person(shop: ShopServer, records: Records, name: str, role: str = "CUSTOMER") -> Person:
    """Register somebody new."""
    email = f"{uuid4().hex}@example.com"
    answer = httpx.post(
        shop.url + "/api/register", json={"email": email, "password": PASSWORD, "fullName": name}, trust_env=False
    )
    assert answer.status_code == 201, answer.text
    made = Person(shop, answer.json()["user"]["id"], email, name)
    records.rows("UPDATE users SET role = %(role)s WHERE id = %(id)s", role=role, id=made.id)
    return made


def as_owner(shop: ShopServer, records: Records, method: str, path: str, body: dict[str, Any]) -> Any:
    """Send a request as a SUPER_ADMIN of the moment; returns the answer's content."""
    chief = person(shop, records, "Olga Owner", "SUPER_ADMIN")
    headers = {"Authorization": f"Bearer {chief.sign_in()}"}
    answer = httpx.request(method, shop.url + path, json=body, headers=headers, trust_env=False)
    assert answer.is_success, answer.text
    records.rows("UPDATE users SET role = 'CUSTOMER' WHERE id = %(id)s", id=chief.id)
    return answer.json()


def change(shop: ShopServer, records: Records, whom: Person, patch: dict[str, Any]) -> float:
    """Change somebody's standing; returns when it had been done."""
    as_owner(shop, records, "PATCH", f"/api/admin/users/{whom.id}", patch)
    return time.monotonic()


def send_invite(shop: ShopServer, records: Records, email: str) -> str:
    """Invite somebody as an admin; returns the link for copying."""
    made = as_owner(shop, records, "POST", "/api/admin/invite", {"email": email, "role": "ADMIN"})
    return str(made["inviteLink"])
