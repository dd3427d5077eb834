"""What customers change in their own account: name, wishes, password, e-mail address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession
from shophub.errors import EmailTakenError


@dataclass(frozen=True)
class ProfileRow:
    """An account as its owner edits it."""

    email: str
    full_name: str
    is_email_verified: bool
    accepts_marketing: bool
    accepts_stock_mails: bool


@dataclass(frozen=True)
class ChangeLink:
    """An open link that waits to make another address the account's."""

    user_id: UUID
    new_email: str
    expires_at: datetime


async def get_profile(session: AsyncSession, user_id: UUID) -> ProfileRow:
    """Return the account."""
    statement = text("""
        SELECT email, full_name, email_verified_at IS NOT NULL, accepts_marketing, accepts_stock_mails
        FROM users WHERE id = :id
    """)
    return ProfileRow(*(await session.execute(statement, {"id": user_id})).one())


async def rename(session: AsyncSession, user_id: UUID, full_name: str) -> None:
    """Give the account another name."""
    statement = text("UPDATE users SET full_name = :name, updated_at = now() WHERE id = :id AND erased_at IS NULL")
    await session.execute(statement, {"id": user_id, "name": full_name})


async def set_wishes(
    session: AsyncSession, user_id: UUID, *, marketing: bool | None = None, stock_mails: bool | None = None
) -> None:
    """Note which e-mails the owner wants; ``None`` leaves a wish as it is."""
    statement = text("""
        UPDATE users SET accepts_marketing = coalesce(CAST(:marketing AS boolean), accepts_marketing),
          accepts_stock_mails = coalesce(CAST(:stock_mails AS boolean), accepts_stock_mails), updated_at = now()
        WHERE id = :id
    """)
    await session.execute(statement, {"id": user_id, "marketing": marketing, "stock_mails": stock_mails})


async def find_password_hash(session: AsyncSession, user_id: UUID) -> str | None:
    """Return the stored hash, if there is one."""
    statement = text("SELECT password_hash FROM users WHERE id = :id")
    return (await session.execute(statement, {"id": user_id})).scalar_one_or_none()


async def replace_password(session: AsyncSession, user_id: UUID, seen: str, new: str) -> bool:
    """Store another hash in the place of the one that was seen. False where somebody else was first."""
    statement = text("""
        UPDATE users SET password_hash = :new, updated_at = now()
        WHERE id = :id AND password_hash = :seen AND is_active RETURNING id
    """)
    values = {"id": user_id, "seen": seen, "new": new}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def lock_signed_in(session: AsyncSession, user_id: UUID, session_id: UUID | None) -> bool:
    """Return whether a session of an active account still lives; until the transaction ends nobody ends it.

    Whoever ends sessions changes the account's row first, or waits here for it.
    """
    locked = text("SELECT id FROM users WHERE id = :id AND is_active FOR NO KEY UPDATE")
    if (await session.execute(locked, {"id": user_id})).scalar_one_or_none() is None:
        return False
    # A statement of its own: what was committed while the lock was waited for counts.
    live = text("""
        SELECT id FROM sessions
        WHERE id = :session_id AND user_id = :id AND revoked_at IS NULL AND expires_at > now()
    """)
    found = await session.execute(live, {"id": user_id, "session_id": session_id})
    return found.scalar_one_or_none() is not None


async def find_open_change(session: AsyncSession, user_id: UUID, now: datetime) -> ChangeLink | None:
    """Return the change of address that waits to be confirmed."""
    statement = text("""
        SELECT user_id, new_email, expires_at FROM email_tokens
        WHERE user_id = :id AND purpose = 'change_email' AND used_at IS NULL AND expires_at > :now
        ORDER BY created_at DESC LIMIT 1
    """)
    row = (await session.execute(statement, {"id": user_id, "now": now})).one_or_none()
    return ChangeLink(*row) if row else None


async def find_change_by_token(session: AsyncSession, token_hash: str, now: datetime) -> ChangeLink | None:
    """Return what an open link would do, without using it."""
    statement = text("""
        SELECT t.user_id, t.new_email, t.expires_at FROM email_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = :hash AND t.purpose = 'change_email' AND t.used_at IS NULL AND t.expires_at > :now
          AND u.is_active
    """)
    row = (await session.execute(statement, {"hash": token_hash, "now": now})).one_or_none()
    return ChangeLink(*row) if row else None


async def change_email(session: AsyncSession, user_id: UUID, new_email: str, now: datetime) -> str | None:
    """Make a confirmed address the account's, and return the former one; None where the account is not active.

    Raises:
        EmailTakenError: Another account has it by now. The transaction can go on.
    """
    statement = text("""
        UPDATE users u SET email = :email, email_verified_at = :now, updated_at = :now
        FROM (SELECT id, email FROM users WHERE id = :id AND is_active FOR UPDATE) former
        WHERE u.id = former.id RETURNING former.email
    """)
    values = {"id": user_id, "email": new_email, "now": now}
    try:
        async with session.begin_nested():
            return (await session.execute(statement, values)).scalar_one_or_none()
    except IntegrityError as error:
        if "uq_users_email_lower" in str(error.orig):
            raise EmailTakenError("Another account uses this e-mail address.") from error
        raise
