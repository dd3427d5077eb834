"""The account area's handlers: one's own account only, and only what its forms may say."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.lib.ui_ids import DELETE_DIALOG, STEP_UP_DIALOG
from shophub.models.accounts import User
from shophub.services import sessions, throttles
from shophub.state.store.account import ProfileState
from shophub.state.store.security import SecurityState
from shophub.state.store.shell import ShellState
from tests.factories import make_user
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]


@pytest_asyncio.fixture(autouse=True)
async def no_tries_yet() -> None:
    await throttles.reset()


async def account(email: str = "ada@example.com") -> tuple[User, str]:
    """Make an account; return it with the cookie of a session of it."""
    async with transaction() as session:
        user = await make_user(session, email=email, full_name="Ada Lovelace")
        return user, f"{sessions.SESSION_COOKIE}={await sessions.start(session, user.id)}"


async def one(statement: str, **values: object) -> Any:
    async with transaction() as session:
        return (await session.execute(text(statement), values)).scalar_one()


async def security(tab: Tab, address: str = "/account/security") -> tuple[SecurityState, list[Any]]:
    """Open the security page in a tab."""
    tab.go(address)
    state = tab.state(SecurityState)
    return state, await run(SecurityState.load.fn(state))


async def grow_old() -> None:
    """Let the last password have been entered eleven minutes ago."""
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '11 minutes'"))


async def test_guest_is_sent_to_sign_in_and_sees_nothing(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.go("/account")
    state = tab.state(ProfileState)

    events = await run(ProfileState.load.fn(state))

    assert "/login?next=/account" in scripts(events)
    assert (state.view.email, state.loaded) == ("", "")


async def test_name_is_saved_and_shown_in_the_header(open_tab: OpenTab) -> None:
    user, cookie = await account()
    tab = open_tab(cookie)
    state = tab.state(ProfileState)
    await run(ProfileState.load.fn(state))

    await run(ProfileState.save_name.fn(state, {"full_name": "  Ada Byron "}))

    assert await one("SELECT full_name FROM users WHERE id = :id", id=user.id) == "Ada Byron"
    assert tab.state(ShellState).user_name == "Ada Byron"
    assert (state.view.full_name, state.name_note, state.name_error) == ("Ada Byron", "Saved.", "")


@pytest.mark.parametrize("typed", [{"full_name": "A"}, {"full_name": "A\u202e\nB"}, {"full_name": 5}, {}, {"id": "x"}])
async def test_name_that_is_none_is_refused_beside_its_field(open_tab: OpenTab, typed: dict[str, Any]) -> None:
    user, cookie = await account()
    state = open_tab(cookie).state(ProfileState)

    await run(ProfileState.save_name.fn(state, typed))

    assert state.name_error == "Enter your name, 2 characters or more."
    assert await one("SELECT full_name FROM users WHERE id = :id", id=user.id) == "Ada Lovelace"


async def test_wishes_are_ones_own_and_apart(open_tab: OpenTab) -> None:
    _, cookie = await account()
    await account("bob@example.com")
    state = open_tab(cookie).state(ProfileState)

    await run(ProfileState.set_marketing.fn(state, True))
    await run(ProfileState.set_stock_mails.fn(state, False))

    async with transaction() as session:
        statement = text("SELECT email, accepts_marketing, accepts_stock_mails FROM users ORDER BY email")
        wishes = [tuple(row) for row in await session.execute(statement)]
    assert wishes == [("ada@example.com", True, False), ("bob@example.com", False, True)]


async def test_foreign_and_made_up_devices_are_not_signed_out(open_tab: OpenTab) -> None:
    _, cookie = await account()
    _, other_cookie = await account("bob@example.com")
    foreign = sessions.read(other_cookie.partition("=")[2])
    assert foreign is not None
    state, _ = await security(open_tab(cookie))

    for device_id in (str(foreign.session_id), str(uuid4()), "1 OR 1=1", ""):
        assert "signed out already" in scripts(await run(SecurityState.end_device.fn(state, device_id)))

    assert await one("SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL") == 0


async def test_change_of_address_waits_until_it_is_withdrawn(open_tab: OpenTab) -> None:
    _, cookie = await account()
    state, _ = await security(open_tab(cookie))

    await run(SecurityState.ask_email.fn(state, {"new_email": "New@Example.com"}))
    assert (state.view.pending_email, state.email_error) == ("new@example.com", "")
    await run(SecurityState.withdraw_email.fn(state))

    assert state.view.pending_email == ""
    assert await one("SELECT count(*) FROM email_tokens WHERE used_at IS NULL") == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nope", "Enter a real e-mail address, such as name@example.com."),
        ("ADA@example.com", "This is your address already."),
        ("bob@example.com", "Another account uses this e-mail address."),
    ],
)
async def test_address_that_cannot_be_taken_says_why(open_tab: OpenTab, typed: str, sentence: str) -> None:
    _, cookie = await account()
    await account("bob@example.com")
    state, _ = await security(open_tab(cookie))

    await run(SecurityState.ask_email.fn(state, {"new_email": typed}))

    assert (state.email_error, state.view.pending_email) == (sentence, "")


@pytest.mark.parametrize(
    ("handler", "arguments"),
    [
        (SecurityState.ask_email, ({"new_email": "thief@example.com"},)),
        (SecurityState.download, ()),
        (SecurityState.ask_deletion, ()),
        (SecurityState.delete_account, ({"confirmation": "ada@example.com"},)),
    ],
)
async def test_what_matters_asks_for_the_password_again(
    open_tab: OpenTab, handler: Any, arguments: tuple[Any, ...]
) -> None:
    """A session that was left open or stolen does not give the account away."""
    _, cookie = await account()
    state, _ = await security(open_tab(cookie))
    await grow_old()

    events = await run(handler.fn(state, *arguments))

    assert STEP_UP_DIALOG in scripts(events)
    assert DELETE_DIALOG not in scripts(events)
    assert await one("SELECT count(*) FROM email_tokens") == 0
    assert await one("SELECT count(*) FROM users WHERE erased_at IS NULL") == 1


@pytest.mark.parametrize(
    "typed", [{"confirmation": "yes"}, {"confirmation": "bob@example.com"}, {}, {"confirmation": 1}]
)
async def test_account_is_not_deleted_by_another_word(open_tab: OpenTab, typed: dict[str, Any]) -> None:
    _, cookie = await account()
    await account("bob@example.com")
    state, _ = await security(open_tab(cookie))

    await run(SecurityState.delete_account.fn(state, typed))

    assert state.deletion_error == "That is not the e-mail address of this account."
    assert await one("SELECT count(*) FROM users WHERE erased_at IS NOT NULL") == 0


async def test_deleted_account_leaves_nothing_in_the_tab(open_tab: OpenTab) -> None:
    _, cookie = await account()
    state, _ = await security(open_tab(cookie))

    events = await run(SecurityState.delete_account.fn(state, {"confirmation": " Ada@Example.com "}))

    assert "location.replace" in scripts(events)
    assert (state.view.email, state.devices) == ("", ())
    assert await one("SELECT count(*) FROM users WHERE erased_at IS NOT NULL") == 1


@pytest.mark.parametrize(
    ("code", "field", "sentence"),
    [
        ("wrong_password", "current_error", "That is not your present password."),
        ("same_password", "password_error", "Choose one that differs from the present one."),
        ("too_many&wait=61", "current_error", "Too many tries. Please try again in 2 minutes."),
        ("<script>", "current_error", "That did not work. Please try again."),
    ],
)
async def test_refused_password_is_explained_beside_its_field(
    open_tab: OpenTab, code: str, field: str, sentence: str
) -> None:
    _, cookie = await account()

    state, events = await security(open_tab(cookie), f"/account/security?error={code}")

    assert getattr(state, field) == sentence
    assert "replaceState" in scripts(events)
    state, _ = await security(open_tab(cookie))
    assert (state.current_error, state.password_error) == ("", "")


async def test_session_that_ended_meanwhile_shows_nothing_any_more(open_tab: OpenTab) -> None:
    _, cookie = await account()
    state, _ = await security(open_tab(cookie))
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET revoked_at = now()"))

    events = await run(SecurityState.end_others.fn(state))

    assert "/login?next=/account/security" in scripts(events)
