"""Confirming an address takes both: opening the link that was mailed there, and being signed in to its account."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import transaction
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.models.accounts import EmailToken, User
from shophub.models.orders import Order
from shophub.services import email_links, notices, sessions
from shophub.settings import get_settings
from tests.api.test_account_links import (
    ADA,
    NEW,
    PASSWORD,
    choose,
    error_of,
    find_ada,
    follow,
    link_for,
    make_ada,
    signs_in,
)
from tests.factories import make_address, make_order, make_user


async def unconfirmed_link() -> tuple[User, EmailToken]:
    ada = await make_ada(email_verified_at=None)
    async with transaction() as session:
        await email_links.send_verification(session, ada.id)
        return ada, (await session.exec(select(EmailToken))).one()


async def is_verified() -> bool:
    return (await find_ada()).email_verified_at is not None


def path_of(link: EmailToken) -> str:
    return email_links.verification_url(link.id).removeprefix(get_settings().public_url)


async def owner_of(order: Order) -> UUID | None:
    async with transaction() as session:
        return (await session.get(Order, order.id, populate_existing=True)).user_id  # type: ignore[union-attr]


async def test_opening_the_link_is_not_enough_where_nobody_is_signed_in(api: httpx.AsyncClient) -> None:
    _, link = await unconfirmed_link()
    async with transaction() as session:
        order = await make_order(session, email=ADA)

    opened = await api.get(path_of(link))

    assert opened.headers["location"] == "/verify-email"
    token = email_links.token_of(link.id, EmailTokenPurpose.VERIFY_EMAIL)
    assert opened.headers["set-cookie"] == f"shophub_verify={token}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax"
    assert (await is_verified(), await owner_of(order)) == (False, None)


@pytest.mark.parametrize("who", ["nobody", "somebody else"])
async def test_press_is_not_enough_where_the_account_is_not_signed_in(api: httpx.AsyncClient, who: str) -> None:
    """Whoever made the account with another's address would stay in it, and see what that one ordered as a guest."""
    await unconfirmed_link()
    async with transaction() as session:
        order = await make_order(session, email=ADA)
        link = (await session.exec(select(EmailToken))).one()
    if who == "somebody else":
        await api.post("/auth/register", data={"email": "eve@example.com", "password": PASSWORD, "full_name": "Eve"})
    await api.get(path_of(link))

    answer = await api.post("/auth/confirm-address")

    target = urlsplit(answer.headers["location"])
    query = parse_qs(target.query)
    assert (answer.status_code, target.path, query["next"]) == (303, "/login", ["/verify-email"])
    assert notices.read(query["notice"][0]) == "Sign in to confirm your address."
    assert "set-cookie" not in answer.headers
    assert "shophub_verify" in api.cookies
    assert (await is_verified(), await owner_of(order)) == (False, None)


async def test_owner_who_signs_in_confirms_by_one_press(api: httpx.AsyncClient) -> None:
    ada, link = await unconfirmed_link()
    async with transaction() as session:
        order = await make_order(session, email=ADA)
    await api.get(path_of(link))
    await api.post("/auth/confirm-address")
    signed_in = await api.post("/auth/login", data={"email": ADA, "password": PASSWORD, "next": "/verify-email"})
    refused = await api.post("/auth/confirm-address", headers={"Sec-Fetch-Site": "cross-site"})
    before = await is_verified()

    confirmed = await api.post("/auth/confirm-address")

    assert (signed_in.headers["location"], refused.status_code, before) == ("/verify-email", 403, False)
    target = urlsplit(confirmed.headers["location"])
    assert target.path == "/"
    assert notices.read(parse_qs(target.query)["notice"][0]) == "Thank you. Your e-mail address is confirmed."
    assert "shophub_verify" not in api.cookies
    assert (await is_verified(), await owner_of(order)) == (True, ada.id)


async def test_owner_who_is_signed_in_confirms_by_opening(api: httpx.AsyncClient) -> None:
    _, link = await unconfirmed_link()
    await api.post("/auth/login", data={"email": ADA, "password": PASSWORD})

    assert urlsplit((await api.get(path_of(link))).headers["location"]).path == "/"
    assert await is_verified()


async def test_somebody_elses_session_does_not_confirm_by_opening(api: httpx.AsyncClient) -> None:
    _, link = await unconfirmed_link()
    await api.post("/auth/register", data={"email": "eve@example.com", "password": PASSWORD, "full_name": "Eve"})

    await api.get(path_of(link))

    assert not await is_verified()


async def test_new_password_takes_the_account_from_whoever_made_it(api: httpx.AsyncClient) -> None:
    """What the page offers to who does not know the password: the other is out, and leaves no address behind."""
    ada, link = await unconfirmed_link()
    async with transaction() as session:
        await make_address(session, ada, is_default=True)
        theirs = await sessions.start(session, ada.id)
        bystander = await make_user(session)
        await make_address(session, bystander)
    await api.get(path_of(link))
    await follow(api, await link_for(api))

    assert error_of(await choose(api)) == ("/login", "")

    assert await is_verified()
    assert [await signs_in(api, PASSWORD), await signs_in(api, NEW)] == [401, 200]
    async with transaction() as session:
        assert await sessions.find_live(session, theirs) is None
        kept = [owner for (owner,) in await session.execute(text("SELECT user_id FROM addresses"))]
    assert kept == [bystander.id]


@pytest.mark.parametrize(
    "values", [{}, {"role": Role.ADMIN, "email_verified_at": None}], ids=["customer", "staff who verified nothing"]
)
async def test_new_password_leaves_the_owners_addresses(api: httpx.AsyncClient, values: dict[str, object]) -> None:
    ada = await make_ada(**values)
    async with transaction() as session:
        await make_address(session, ada, is_default=True)
    await follow(api, await link_for(api))

    await choose(api)

    async with transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM addresses"))).scalar_one() == 1


async def test_confirming_without_a_link_confirms_nothing(api: httpx.AsyncClient) -> None:
    await unconfirmed_link()

    assert error_of(await api.post("/auth/confirm-address")) == ("/verify-email", "link_over")
    assert not await is_verified()


async def test_link_that_is_over_leads_to_where_another_can_be_had(api: httpx.AsyncClient) -> None:
    assert error_of(await api.get("/verify-email?token=guess")) == ("/verify-email", "link_over")
