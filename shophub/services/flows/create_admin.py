"""Making the shop's owner from the server's own command line."""

from pydantic import ValidationError

from shophub.db import transaction
from shophub.domain.emails import email_key
from shophub.domain.passwords import require_acceptable
from shophub.domain.statuses import Role
from shophub.errors import ConflictError, InvalidInputError
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.repositories import accounts, email_tokens, second_factors
from shophub.schemas.accounts import RegisterForm
from shophub.services import audit, passwords
from shophub.services.audit import Actor, Value
from shophub.services.emails.outbox import EmailKind, tell_account

HAS_OWNER = "The shop has a SUPER_ADMIN already. Say --force to make another one."
_SENTENCES = {
    "email": "That is not an e-mail address.",
    "full_name": "The name needs 2 characters or more.",
    "fullName": "The name needs 2 characters or more.",
    "password": "The password needs 8 to 128 characters.",
}


def check(email: str, full_name: str, password: str) -> RegisterForm:
    """Return what was given as a form.

    Raises:
        InvalidInputError: Says what is wrong with it.
    """
    try:
        form = RegisterForm(email=email, full_name=full_name, password=password)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidInputError(_SENTENCES.get(name, "Something that was given is not right.")) from error
    try:
        require_acceptable(password, about=(form.full_name, email_key(form.email).partition("@")[0]))
    except InvalidInputError as error:
        raise InvalidInputError(error.fields["password"]) from error
    return form


async def create_admin(form: RegisterForm, *, force: bool = False) -> None:
    """Make a SUPER_ADMIN whose address counts as verified; of many calls at once one makes the first.

    With ``force`` also where there is one, and also of an account that has the address: it gets the new password, is
    active, and its sessions, open links and second factor end, for whoever asks may have lost all of them.

    Raises:
        ConflictError: There is one already, or the address has an account.
    """
    password_hash = await passwords.hash_password(form.password)
    now = utc_now()
    async with transaction() as session:
        await accounts.lock_founding(session)
        if not force and await accounts.any_super_admin(session):
            raise ConflictError(HAS_OWNER)
        user = await accounts.find_by_email(session, form.email)
        if user is None:
            user = User(email=email_key(form.email), full_name=form.full_name, role=Role.SUPER_ADMIN)
            await accounts.add_user(session, user)
        elif not force:
            raise ConflictError("That address has an account. Say --force to make it a SUPER_ADMIN.")
        else:
            await tell_account(session, EmailKind.PASSWORD_CHANGED, user.id)
        before: dict[str, Value] = {"role": user.role, "is_active": user.is_active}
        user.role, user.password_hash = Role.SUPER_ADMIN, password_hash
        user.is_active, user.deactivated_at = True, None
        user.email_verified_at = user.email_verified_at or now
        session.add(user)
        await session.flush()
        await accounts.revoke_sessions(session, now, user_id=user.id)
        await email_tokens.use_up(session, user.id)
        await second_factors.remove(session, user.id)
        after: dict[str, Value] = {"role": Role.SUPER_ADMIN.value, "is_active": True}
        await audit.record(
            session, Actor(), "user.create_admin", target="user", target_id=str(user.id), before=before, after=after
        )
