"""The states of the account forms: what they show, what they never keep, and what a hostile caller gets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import EmailTokenPurpose
from shophub.lib.ids import new_token
from shophub.models.accounts import EmailToken
from shophub.services import email_links, form_memory, password_reset, sessions, throttles
from shophub.services.emails.outbox import EmailKind
from shophub.state.store.auth import AuthState
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.password_reset import ForgotPasswordState, ResetPasswordState
from shophub.state.store.verification import VerificationState
from tests.factories import make_user
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
TYPED = {"email": "ada@example.com", "full_name": "Ada Shopper", "setup": "1"}


def cookies(**values: str) -> str:
    return "; ".join([f"shophub_guest={new_token()}", *(f"{name}={value}" for name, value in values.items())])


def everything(state: Any) -> str:
    return str({name: getattr(state, name) for name in state.vars if "router" not in name})


async def signed_in(email: str = "ada@example.com", *, verified: bool = False) -> str:
    async with transaction() as session:
        user = await make_user(session, email=email, verified=verified)
        return cookies(shophub_session=await sessions.start(session, user.id))


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("email_taken", "email_error"),
        ("invalid_email", "email_error"),
        ("invalid_name", "name_error"),
        ("weak_password", "password_error"),
        ("too_many&wait=61", "error"),
        ("busy", "error"),
        ("made_up", "error"),
    ],
)
async def test_registration_shows_what_is_wrong_where_it_is(open_tab: OpenTab, code: str, shown: str) -> None:
    tab = open_tab(cookies(shophub_form=form_memory.remember(TYPED)))
    tab.go(f"/register?error={code}&next=/checkout")
    page = tab.state(AuthState)

    events = await run(AuthState.load.fn(page))

    fields = ("error", "email_error", "name_error", "password_error")
    assert [name for name in fields if getattr(page, name)] == [shown]
    assert (page.email, page.full_name, page.is_setup) == ("ada@example.com", "Ada Shopper", True)
    assert (page.next_path, page.login_url, page.loaded) == ("/checkout", "/login?next=%2Fcheckout", "/register")
    assert ("focus()" in scripts(events)) is (shown != "error")
    if shown == "error" and "wait" in code:
        assert page.error == "Too many tries. Please try again in 2 minutes."


async def test_registration_believes_no_address_that_was_put_into_the_link(open_tab: OpenTab) -> None:
    tab = open_tab(cookies(shophub_form=form_memory.remember(TYPED)))
    tab.go("/register?email=eve%40evil.example&full_name=Eve&setup_token=x&next=//evil.example")
    page = tab.state(AuthState)

    await run(AuthState.load.fn(page))

    assert (page.email, page.full_name, page.is_setup, page.next_path) == ("", "", False, "/")


async def test_who_is_signed_in_need_not_register(open_tab: OpenTab) -> None:
    tab = open_tab(await signed_in())
    tab.go("/register?next=/orders")

    events = await run(AuthState.load.fn(tab.state(AuthState)))

    assert "/orders" in scripts(events)


@pytest.mark.parametrize(
    ("password", "about", "score", "label"),
    [
        ("short", "", 0, "Too weak"),
        ("password123", "", 0, "Too weak"),
        ("Ada Shopper", "Ada Shopper ada@example.com", 0, "Too weak"),
        ("seven otters by moonlight", "Ada Shopper", 4, "Strong"),
        ("", "", 0, ""),
    ],
)
async def test_password_is_judged_and_not_kept(
    open_tab: OpenTab, password: str, about: str, score: int, label: str
) -> None:
    meter = open_tab().state(PasswordMeterState)

    await run(PasswordMeterState.judge.fn(meter, password, about))

    assert (meter.score, meter.label) == (score, label)
    assert not password or password not in everything(meter)


@pytest.mark.parametrize("password", ["x" * 129, 7, None, {"a": 1}, ["x"]])
async def test_what_is_no_password_is_not_judged(open_tab: OpenTab, password: Any) -> None:
    meter = open_tab().state(PasswordMeterState)

    await run(PasswordMeterState.judge.fn(meter, password, ""))
    await run(PasswordMeterState.judge.fn(meter, "seven otters by moonlight", password if password != "x" * 129 else 7))

    assert (meter.score, meter.label) == (0, "")


async def test_forgotten_password_page_repeats_the_address_typed(open_tab: OpenTab) -> None:
    tab = open_tab(cookies(shophub_form=form_memory.remember({"email": "ada@example.com"})))
    tab.go("/forgot-password?sent=1")
    page = tab.state(ForgotPasswordState)
    await run(ForgotPasswordState.load.fn(page))
    assert (page.is_sent, page.email, page.error, page.email_error) == (True, "ada@example.com", "", "")

    tab.go("/forgot-password?error=invalid_email")
    events = await run(ForgotPasswordState.load.fn(page))

    assert (page.is_sent, page.email) == (False, "ada@example.com")
    assert page.email_error.startswith("Enter a real e-mail address")
    assert "email" in scripts(events)


async def make_link(
    lifetime: timedelta = timedelta(hours=1),
    purpose: EmailTokenPurpose = EmailTokenPurpose.RESET_PASSWORD,
    *,
    is_active: bool = True,
) -> str:
    async with transaction() as session:
        user = await make_user(session, email="ada@example.com", is_active=is_active)
        await email_links.send(session, user.id, purpose, EmailKind.RESET_PASSWORD, lifetime)
        link = (await session.exec(EmailToken.__table__.select())).one()  # type: ignore[attr-defined]
        return email_links.token_of(link.id, purpose)


async def test_page_for_a_new_password_knows_whose_and_keeps_no_token(open_tab: OpenTab) -> None:
    token = await make_link()
    tab = open_tab(cookies(**{password_reset.RESET_COOKIE: token}))
    tab.go("/reset-password?error=weak_password")
    page = tab.state(ResetPasswordState)

    await run(ResetPasswordState.load.fn(page))

    assert (page.is_open, page.email) == (True, "ada@example.com")
    assert page.password_error
    assert token not in everything(page)


@pytest.mark.parametrize("token", ["", "guess", "over", "closed"])
async def test_page_for_a_new_password_says_that_the_link_is_over(open_tab: OpenTab, token: str) -> None:
    given = token
    if token in ("over", "closed"):
        given = await make_link(timedelta(seconds=-1 if token == "over" else 60), is_active=token == "over")
    tab = open_tab(cookies(**{password_reset.RESET_COOKIE: given}))
    tab.go("/reset-password")
    page = tab.state(ResetPasswordState)

    await run(ResetPasswordState.load.fn(page))

    assert (page.is_open, page.email, page.loaded) == (False, "", "/reset-password")


async def test_link_of_another_kind_is_over_too(open_tab: OpenTab) -> None:
    tab = open_tab(cookies(**{password_reset.RESET_COOKIE: await make_link(purpose=EmailTokenPurpose.VERIFY_EMAIL)}))
    page = tab.state(ResetPasswordState)

    await run(ResetPasswordState.load.fn(page))

    assert page.is_open is False


async def test_unconfirmed_address_is_shown_to_its_owner_and_mailed_again_three_times(open_tab: OpenTab) -> None:
    await throttles.reset()
    tab = open_tab(await signed_in())
    tab.go("/verify-email?error=link_over")
    page = tab.state(VerificationState)
    await run(VerificationState.load.fn(page))
    assert (page.unconfirmed, page.confirmed, page.is_link_over) == ("ada@example.com", "", True)

    said = [scripts(await run(VerificationState.resend.fn(page))) for _ in range(4)]

    assert ["A new link is on its way to ada@example.com." in one for one in said] == [True, True, True, False]
    assert "There are links on their way to you already." in said[3]
    await throttles.reset()


@pytest.mark.parametrize("who", ["nobody", "somebody else", "its owner"])
async def test_opened_link_asks_its_owner_to_confirm_and_everybody_else_to_sign_in(open_tab: OpenTab, who: str) -> None:
    own = await signed_in()
    async with transaction() as session:
        user_id = (await session.execute(text("SELECT id FROM users"))).scalar_one()
        await email_links.send_verification(session, user_id)
        link_id = (await session.execute(text("SELECT id FROM email_tokens"))).scalar_one()
    theirs = {"nobody": cookies(), "somebody else": await signed_in("eve@example.com"), "its owner": own}[who]
    opened = f"{email_links.VERIFY_COOKIE}={email_links.token_of(link_id, EmailTokenPurpose.VERIFY_EMAIL)}"
    tab = open_tab(f"{theirs}; {opened}")
    tab.go("/verify-email")
    page = tab.state(VerificationState)

    await run(VerificationState.load.fn(page))

    assert page.asked == "ada@example.com"
    assert (page.is_own, page.is_another) == (who == "its owner", who == "somebody else")


async def test_confirmed_address_and_stranger_are_asked_nothing(open_tab: OpenTab) -> None:
    confirmed, stranger = open_tab(await signed_in(verified=True)), open_tab()
    for tab in (confirmed, stranger):
        tab.go("/verify-email")
        await run(VerificationState.load.fn(tab.state(VerificationState)))

    assert confirmed.state(VerificationState).confirmed == "ada@example.com"
    page = stranger.state(VerificationState)
    assert (page.unconfirmed, page.confirmed, page.loaded) == ("", "", "/verify-email")
    assert "/login" in scripts(await run(VerificationState.resend.fn(page)))
