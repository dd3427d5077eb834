"""Changing a password: transaction, hashing, transaction. No connection is held while a password is hashed."""

from shophub.db import transaction
from shophub.domain.emails import email_key
from shophub.domain.passwords import require_acceptable
from shophub.domain.statuses import EmailTokenPurpose
from shophub.errors import ConflictError, InvalidInputError
from shophub.lib.clock import utc_now
from shophub.repositories import devices, email_tokens, profiles
from shophub.schemas.account_area import OwnSession, PasswordForm
from shophub.services import audit, passwords, throttles
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, tell_account

WRONG = "That is not your present password."
SAME = "Choose one that differs from the present one."
CHANGED_MEANWHILE = "Your password was changed somewhere else just now. Nothing was changed here."


async def change_password(owner: OwnSession, form: PasswordForm, actor: Actor) -> None:
    """Replace the password of who knows the present one; ends all other sessions and tells.

    Links to reset it or to change the address open nothing any more: whoever knew the old password may have asked.

    Tries of the present password count like failed sign-ins: a stolen session must not be a place to guess it.

    Raises:
        InvalidInputError: The present one is wrong, or the new one is not good enough or the same.
        ThrottledError: Too many wrong tries.
        ConflictError: Somebody else changed it meanwhile.
        BusyError: Too many sign in at once.
    """
    async with throttles.SignInTry(owner.email, actor.network_address):
        async with transaction() as session:
            stored = await profiles.find_password_hash(session, owner.user_id)
        fits, _ = await passwords.verify_password(form.current_password, stored)
        if not fits or stored is None:
            raise InvalidInputError(WRONG, {"current_password": WRONG})
    if form.new_password == form.current_password:
        raise InvalidInputError(SAME, {"new_password": SAME})
    try:
        require_acceptable(form.new_password, about=(owner.full_name, email_key(owner.email).partition("@")[0]))
    except InvalidInputError as error:
        raise InvalidInputError(error.message, {"new_password": error.fields.get("password", error.message)}) from error
    new_hash = await passwords.hash_password(form.new_password)
    async with transaction() as session:
        if not await profiles.replace_password(session, owner.user_id, stored, new_hash):
            raise ConflictError(CHANGED_MEANWHILE)
        await devices.end_others(session, owner.user_id, owner.session_id, utc_now())
        await email_tokens.use_up(
            session, owner.user_id, EmailTokenPurpose.RESET_PASSWORD, EmailTokenPurpose.CHANGE_EMAIL
        )
        await audit.record(session, actor, "user.password", target="user", target_id=str(owner.user_id))
        await tell_account(session, EmailKind.PASSWORD_CHANGED, owner.user_id)
