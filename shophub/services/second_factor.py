"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost phone."""

import io
import secrets
from dataclasses import dataclass
from uuid import UUID

import pyotp
import segno

from shophub.db import AsyncSession
from shophub.domain.permissions import STAFF
from shophub.domain.statuses import Role
from shophub.errors import ConflictError, WrongCodeError
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.lib.secret_box import seal, unseal
from shophub.repositories import second_factors, stores
from shophub.schemas.accounts import SecondFactorView, UserView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, tell_account
from shophub.settings import get_settings

STEP_SECONDS = 30
# A clock that is off by one step, or a code typed in its last second, still fits.
TOLERANCE_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_LENGTH = 15  # 74 bits: not to be found from the stored hashes either
_PURPOSE = "second-factor"
# Without letters and digits that are taken for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SetUp:
    """What an authenticator app needs: the secret to type, its address, and that as a picture (SVG)."""

    secret: str
    uri: str
    qr_svg: str


async def begin(session: AsyncSession, user_id: UUID, email: str) -> SetUp:
    """Propose a new secret; it protects nothing until ``confirm``. Asked again, another one takes its place.

    Raises:
        ConflictError: Two-factor sign-in is on already.
    """
    secret = pyotp.random_base32()
    if not await second_factors.propose(session, user_id, seal(_secret(), _PURPOSE, secret)):
        raise ConflictError("Two-factor sign-in is on already.")
    store = await stores.get_store(session)
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=store.store_name)
    return SetUp(secret, uri, _picture(uri))


async def confirm(session: AsyncSession, user_id: UUID, code: str, actor: Actor) -> tuple[str, ...]:
    """Switch two-factor sign-in on once a code shows that the app has the secret. Returns the recovery codes, once.

    Raises:
        WrongCodeError: The code does not fit, or nothing was begun.
        ConflictError: It is on already.
    """
    factor = await second_factors.find(session, user_id)
    if factor is not None and factor.confirmed_at is not None:
        raise ConflictError("Two-factor sign-in is on already.")
    if factor is None or not await _spend_totp(session, factor, code):
        raise WrongCodeError("That code is not right. Wait for the next one and try again.")
    await second_factors.confirm(session, user_id)
    await audit.record(session, actor, "second_factor.on", target="user", target_id=str(user_id))
    await tell_account(session, EmailKind.SECOND_FACTOR_CHANGED, user_id)
    return await _new_recovery_codes(session, user_id)


async def check(session: AsyncSession, user_id: UUID, code: str) -> None:
    """Spend a code of the app or a recovery code. Each works once, however many try it at once.

    Raises:
        WrongCodeError: It fits neither, or was used.
    """
    factor = await second_factors.find(session, user_id)
    if factor is not None and factor.confirmed_at is not None:
        if await _spend_totp(session, factor, code):
            return
        if await second_factors.spend_recovery_code(session, user_id, token_hash(_plain(code))):
            return
    raise WrongCodeError("That code is not right. Wait for the next one and try again.")


async def describe(session: AsyncSession, user: UserView) -> SecondFactorView:
    """Return what an account's owner sees of it."""
    store = await stores.get_store(session)
    return SecondFactorView(
        is_on=await is_on(session, user.id),
        codes_left=await second_factors.count_recovery_codes(session, user.id),
        is_required=store.admin_two_factor_required and Role(user.role) in STAFF,
        store_name=store.store_name,
    )


def is_recovery_code(code: str) -> bool:
    """Return whether it can only be a recovery code: nobody guesses one of those, unlike the app's six digits."""
    return len(_plain(code)) != 6


async def is_on(session: AsyncSession, user_id: UUID) -> bool:
    """Return whether signing in to the account takes a code."""
    factor = await second_factors.find(session, user_id)
    return factor is not None and factor.confirmed_at is not None


async def switch_off(session: AsyncSession, user_id: UUID, actor: Actor) -> None:
    """Remove the second factor and its recovery codes. The door has asked for a step-up."""
    await second_factors.remove(session, user_id)
    await audit.record(session, actor, "second_factor.off", target="user", target_id=str(user_id))
    await tell_account(session, EmailKind.SECOND_FACTOR_CHANGED, user_id)


async def renew_recovery_codes(session: AsyncSession, user_id: UUID, actor: Actor) -> tuple[str, ...]:
    """Replace all recovery codes. The door has asked for a step-up.

    Raises:
        ConflictError: Two-factor sign-in is off.
    """
    if not await is_on(session, user_id):
        raise ConflictError("Two-factor sign-in is off.")
    await audit.record(session, actor, "second_factor.new_codes", target="user", target_id=str(user_id))
    return await _new_recovery_codes(session, user_id)


async def _new_recovery_codes(session: AsyncSession, user_id: UUID) -> tuple[str, ...]:
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    await second_factors.replace_recovery_codes(session, user_id, [token_hash(code) for code in codes])
    return tuple("-".join(code[at : at + 5] for at in range(0, RECOVERY_LENGTH, 5)) for code in codes)


async def _spend_totp(session: AsyncSession, factor: second_factors.FactorRow, code: str) -> bool:
    secret = unseal(_secret(), _PURPOSE, factor.secret_encrypted)
    digits = _plain(code)
    if secret is None or len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    now_step = int(utc_now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now_step - TOLERANCE_STEPS, now_step + TOLERANCE_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            return await second_factors.spend_step(session, factor.user_id, step)
    return False


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()[:64]


def _picture(uri: str) -> str:
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, nl=False)
    return out.getvalue().decode()


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
