"""Another e-mail address for an account: asked for where one is signed in, confirmed from the new address.

Nothing changes before the link in the e-mail was opened and its button pressed by who is signed in to the account: who
reads the new mailbox and who has the account are one. The former address is told.
"""

from datetime import timedelta
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import EmailTokenPurpose
from shophub.errors import EmailTakenError, ForbiddenError, InvalidInputError, ThrottledError, UnauthenticatedError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.models.accounts import EmailToken
from shophub.repositories import accounts, email_tokens, profiles
from shophub.schemas.account_area import EmailForm
from shophub.schemas.accounts import UserView
from shophub.services import audit, email_links, throttles
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.settings import get_settings

LIFETIME = timedelta(hours=24)
NOT_SIGNED_IN = "Sign in to the account that asked for this address. Then open the link in the e-mail again."
TAKEN = "Another account uses this e-mail address."
TOO_MANY = "Too many links were sent to that address. Please try again later."


async def ask(
    session: AsyncSession, user: UserView, session_id: UUID | None, form: EmailForm, network_address: str
) -> str:
    """Have a link mailed to the new address, in place of an earlier one; returns the address as it will be kept.

    The door has asked for a step-up. A new password or a deactivation at the same moment either ends the link too, or
    is seen here.

    Raises:
        UnauthenticatedError: The session that asks has ended meanwhile.
        InvalidInputError: It is the account's address already.
        EmailTakenError: Another account has it.
        ThrottledError: Too many links were asked for from this network address, or mailed to that address.
    """
    await throttles.hit(throttles.Action.EMAIL_CHANGE, network_address)
    new_email = email_key(form.new_email)
    if new_email == email_key(user.email):
        sentence = "This is your address already."
        raise InvalidInputError(sentence, {"new_email": sentence})
    if not await profiles.lock_signed_in(session, user.id, session_id):
        raise UnauthenticatedError("You have been signed out. Please sign in again.")
    if await accounts.find_by_email(session, new_email) is not None:
        raise EmailTakenError(TAKEN)
    if not await throttles.allows(throttles.PerAccount.EMAIL_CHANGE, new_email):
        raise ThrottledError(TOO_MANY, int(get_settings().throttle_window.total_seconds()))
    await email_tokens.use_up(session, user.id, EmailTokenPurpose.CHANGE_EMAIL)
    token_id = new_id()
    token = email_links.token_of(token_id, EmailTokenPurpose.CHANGE_EMAIL)
    session.add(
        EmailToken(
            id=token_id,
            user_id=user.id,
            purpose=EmailTokenPurpose.CHANGE_EMAIL,
            token_hash=token_hash(token),
            new_email=new_email,
            expires_at=utc_now() + LIFETIME,
        )
    )
    await session.flush()
    await enqueue_email(session, EmailKind.CHANGE_EMAIL, token_id)
    return new_email


async def withdraw(session: AsyncSession, user: UserView) -> None:
    """Let a link that waits open nothing any more."""
    await email_tokens.use_up(session, user.id, EmailTokenPurpose.CHANGE_EMAIL)


async def find_new_email(session: AsyncSession, token: str, reader: UUID | None) -> str | None:
    """Return which address a link would make the reader's; nothing is used up. None where it would do nothing.

    Raises:
        UnauthenticatedError: Nobody is signed in.
        ForbiddenError: The link is for another account than the reader's.
    """
    link = await profiles.find_change_by_token(session, token_hash(token), utc_now())
    if link is None:
        return None
    if reader is None:
        raise UnauthenticatedError(NOT_SIGNED_IN)
    if link.user_id != reader:
        raise ForbiddenError(NOT_SIGNED_IN)
    return link.new_email


async def confirm(session: AsyncSession, token: str, reader: UUID | None, network_address: str) -> str | None:
    """Make the new address the account's, and return it; None where the link is unknown, used or over.

    All other links of the account die with it, because they went to an address that is not its own any more. Orders
    made as a guest with the new address join, and the former address is told. Sessions stay.

    Raises:
        UnauthenticatedError, ForbiddenError: The reader is not signed in to the link's account. The link stays good:
            whoever asked for somebody else's address would have that one confirm it, and the account.
        EmailTakenError: Another account got the address meanwhile. The link can be tried again.
    """
    if await find_new_email(session, token, reader) is None:
        return None
    now = utc_now()
    link = await accounts.use_email_token(session, token_hash(token), EmailTokenPurpose.CHANGE_EMAIL, now)
    if link is None or link.new_email is None:
        return None
    former = await profiles.change_email(session, link.user_id, link.new_email, now)
    if former is None:
        return None
    link.former_email = former
    session.add(link)
    await session.flush()
    await email_tokens.use_up(session, link.user_id)
    await accounts.adopt_guest_orders(session, link.user_id, link.new_email)
    actor = Actor(link.user_id, network_address)
    await audit.record(session, actor, "user.email", target="user", target_id=str(link.user_id))
    await enqueue_email(session, EmailKind.EMAIL_CHANGED, link.id)
    return link.new_email
