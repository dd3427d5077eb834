"""Two-factor sign-in: codes that work once, recovery codes, a secret that only the shop can read."""

import asyncio
import xml.etree.ElementTree as ElementTree

import pytest

from shophub.db import transaction
from shophub.errors import ConflictError, WrongCodeError
from shophub.services import second_factor
from shophub.services.audit import Actor
from tests.accounts import code_at, make_account_with_second_factor
from tests.factories import make_user
from tests.rows import rows


async def test_set_up_begins_to_protect_with_the_first_code(database: str):
    async with transaction() as session:
        user = await make_user(session)
        set_up = await second_factor.begin(session, user.id, user.email)
        assert not await second_factor.is_on(session, user.id)
        with pytest.raises(WrongCodeError):
            await second_factor.confirm(session, user.id, "000000", Actor(user.id))
        assert not await second_factor.is_on(session, user.id)

        codes = await second_factor.confirm(session, user.id, code_at(set_up.secret), Actor(user.id))

        assert await second_factor.is_on(session, user.id)
        with pytest.raises(ConflictError):
            await second_factor.begin(session, user.id, user.email)
    assert len(set(codes)) == 10
    assert ElementTree.fromstring(set_up.qr_svg).tag.endswith("svg")  # noqa: S314 - our own picture
    assert set_up.uri.startswith("otpauth://totp/ShopHub:")
    stored = await rows("SELECT secret_encrypted FROM second_factors")
    assert set_up.secret not in str(stored)
    assert await rows("SELECT action FROM audit_log") == [("second_factor.on",)]


async def test_code_works_once_however_many_try_it_at_once(database: str):
    user, secret, _ = await make_account_with_second_factor()
    code = code_at(secret)

    async def spend() -> bool:
        try:
            async with transaction() as session:
                await second_factor.check(session, user.id, code)
        except WrongCodeError:
            return False
        return True

    outcomes = await asyncio.gather(*(spend() for _ in range(16)))

    assert sum(outcomes) == 1


async def test_code_before_the_last_one_used_is_refused(database: str):
    user, secret, _ = await make_account_with_second_factor()
    async with transaction() as session:
        await second_factor.check(session, user.id, code_at(secret, 1))

        with pytest.raises(WrongCodeError):
            await second_factor.check(session, user.id, code_at(secret))


@pytest.mark.parametrize("steps", [-3, 3])
async def test_code_of_another_time_is_refused(database: str, steps):
    user, secret, _ = await make_account_with_second_factor()

    async with transaction() as session:
        with pytest.raises(WrongCodeError):
            await second_factor.check(session, user.id, code_at(secret, steps))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00" * 6, "9" * 10_000])
async def test_what_is_no_code_is_refused(database: str, code):
    user, _, _ = await make_account_with_second_factor()

    async with transaction() as session:
        with pytest.raises(WrongCodeError):
            await second_factor.check(session, user.id, code)


async def test_recovery_code_works_once_in_any_spelling(database: str):
    user, _, codes = await make_account_with_second_factor()

    async with transaction() as session:
        await second_factor.check(session, user.id, f" {codes[0].upper().replace('-', ' ')} ")
        with pytest.raises(WrongCodeError):
            await second_factor.check(session, user.id, codes[0])
        await second_factor.check(session, user.id, codes[1])
        renewed = await second_factor.renew_recovery_codes(session, user.id, Actor(user.id))
        with pytest.raises(WrongCodeError):
            await second_factor.check(session, user.id, codes[2])
        await second_factor.check(session, user.id, renewed[0])
    assert codes[3].replace("-", "") not in str(await rows("SELECT code_hash FROM recovery_codes"))


async def test_code_of_another_account_is_refused(database: str):
    _, secret, codes = await make_account_with_second_factor()
    other, _, _ = await make_account_with_second_factor("bob@example.com")

    async with transaction() as session:
        for code in (code_at(secret), codes[0]):
            with pytest.raises(WrongCodeError):
                await second_factor.check(session, other.id, code)


async def test_switched_off_asks_for_nothing_and_leaves_nothing(database: str):
    user, _, _ = await make_account_with_second_factor()

    async with transaction() as session:
        await second_factor.switch_off(session, user.id, Actor(user.id))

    assert await rows("SELECT count(*) FROM second_factors") == [(0,)]
    assert await rows("SELECT count(*) FROM recovery_codes") == [(0,)]
    assert await rows("SELECT action FROM audit_log ORDER BY id") == [("second_factor.on",), ("second_factor.off",)]
