"""The store's people and the invites that make them, for programs."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.ids import new_id
from tests.accounts import PASSWORD, all_busy_hashing
from tests.api.rest.caller import Caller, sign_in
from tests.factories import make_order, make_user

USER_FIELDS = {
    "id", "email", "fullName", "role", "isActive", "emailVerified", "orderCount", "totalSpent", "reviewCount",
    "createdAt",
}  # fmt: skip
NEW = {"fullName": "Ada Admin", "password": PASSWORD}


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def person(**more: Any) -> UUID:
    async with transaction() as session:
        return (await make_user(session, **more)).id


async def invited(owner: Caller, email: str = "ada@example.com") -> tuple[str, str]:
    """Send an invite; gives its id and token."""
    made = await owner.answers("POST /api/admin/invite", 201, json={"email": email, "role": "ADMIN"})
    return made["id"], made["inviteLink"].partition("token=")[2]


async def test_users_come_in_pages_with_what_they_did_and_are_narrowed(owner: Caller) -> None:
    async with transaction() as session:
        ada = await make_user(session, email="ada@example.com", full_name="Ada Shopper")
        await make_order(session, user=ada)
        await make_user(session, email="bob@example.com", full_name="Bob", is_active=False)

    page = await owner.answers("GET /api/admin/users", params={"pageSize": 2, "page": 1})

    assert (page["total"], page["totalIsExact"], page["page"], page["pageSize"]) == (3, True, 1, 2)
    assert [set(user) for user in page["items"]] == [USER_FIELDS] * 2
    assert page["items"][1] == {
        "id": str(ada.id), "email": "ada@example.com", "fullName": "Ada Shopper", "role": "CUSTOMER", "isActive": True,
        "emailVerified": True, "orderCount": 1, "totalSpent": 5_000, "reviewCount": 0,
        "createdAt": page["items"][1]["createdAt"],
    }  # fmt: skip
    for asked, found in (
        ({"q": "BOB@"}, ["bob@example.com"]),
        ({"isActive": "false"}, ["bob@example.com"]),
        ({"role": "SUPER_ADMIN"}, [owner.email]),
        ({"q": "%"}, []),
    ):
        narrowed = await owner.answers("GET /api/admin/users", params=asked)
        assert [user["email"] for user in narrowed["items"]] == found, asked
    for wrong in ({"page": 0}, {"pageSize": 101}, {"role": "OWNER"}, {"isActive": "perhaps"}, {"page": 2**70}):
        await owner.refuses("GET /api/admin/users", "invalid_data", params=wrong)


async def test_account_is_deactivated_and_its_sessions_end(owner: Caller, guest: Caller) -> None:
    victim = await sign_in(guest)
    at = f"/api/admin/users/{victim.user_id}"

    user = await owner.answers("PATCH /api/admin/users/{user_id}", at=at, json={"isActive": False})

    assert (user["id"], user["isActive"], user["role"]) == (str(victim.user_id), False, "CUSTOMER")
    await victim.refuses("GET /api/auth/session", "unauthenticated")
    assert await rows("SELECT action, actor_id FROM audit_log") == [("user.deactivate", owner.user_id)]


async def test_oneself_and_the_unknown_are_not_changed_and_customers_are_invited_instead(owner: Caller) -> None:
    customer = await person()
    before = await rows("SELECT id, role, is_active FROM users ORDER BY id")

    at = f"/api/admin/users/{owner.user_id}"
    await owner.refuses("PATCH /api/admin/users/{user_id}", "own_account", at=at, json={"role": "ADMIN"})
    at = f"/api/admin/users/{customer}"
    await owner.refuses("PATCH /api/admin/users/{user_id}", "invite_required", at=at, json={"role": "ADMIN"})
    wrongs: list[object] = [{"isActive": "yes"}, {"role": "OWNER"}, {"email": "x@example.com"}, []]
    for wrong in wrongs:
        await owner.refuses("PATCH /api/admin/users/{user_id}", "invalid_data", at=at, json=wrong)
    at = f"/api/admin/users/{new_id()}"
    await owner.refuses("PATCH /api/admin/users/{user_id}", "user_not_found", at=at, json={"isActive": False})
    at = "/api/admin/users/nobody"
    await owner.refuses("PATCH /api/admin/users/{user_id}", "invalid_data", at=at, json={"isActive": False})

    assert await rows("SELECT id, role, is_active FROM users ORDER BY id") == before


async def test_invite_is_sent_listed_sent_again_and_revoked(owner: Caller) -> None:
    first, token = await invited(owner)

    listed = await owner.answers("GET /api/admin/invite", params={"pageSize": 1})
    made = await owner.answers(
        "POST /api/admin/invite/{invite_id}/resend", 201, at=f"/api/admin/invite/{first}/resend"
    )  # fmt: skip
    await owner.refuses("GET /api/admin/accept-invite", "invite_not_found", params={"token": token})
    again = made["inviteLink"].partition("token=")[2]
    assert (await owner.answers("GET /api/admin/accept-invite", params={"token": again}))["email"] == "ada@example.com"
    await owner.answers("DELETE /api/admin/invite/{invite_id}", 204, at=f"/api/admin/invite/{made['id']}")
    await owner.refuses("GET /api/admin/accept-invite", "invite_not_found", params={"token": again})

    assert (listed["total"], listed["items"][0]["email"], listed["items"][0]["status"]) == (
        1,
        "ada@example.com",
        "open",
    )
    assert token not in str(listed)
    for statement, code, at in (
        ("POST /api/admin/invite/{invite_id}/resend", "invite_not_found", f"/api/admin/invite/{made['id']}/resend"),
        ("DELETE /api/admin/invite/{invite_id}", "invite_not_found", f"/api/admin/invite/{made['id']}"),
    ):
        assert (await owner.send(statement, at=at)).json()["code"] == code
    at = f"/api/admin/invite/{new_id()}"
    await owner.refuses("POST /api/admin/invite/{invite_id}/resend", "invite_not_found", at=f"{at}/resend")
    await owner.refuses("DELETE /api/admin/invite/{invite_id}", "invite_not_found", at=at)


async def test_who_is_invited_already_or_works_here_is_not_invited(owner: Caller) -> None:
    open_one, _ = await invited(owner)
    await person(email="staff@example.com", role=Role.ADMIN)

    await owner.refuses(
        "POST /api/admin/invite", "invite_open", json={"email": "ADA@example.com", "role": "ADMIN"}
    )  # fmt: skip
    await owner.refuses("POST /api/admin/invite", "conflict", json={"email": "staff@example.com", "role": "ADMIN"})
    await person(email="ada@example.com", role=Role.ADMIN)
    await owner.refuses(
        "POST /api/admin/invite/{invite_id}/resend", "conflict", at=f"/api/admin/invite/{open_one}/resend"
    )  # fmt: skip
    for wrong in ({"email": "nope", "role": "ADMIN"}, {"email": "b@example.com", "role": "CUSTOMER"}, {}):
        await owner.refuses("POST /api/admin/invite", "invalid_data", json=wrong)

    assert await rows("SELECT id::text, revoked_at FROM invites") == [(open_one, None)]


async def test_invite_makes_an_admin_once(owner: Caller, guest: Caller) -> None:
    _, token = await invited(owner)
    shown = await guest.answers("GET /api/admin/accept-invite", params={"token": token})

    accepted = await guest.answers("POST /api/admin/accept-invite", 201, json={"token": token, **NEW})

    assert (shown["email"], shown["role"], shown["account"]) == ("ada@example.com", "ADMIN", "new")
    assert set(accepted["user"]) == USER_FIELDS
    assert (accepted["user"]["role"], accepted["user"]["email"]) == ("ADMIN", "ada@example.com")
    bearer = Caller(guest.client, guest.description, {"Authorization": f"Bearer {accepted['token']}"})
    assert (await bearer.answers("GET /api/admin/orders"))["total"] == 0
    await guest.refuses("POST /api/admin/accept-invite", "invite_not_found", json={"token": token, **NEW})
    await guest.refuses("POST /api/admin/accept-invite", "invalid_data", json={"token": token, "fullName": "A\nB"})
    await guest.refuses("GET /api/admin/accept-invite", "invalid_data")


async def test_invited_account_has_to_be_the_one_that_is_signed_in(owner: Caller, guest: Caller, other: Caller) -> None:
    ada = await sign_in(guest, email="ada@example.com")
    await person(email="off@example.com", is_active=False)
    _, token = await invited(owner)

    await guest.refuses("POST /api/admin/accept-invite", "sign_in_required", json={"token": token, **NEW})
    await other.refuses("POST /api/admin/accept-invite", "other_account", json={"token": token})
    assert await rows("SELECT role FROM users WHERE email = 'ada@example.com'") == [("CUSTOMER",)]
    accepted = await ada.answers("POST /api/admin/accept-invite", 201, json={"token": token})

    assert (accepted["user"]["role"], accepted["token"]) == ("ADMIN", None)
    _, for_bob = await invited(owner, "bob@example.com")
    await person(email="bob@example.com", is_active=False)
    await guest.refuses("POST /api/admin/accept-invite", "conflict", json={"token": for_bob, **NEW})


async def test_who_would_wait_too_long_for_a_password_is_sent_away(
    owner: Caller, guest: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = await invited(owner)

    async with all_busy_hashing(monkeypatch):
        await guest.refuses("POST /api/admin/accept-invite", "busy", json={"token": token, **NEW})

    assert (await guest.answers("GET /api/admin/accept-invite", params={"token": token}))["account"] == "new"
