"""The states of two-factor sign-in and of the password that is asked for again."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.lib.ui_ids import STEP_UP_DIALOG
from shophub.repositories.accounts import user_view
from shophub.services import pending_sign_in, second_factor, throttles
from shophub.state.guards import handler
from shophub.state.session import ShopperState
from shophub.state.store.second_factor import SecondFactorState
from shophub.state.store.sign_in import SignInState
from shophub.state.store.step_up import StepUpState
from tests.accounts import PASSWORD, code_at, cookie_of, make_account, make_account_with_second_factor
from tests.rows import execute, rows
from tests.state.conftest import Tab, run, scripts

LONG_AGO = timedelta(minutes=11)


class StaffProbe(ShopperState, rx.State):
    """Something that only the staff may do, and something that also takes the password again."""

    done: rx.Field[int] = rx.field(0)

    @handler(Permission.MANAGE_ORDERS)
    async def work(self) -> None:
        """Note that it was reached."""
        self.done += 1

    @handler(Permission.REFUND_ORDERS, step_up=True)
    async def refund(self) -> None:
        """Note that it was reached."""
        self.done += 1


def shown(state: SecondFactorState) -> tuple[object, ...]:
    return state.secret, state.qr_svg, state.codes, state.codes_text, state.codes_file


NOTHING = ("", "", (), "", "")


async def test_secret_is_in_the_state_only_until_it_is_confirmed_and_the_codes_only_while_shown(
    open_tab: Callable[..., Tab],
) -> None:
    user = await make_account()
    state = open_tab(await cookie_of(user)).state(SecondFactorState)
    await run(SecondFactorState.load.fn(state))
    assert (state.view.is_on, shown(state)) == (False, NOTHING)

    await run(SecondFactorState.begin.fn(state))
    secret = state.secret.replace(" ", "")
    assert (len(secret), state.qr_svg.startswith("<svg")) == (32, True)
    await run(SecondFactorState.confirm.fn(state, {"second_factor_code": "000000"}))
    assert (state.error, state.view.is_on) == ("That code is not right. Wait for the next one and try again.", False)
    await run(SecondFactorState.confirm.fn(state, {"second_factor_code": code_at(secret)}))

    assert (state.secret, state.qr_svg, state.error) == ("", "", "")
    assert (state.view.is_on, len(set(state.codes))) == (True, 10)
    assert unquote(state.codes_file).endswith(f"\n{state.codes_text}\n")
    await run(SecondFactorState.leave.fn(state))
    assert shown(state) == NOTHING


@pytest.mark.parametrize("ending", ["leave", "load"])
async def test_secret_is_forgotten_when_the_page_is_left_or_opened_again(
    open_tab: Callable[..., Tab], ending: str
) -> None:
    user = await make_account()
    state = open_tab(await cookie_of(user)).state(SecondFactorState)
    await run(SecondFactorState.begin.fn(state))
    assert state.secret

    await run(getattr(SecondFactorState, ending).fn(state))

    assert shown(state) == NOTHING


@pytest.mark.parametrize("act", ["begin", "renew", "switch_off"])
async def test_password_of_long_ago_is_asked_for_again_before_the_second_factor_changes(
    open_tab: Callable[..., Tab], act: str
) -> None:
    user, _, _ = await make_account_with_second_factor()
    before = await rows("SELECT code_hash FROM recovery_codes ORDER BY id")
    state = open_tab(await cookie_of(user, entered_ago=LONG_AGO)).state(SecondFactorState)

    events = await run(getattr(SecondFactorState, act).fn(state))

    assert STEP_UP_DIALOG in scripts(events)
    assert shown(state) == NOTHING
    assert await rows("SELECT code_hash FROM recovery_codes ORDER BY id") == before
    assert await rows("SELECT confirmed_at IS NOT NULL FROM second_factors") == [(True,)]


async def test_renewing_shows_new_codes_and_switching_off_leaves_nothing(open_tab: Callable[..., Tab]) -> None:
    user, _, codes = await make_account_with_second_factor()
    state = open_tab(await cookie_of(user)).state(SecondFactorState)

    await run(SecondFactorState.renew.fn(state))
    assert len(set(state.codes) - set(codes)) == 10
    await run(SecondFactorState.switch_off.fn(state))

    assert (state.view.is_on, shown(state)) == (False, NOTHING)
    assert await rows("SELECT count(*) FROM recovery_codes") == [(0,)]


async def test_owner_is_told_by_mail_that_it_was_switched_on_and_off(open_tab: Callable[..., Tab]) -> None:
    user, _, _ = await make_account_with_second_factor()
    state = open_tab(await cookie_of(user)).state(SecondFactorState)
    await run(SecondFactorState.switch_off.fn(state))

    told = await rows("SELECT args->>'kind', args->>'recipient_id' FROM procrastinate_jobs")

    assert told == [("second_factor_changed", str(user.id))] * 2


async def test_guest_sees_nothing_of_it_and_changes_nothing(open_tab: Callable[..., Tab]) -> None:
    state = open_tab().state(SecondFactorState)

    for act in ("load", "begin", "renew", "switch_off"):
        events = await run(getattr(SecondFactorState, act).fn(state))
        assert "/login" in scripts(events)
    events = await run(SecondFactorState.confirm.fn(state, {"second_factor_code": "000000"}))

    assert "/login" in scripts(events)
    assert await rows("SELECT count(*) FROM second_factors") == [(0,)]


@pytest.mark.parametrize("sent", [{}, {"second_factor_code": None}, {"second_factor_code": {"a": 1}}, {"x": 10**40}])
async def test_what_is_no_code_is_refused(open_tab: Callable[..., Tab], sent: dict[str, object]) -> None:
    user = await make_account()
    state = open_tab(await cookie_of(user)).state(SecondFactorState)
    await run(SecondFactorState.begin.fn(state))

    await run(SecondFactorState.confirm.fn(state, sent))

    assert state.error
    assert await rows("SELECT confirmed_at FROM second_factors") == [(None,)]


# The password once more.


async def test_dialog_takes_password_or_code_and_then_the_button_works(open_tab: Callable[..., Tab]) -> None:
    await throttles.reset()
    user, secret, _ = await make_account_with_second_factor()
    async with transaction() as session:
        await execute(session, "UPDATE users SET role = 'ADMIN'")
    for sent in ({"step_up_password": PASSWORD}, {"step_up_code": code_at(secret)}):
        tab = open_tab(await cookie_of(user, entered_ago=LONG_AGO))
        dialog, probe = tab.state(StepUpState), tab.state(StaffProbe)
        if "step_up_code" in sent:
            await run(StepUpState.use_other.fn(dialog))
        assert STEP_UP_DIALOG in scripts(await run(StaffProbe.refund.fn(probe)))
        assert probe.done == 0

        events = await run(StepUpState.confirm.fn(dialog, sent))
        await run(StaffProbe.refund.fn(probe))

        assert f'getElementById("{STEP_UP_DIALOG}")?.close()' in scripts(events).replace('\\"', '"')
        assert (dialog.error, probe.done) == ("", 1)
        assert PASSWORD not in str(dialog.dict())


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"step_up_password": "wrong"}, "That password is not right."),
        ({"step_up_password": ""}, "Enter your password."),
        ({}, "Enter your password."),
        ({"step_up_password": ["x"]}, "Enter your password."),
        ({"step_up_password": "x" * 200}, "Enter your password."),
        ({"step_up_code": "123456"}, "Enter your password."),
    ],
)
async def test_dialog_says_what_is_wrong_and_nothing_is_confirmed(
    open_tab: Callable[..., Tab], sent: dict[str, object], error: str
) -> None:
    await throttles.reset()
    user = await make_account()
    dialog = open_tab(await cookie_of(user, entered_ago=LONG_AGO)).state(StepUpState)

    await run(StepUpState.confirm.fn(dialog, sent))

    assert dialog.error == error
    assert await rows("SELECT now() - step_up_at > interval '10 minutes' FROM sessions") == [(True,)]


async def test_dialog_says_how_long_to_wait_after_too_many_tries(open_tab: Callable[..., Tab]) -> None:
    await throttles.reset()
    user = await make_account()
    dialog = open_tab(await cookie_of(user, entered_ago=LONG_AGO)).state(StepUpState)

    for _ in range(6):
        await run(StepUpState.confirm.fn(dialog, {"step_up_password": "wrong"}))

    assert dialog.error == "Too many tries. Please try again in 15 minutes."
    await throttles.reset()


# The setting that requires it of the staff.


async def test_staff_without_a_second_factor_are_sent_to_set_it_up_where_the_store_requires_it(
    open_tab: Callable[..., Tab],
) -> None:
    user = await make_account(role=Role.ADMIN)
    tab = open_tab(await cookie_of(user))
    probe, section = tab.state(StaffProbe), tab.state(SecondFactorState)
    await run(StaffProbe.work.fn(probe))
    assert probe.done == 1
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET admin_two_factor_required = true")

    refused = await run(StaffProbe.work.fn(probe))
    await run(SecondFactorState.load.fn(section))

    assert probe.done == 1
    assert "/account/security?notice=" in scripts(refused)
    assert section.view.is_required

    await run(SecondFactorState.begin.fn(section))
    code = code_at(section.secret.replace(" ", ""))
    await run(SecondFactorState.confirm.fn(section, {"second_factor_code": code}))
    await run(StaffProbe.work.fn(probe))
    assert probe.done == 2


async def test_customers_are_not_asked_for_a_second_factor(open_tab: Callable[..., Tab]) -> None:
    user = await make_account()
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET admin_two_factor_required = true")
        view = await second_factor.describe(session, user_view(user))

    assert view.is_required is False


# The sign-in page.


async def test_sign_in_page_asks_for_the_code_while_the_password_counts(open_tab: Callable[..., Tab]) -> None:
    user, _, _ = await make_account_with_second_factor()
    proof = pending_sign_in.begin(user.id, user.password_hash)

    for cookie, asks in ((f"shophub_pending={proof}", True), (f"shophub_pending={proof[:-4]}AAAA", False), ("", False)):
        tab = open_tab(f"shophub_guest=ggggggggggggggggggggggggggg; {cookie}")
        tab.go("/login?error=wrong_code&next=/cart")
        page = tab.state(SignInState)
        await run(SignInState.load.fn(page))
        assert (page.asks_code, page.next_path, bool(page.code_error)) == (asks, "/cart", asks)
