"""Single-use links sent by e-mail."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.signing import signature
from shophub.domain.statuses import EmailTokenPurpose
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.models.accounts import EmailToken
from shophub.repositories import accounts, email_tokens
from shophub.repositories.email_tokens import LinkOwner
from shophub.schemas.accounts import UserView
from shophub.services import throttles
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.settings import get_settings

VERIFY_LIFETIME = timedelta(days=7)
VERIFY_COOKIE = "shophub_verify"


def token_of(token_id: UUID, purpose: EmailTokenPurpose) -> str:
    """Return a link's token: a signature of its row's id.

    So the queue and the tables hold nothing that opens it, and the job that writes the e-mail can make it again.
    """
    return signature(get_settings().auth_secret.get_secret_value(), f"email-token:{purpose.value}", str(token_id))


def invite_token(invite_id: UUID) -> str:
    """Return an invite's token, made like ``token_of``. Sending it again with another token takes another row."""
    return signature(get_settings().auth_secret.get_secret_value(), "invite", str(invite_id))


def verification_url(token_id: UUID) -> str:
    """Return the link that verifies an address, on the shop's public address."""
    return _url("/verify-email", token_of(token_id, EmailTokenPurpose.VERIFY_EMAIL))


def reset_url(token_id: UUID) -> str:
    """Return the link behind which a new password is chosen."""
    return _url("/reset-password", token_of(token_id, EmailTokenPurpose.RESET_PASSWORD))


def change_url(token_id: UUID) -> str:
    """Return the link that makes a new address the account's."""
    return _url("/confirm-email", token_of(token_id, EmailTokenPurpose.CHANGE_EMAIL))


def invite_url(invite_id: UUID) -> str:
    """Return the link that accepts an invite."""
    return _url("/admin/accept-invite", invite_token(invite_id))


def _url(path: str, token: str) -> str:
    return f"{get_settings().public_url}{path}?{urlencode({'token': token})}"


async def send(
    session: AsyncSession,
    user_id: UUID,
    purpose: EmailTokenPurpose,
    kind: EmailKind,
    lifetime: timedelta,
    new_email: str | None = None,
) -> None:
    """Make a link and have it mailed by a letter of ``kind``."""
    token_id = new_id()
    session.add(
        EmailToken(
            id=token_id,
            user_id=user_id,
            purpose=purpose,
            token_hash=token_hash(token_of(token_id, purpose)),
            new_email=new_email,
            expires_at=utc_now() + lifetime,
        )
    )
    await session.flush()
    await enqueue_email(session, kind, token_id)


async def send_verification(session: AsyncSession, user_id: UUID) -> None:
    """Have a link mailed that verifies the account's address; good for a week, once."""
    await send(session, user_id, EmailTokenPurpose.VERIFY_EMAIL, EmailKind.VERIFY_EMAIL, VERIFY_LIFETIME)


async def send_verification_again(session: AsyncSession, user: UserView, network_address: str) -> bool:
    """Have another link mailed. False where that is needless or several went out already within the window.

    Raises:
        ThrottledError: Too many requests from this network address.
    """
    await throttles.hit(throttles.Action.VERIFY, network_address)
    if user.is_email_verified or not await throttles.allows(throttles.PerAccount.VERIFY, user.email):
        return False
    await send_verification(session, user.id)
    return True


async def find_unverified(session: AsyncSession, token: str) -> LinkOwner | None:
    """Return whose address a link would verify now; ``None`` if it is unknown, used or over. Nothing is spent."""
    if not token:
        return None
    return await email_tokens.find_owner(session, token_hash(token), EmailTokenPurpose.VERIFY_EMAIL, utc_now())


async def verify_email(session: AsyncSession, token: str) -> bool:
    """Verify the address that a link was sent to, and give the account the orders made with it as a guest.

    ``False`` for a link that is unknown or over. One that was used answers ``True`` again while the address is
    verified, because mail programs open links before their reader does.
    """
    hashed = token_hash(token)
    now = utc_now()
    link = await accounts.use_email_token(session, hashed, EmailTokenPurpose.VERIFY_EMAIL, now)
    if link is None:
        used = await accounts.find_email_token(session, hashed)
        if used is None or used.purpose != EmailTokenPurpose.VERIFY_EMAIL:
            return False
        owner = await accounts.find_user(session, used.user_id)
        return used.used_at is not None and owner is not None and owner.email_verified_at is not None
    user = await accounts.find_user(session, link.user_id)
    if user is None or not user.is_active:
        return False
    user.email_verified_at = user.email_verified_at or now
    session.add(user)
    await accounts.adopt_guest_orders(session, user.id, user.email)
    return True
