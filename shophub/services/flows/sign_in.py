"""Signing in: transaction, hashing, transaction. No connection is held while a password is hashed.

With one held, a few dozen sign-ins at once would take all there are, and every other page would wait for them.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.errors import CodeRequiredError, WrongCodeError, WrongCredentialsError
from shophub.lib.clock import utc_now
from shophub.repositories import accounts, profiles
from shophub.repositories.accounts import Credentials
from shophub.schemas.accounts import Origin, SignedIn, SignInForm
from shophub.services import accounts as account_service
from shophub.services import passwords, pending_sign_in, second_factor, sessions, throttles

WRONG = "E-mail or password is incorrect."
CODE_NEEDED = "Enter the code that your authenticator app shows."
TOO_LATE = "That took too long. Please sign in again."


async def sign_in(
    form: SignInForm, guest_token: str | None, origin: Origin | None = None, former_session_id: UUID | None = None
) -> SignedIn:
    """Open a session for who knows the password, and pour the guest's cart into the account's.

    An unknown address costs the same hashing as a known one. An older kind of hash is replaced. The session that the
    browser had before, ``former_session_id``, ends.

    Raises:
        WrongCredentialsError: Address or password is wrong, or the account is deactivated; never says which.
        CodeRequiredError: The password is right, and the account asks for a code, which ``form`` does not have.
        WrongCodeError: The code is not right, or was used.
        ThrottledError: Too many failed tries.
        BusyError: Too many sign in at once.
    """
    origin, code = origin or Origin(), form.totp or ""
    async with throttles.SignInTry(form.email, origin.network_address):
        found, new_hash = await _with_right_password(form)
    if found.has_second_factor and not code:
        raise CodeRequiredError(CODE_NEEDED, pending_sign_in.begin(found.user_id, await _upgraded(found, new_hash)))
    return await _open(found, code, new_hash, guest_token, origin, former_session_id)


async def _with_right_password(form: SignInForm) -> tuple[Credentials, str | None]:
    """Return whose password it is, and a newer kind of hash where theirs is of an older one."""
    async with transaction() as session:
        found = await accounts.find_credentials(session, form.email)
    fits, new_hash = await passwords.verify_password(form.password, found.password_hash if found else None)
    if found is None or not fits or not found.is_active:
        raise WrongCredentialsError(WRONG)
    return found, new_hash


async def _upgraded(found: Credentials, new_hash: str | None) -> str | None:
    """Store the newer hash now, because the password is not there when the code comes; returns what is stored."""
    if new_hash is None or found.password_hash is None:
        return found.password_hash
    async with transaction() as session:
        is_stored = await profiles.replace_password(session, found.user_id, found.password_hash, new_hash)
    return new_hash if is_stored else found.password_hash


async def enter_code(
    pending: str,
    code: str,
    guest_token: str | None,
    origin: Origin | None = None,
    former_session_id: UUID | None = None,
) -> SignedIn:
    """Finish a sign-in whose password was entered within the last five minutes, with a code.

    Raises:
        WrongCredentialsError: The proof is over, or the account was deactivated or got another password meanwhile.
        WrongCodeError: The code is not right, or was used.
        ThrottledError: Too many failed tries.
    """
    entered = pending_sign_in.read(pending)
    if entered is None:
        raise WrongCredentialsError(TOO_LATE)
    async with transaction() as session:
        found = await accounts.find_credentials_of(session, entered.user_id)
    if found is None or not entered.is_of(found.password_hash) or not found.is_active:
        raise WrongCredentialsError(TOO_LATE)
    return await _open(found, code, None, guest_token, origin or Origin(), former_session_id)


async def _open(
    found: Credentials,
    code: str,
    new_hash: str | None,
    guest_token: str | None,
    origin: Origin,
    former_session_id: UUID | None,
) -> SignedIn:
    """Spend the code where the account asks for one, and open the session, in one transaction."""
    async with _code_try(found, code, origin), transaction() as session:
        user = await accounts.note_sign_in(session, found.user_id, found.password_hash, new_hash, utc_now())
        if user is None:
            raise WrongCredentialsError(WRONG)
        await _spend(session, user.id, code)
        if former_session_id is not None:
            await sessions.revoke(session, former_session_id)
        return await account_service.open_session(session, user, guest_token, origin)


def _code_try(found: Credentials, code: str, origin: Origin) -> AbstractAsyncContextManager[object]:
    if not found.has_second_factor:
        return nullcontext()
    return throttles.CodeTry(
        found.user_id, origin.network_address, can_be_guessed=not second_factor.is_recovery_code(code)
    )


async def _spend(session: AsyncSession, user_id: UUID, code: str) -> None:
    """Ask again, behind the lock of the account, whether a code is needed."""
    if not await second_factor.is_on(session, user_id):
        return
    if not code:
        raise WrongCodeError(CODE_NEEDED)
    await second_factor.check(session, user_id, code)
