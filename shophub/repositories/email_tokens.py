"""The single-use links that accounts have open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import EmailTokenPurpose


@dataclass(frozen=True)
class LinkOwner:
    """Whose link it is."""

    user_id: UUID
    email: str
    full_name: str


@dataclass(frozen=True)
class FormerOwner:
    """How an account stood before it got another password."""

    was_verified: bool
    role: str


async def find_owner(session: AsyncSession, hashed: str, purpose: EmailTokenPurpose, now: datetime) -> LinkOwner | None:
    """Return the active account that a link would open now, without spending it."""
    statement = text("""
        SELECT u.id, u.email, u.full_name FROM email_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = :hashed AND t.purpose = :purpose AND t.used_at IS NULL AND t.expires_at > :now
          AND u.is_active AND u.erased_at IS NULL
    """)
    row = (await session.execute(statement, {"hashed": hashed, "purpose": purpose.value, "now": now})).one_or_none()
    return LinkOwner(*row) if row else None


async def use_up(session: AsyncSession, user_id: UUID, *purposes: EmailTokenPurpose) -> None:
    """Let open links of these purposes open nothing any more; without purposes, all of the account."""
    statement = text("""
        UPDATE email_tokens SET used_at = now()
        WHERE user_id = :id AND used_at IS NULL AND (:all OR purpose = ANY(CAST(:purposes AS text[])))
    """)
    await session.execute(statement, {"id": user_id, "all": not purposes, "purposes": list(purposes)})


async def set_password(session: AsyncSession, user_id: UUID, password_hash: str, now: datetime) -> FormerOwner | None:
    """Give an active account another password; its address is verified, for a link sent there was opened.

    The row stays locked until the commit, so that no session begins meanwhile with the old password. Returns what was
    known before; None where the account was deactivated.
    """
    statement = text("""
        WITH before AS (
          SELECT id, email_verified_at IS NOT NULL AS was_verified, role FROM users
          WHERE id = :user_id AND is_active AND erased_at IS NULL FOR NO KEY UPDATE)
        UPDATE users u SET
          password_hash = :hash, email_verified_at = coalesce(u.email_verified_at, :now), updated_at = :now
        FROM before WHERE u.id = before.id RETURNING before.was_verified, before.role
    """)
    values = {"user_id": user_id, "hash": password_hash, "now": now}
    row = (await session.execute(statement, values)).one_or_none()
    return FormerOwner(*row) if row else None
