"""Step-up: password or code entered once more, for what a stolen or forgotten session must not do."""

from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.errors import UnauthenticatedError, WrongCredentialsError
from shophub.lib.clock import utc_now
from shophub.repositories import accounts
from shophub.schemas.accounts import Origin, StepUpForm, UserView, Visitor
from shophub.services import passwords, second_factor, throttles


async def step_up(visitor: Visitor, form: StepUpForm, origin: Origin) -> None:
    """Note in the visitor's session that password or code were entered now. Throttled like signing in.

    Raises:
        UnauthenticatedError: Nobody is signed in, or the session ended meanwhile.
        WrongCredentialsError: The password is wrong.
        WrongCodeError: The code is not right, was used, or the account has no second factor.
        ThrottledError: Too many failed tries.
        BusyError: Too many sign in at once.
    """
    if visitor.user is None or visitor.session_id is None:
        raise UnauthenticatedError("Please sign in first.")
    if form.password:
        await _with_password(visitor.user, visitor.session_id, form.password, origin)
    else:
        await _with_code(visitor.user, visitor.session_id, form.totp or "", origin)


async def _with_password(user: UserView, session_id: UUID, password: str, origin: Origin) -> None:
    async with throttles.SignInTry(user.email, origin.network_address):
        async with transaction() as session:
            found = await accounts.find_credentials_of(session, user.id)
        fits, _ = await passwords.verify_password(password, found.password_hash if found else None)
        if not fits:
            raise WrongCredentialsError("That password is not right.")
    async with transaction() as session:
        await _note(session, session_id)


async def _with_code(user: UserView, session_id: UUID, code: str, origin: Origin) -> None:
    is_recovery_code = second_factor.is_recovery_code(code)
    attempt = throttles.CodeTry(user.id, origin.network_address, can_be_guessed=not is_recovery_code)
    async with attempt, transaction() as session:
        await second_factor.check(session, user.id, code)
        await _note(session, session_id)


async def _note(session: AsyncSession, session_id: UUID) -> None:
    if not await accounts.note_step_up(session, session_id, utc_now()):
        raise UnauthenticatedError("You have been signed out. Please sign in again.")
