"""People and invites over HTTP: who may, what comes back, and that a refusal changes nothing."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.services import sessions
from shophub.settings import get_settings
from tests.factories import make_user

PASSWORD = "blue kettle sings"
USER_FIELDS = {
    "id", "email", "fullName", "role", "isActive", "emailVerified", "orderCount", "totalSpent", "reviewCount",
    "createdAt",
}  # fmt: skip


async def person(role: Role = Role.CUSTOMER, **more: str) -> tuple[UUID, dict[str, str]]:
    """Make an account; gives its id and the header that it signs in with."""
    async with transaction() as session:
        user = await make_user(session, role=role, **more)  # type: ignore[arg-type]
        token = await sessions.start(session, user.id)
    return user.id, {"Authorization": f"Bearer {token}"}


async def age_step_up() -> None:
    async with transaction() as session:
        await session.execute(
            text("UPDATE sessions SET step_up_at = :then"), {"then": utc_now() - timedelta(minutes=11)}
        )


async def rows(table: str) -> list[tuple[object, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


async def invited(api: httpx.AsyncClient, chief: dict[str, str], email: str = "ada@example.com") -> tuple[str, str]:
    """Send an invite; gives its id and token."""
    answer = await api.post("/api/admin/invite", json={"email": email, "role": "ADMIN"}, headers=chief)
    assert answer.status_code == 201
    return answer.json()["id"], answer.json()["inviteLink"].partition("token=")[2]


DOORS = [
    ("GET", "/api/admin/users", None),
    ("PATCH", "/api/admin/users/{id}", {"isActive": False}),
    ("GET", "/api/admin/invite", None),
    ("POST", "/api/admin/invite", {"email": "new@example.com", "role": "ADMIN"}),
    ("POST", "/api/admin/invite/{id}/resend", {}),
    ("DELETE", "/api/admin/invite/{id}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), DOORS)
async def test_only_a_super_admin_passes(
    api: httpx.AsyncClient, method: str, path: str, body: dict[str, object] | None
) -> None:
    victim, _ = await person()
    before = (await rows("users"), await rows("invites"))

    for headers, status in ((None, 401), ((await person())[1], 403), ((await person(Role.ADMIN))[1], 403)):
        before = (await rows("users"), await rows("invites"))
        answer = await api.request(method, path.format(id=victim), json=body, headers=headers)
        assert answer.status_code == status
        assert set(answer.json()) == {"error", "code", "details"}
        assert (await rows("users"), await rows("invites")) == before


@pytest.mark.parametrize(("method", "path", "body"), [door for door in DOORS if door[0] != "GET"])
async def test_password_has_to_be_entered_lately(
    api: httpx.AsyncClient, method: str, path: str, body: dict[str, object] | None
) -> None:
    victim, _ = await person()
    _, chief = await person(Role.SUPER_ADMIN)
    await age_step_up()
    before = (await rows("users"), await rows("invites"))

    answer = await api.request(method, path.format(id=victim), json=body, headers=chief)

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert (await rows("users"), await rows("invites")) == before


async def test_users_come_in_pages_with_what_they_did(api: httpx.AsyncClient) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    for _ in range(3):
        await person()

    answer = await api.get("/api/admin/users?pageSize=2&page=2", headers=chief)

    assert answer.status_code == 200
    body = answer.json()
    assert {name: body[name] for name in ("total", "totalIsExact", "page", "pageSize")} == {
        "total": 4, "totalIsExact": True, "page": 2, "pageSize": 2,
    }  # fmt: skip
    assert [set(user) for user in body["items"]] == [USER_FIELDS] * 2
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("query", ["page=0", "pageSize=101", "pageSize=0", "page=x", "role=OWNER", "isActive=perhaps"])
async def test_unknown_page_size_or_role_is_invalid(api: httpx.AsyncClient, query: str) -> None:
    _, chief = await person(Role.SUPER_ADMIN)

    answer = await api.get(f"/api/admin/users?{query}", headers=chief)

    assert (answer.status_code, set(answer.json())) == (400, {"error", "code", "details"})


@pytest.mark.parametrize(
    "body", [{"isActive": "yes"}, {"isActive": 0}, {"role": "OWNER"}, {"email": "x@example.com"}, [], "x", None]
)
async def test_other_changes_are_invalid_and_change_nothing(api: httpx.AsyncClient, body: object) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    victim, _ = await person()
    before = await rows("users")

    answer = await api.patch(f"/api/admin/users/{victim}", json=body, headers=chief)

    assert answer.status_code == 400
    assert await rows("users") == before


async def test_known_failure_26_deactivated_user_is_out_at_once(api: httpx.AsyncClient) -> None:
    """Known failure 26: a deactivated user signs in. Neither the open session nor the password opens anything."""
    _, chief = await person(Role.SUPER_ADMIN)
    ada = {"email": "ada@example.com", "password": PASSWORD, "fullName": "Ada Shopper"}
    made = await api.post("/api/register", json=ada)
    assert made.status_code == 201
    mine = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await api.get("/api/auth/session", headers=mine)).status_code == 200

    answer = await api.patch(f"/api/admin/users/{made.json()['user']['id']}", json={"isActive": False}, headers=chief)

    assert (answer.status_code, answer.json()["isActive"]) == (200, False)
    assert (await api.get("/api/auth/session", headers=mine)).status_code == 401
    assert (await api.get("/api/auth/session")).json()["user"] is None  # by cookie
    again = await api.post("/api/auth/signin", json={"email": ada["email"], "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (401, "wrong_credentials")
    await api.patch(f"/api/admin/users/{made.json()['user']['id']}", json={"isActive": True}, headers=chief)
    assert (await api.get("/api/auth/session", headers=mine)).status_code == 401
    assert (await api.post("/api/auth/signin", json={"email": ada["email"], "password": PASSWORD})).status_code == 200


async def test_known_failure_26_demoted_admin_has_lost_the_rights_with_the_next_request(api: httpx.AsyncClient) -> None:
    """Known failure 26: a demoted admin keeps admin access until the token ends, a month later."""
    _, chief = await person(Role.SUPER_ADMIN)
    admin, hers = await person(Role.SUPER_ADMIN)
    assert (await api.get("/api/admin/users", headers=hers)).status_code == 200

    answer = await api.patch(f"/api/admin/users/{admin}", json={"role": "CUSTOMER"}, headers=chief)

    assert (answer.status_code, answer.json()["role"]) == (200, "CUSTOMER")
    assert (await api.get("/api/admin/users", headers=hers)).status_code == 403


async def test_oneself_the_last_and_the_unknown_are_refused_with_codes(api: httpx.AsyncClient) -> None:
    chief, his = await person(Role.SUPER_ADMIN)
    customer, _ = await person()

    refusals = [
        await api.patch(f"/api/admin/users/{target}", json=body, headers=his)
        for target, body in (
            (chief, {"isActive": False}),
            (chief, {"role": "ADMIN"}),
            (customer, {"role": "ADMIN"}),
            (new_id(), {"isActive": False}),
            ("nobody", {"isActive": False}),
        )
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refusals] == [
        (403, "own_account"),
        (403, "own_account"),
        (409, "invite_required"),
        (404, "user_not_found"),
        (400, "invalid_data"),
    ]


async def test_known_failure_28_invite_is_accepted_without_an_account(api: httpx.AsyncClient) -> None:
    """Known failure 28: the invite page needs a sign-in that the invited person does not have."""
    _, chief = await person(Role.SUPER_ADMIN)
    _, token = await invited(api, chief)

    shown = await api.get("/api/admin/accept-invite", params={"token": token})
    answer = await api.post(
        "/api/admin/accept-invite", json={"token": token, "fullName": "Ada Admin", "password": PASSWORD}
    )

    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert (shown.json()["email"], shown.json()["role"], shown.json()["account"]) == ("ada@example.com", "ADMIN", "new")
    assert answer.status_code == 201
    assert set(answer.json()["user"]) == USER_FIELDS
    assert (answer.json()["user"]["role"], answer.json()["user"]["fullName"]) == ("ADMIN", "Ada Admin")
    assert answer.headers["set-cookie"].startswith("shophub_session=")
    assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    assert (await api.get("/api/auth/session")).json()["user"]["role"] == "ADMIN"
    again = await api.post("/api/admin/accept-invite", json={"token": token, "fullName": "Eve", "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (404, "invite_not_found")


async def test_invites_can_be_read_sent_again_and_revoked_and_show_no_link(api: httpx.AsyncClient) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    first, token = await invited(api, chief)

    again = await api.post(f"/api/admin/invite/{first}/resend", headers=chief)
    listed = await api.get("/api/admin/invite", headers=chief)

    assert again.status_code == 201
    second = again.json()["inviteLink"].partition("token=")[2]
    assert again.json()["inviteLink"].startswith("http://localhost")  # PUBLIC_URL, and never the request's host
    assert (await api.get("/api/admin/accept-invite", params={"token": token})).status_code == 404
    assert [(item["status"], item["email"]) for item in listed.json()["items"]] == [
        ("open", "ada@example.com"),
        ("revoked", "ada@example.com"),
    ]
    assert token not in listed.text
    assert second not in listed.text
    assert (await api.delete(f"/api/admin/invite/{again.json()['id']}", headers=chief)).status_code == 204
    assert (await api.delete(f"/api/admin/invite/{again.json()['id']}", headers=chief)).status_code == 404
    assert (await api.get("/api/admin/accept-invite", params={"token": second})).status_code == 404


async def test_verified_account_accepts_signed_in_only(api: httpx.AsyncClient) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    _, hers = await person(email="ada@example.com")
    _, other = await person()
    _, token = await invited(api, chief)
    body = {"token": token, "fullName": "Eve", "password": PASSWORD}

    refusals = [await api.post("/api/admin/accept-invite", json=body, headers=headers) for headers in (None, other)]
    answer = await api.post("/api/admin/accept-invite", json={"token": token}, headers=hers)

    assert [(refusal.status_code, refusal.json()["code"]) for refusal in refusals] == [
        (401, "sign_in_required"),
        (403, "other_account"),
    ]
    assert (answer.status_code, answer.json()["token"]) == (201, None)
    assert (answer.json()["user"]["role"], answer.json()["user"]["fullName"]) == ("ADMIN", "Ada Shopper")


async def test_second_open_invite_conflicts(api: httpx.AsyncClient) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    await invited(api, chief)

    answer = await api.post("/api/admin/invite", json={"email": "ADA@example.com", "role": "ADMIN"}, headers=chief)

    assert (answer.status_code, answer.json()["code"]) == (409, "invite_open")


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nope", "role": "ADMIN"},
        {"email": "ada@example.com", "role": "CUSTOMER"},
        {"email": "ada@example.com"},
        {"email": ["ada@example.com"], "role": "ADMIN"},
        {"email": "ada@example.com", "role": "ADMIN", "token": "mine"},
    ],
)
async def test_invites_that_make_no_sense_are_invalid(api: httpx.AsyncClient, body: dict[str, object]) -> None:
    _, chief = await person(Role.SUPER_ADMIN)

    answer = await api.post("/api/admin/invite", json=body, headers=chief)

    assert (answer.status_code, await rows("invites")) == (400, [])


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": "x" * 201}, {"token": ["x"]}, [], "x"])
async def test_answer_without_a_token_is_invalid(api: httpx.AsyncClient, body: object) -> None:
    assert (await api.post("/api/admin/accept-invite", json=body)).status_code == 400


async def test_invites_and_answers_are_throttled_by_network_address(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setenv("THROTTLE_INVITE_ADDRESS", "2")
    monkeypatch.setenv("THROTTLE_ACCEPT_ADDRESS", "2")
    get_settings.cache_clear()
    _, chief = await person(Role.SUPER_ADMIN)
    for number in range(2):
        await invited(api, chief, f"person{number}@example.com")
        assert (await api.post("/api/admin/accept-invite", json={"token": "x"})).status_code == 404

    refusals = (
        await api.post("/api/admin/invite", json={"email": "one@example.com", "role": "ADMIN"}, headers=chief),
        await api.post("/api/admin/accept-invite", json={"token": "x"}),
    )

    for refusal in refusals:
        assert refusal.status_code == 429
        assert 0 < int(refusal.headers["retry-after"]) <= 900
    assert len(await rows("invites")) == 2


async def test_answer_from_another_sites_page_is_refused(api: httpx.AsyncClient) -> None:
    _, chief = await person(Role.SUPER_ADMIN)
    _, token = await invited(api, chief)

    answer = await api.post(
        "/api/admin/accept-invite",
        json={"token": token, "fullName": "Ada Admin", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
