"""The store's people: the list of accounts, and changes of role and activity, one at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.schemas.accounts import SessionStanding

STANDING_LOCK = 7_305_030

# The page first, and only for its rows what they have done; the total comes with it, also for a page with nothing on.
_LIST = """
WITH page AS (
  SELECT u.* FROM users u WHERE {conditions} ORDER BY u.created_at DESC, u.id DESC LIMIT :limit OFFSET :offset
)
SELECT found.total, u.id, u.email, u.full_name, u.role, u.is_active, u.email_verified_at IS NOT NULL AS email_verified,
  u.created_at,
  (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS order_count,
  (SELECT coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint
   FROM orders o JOIN store_settings s ON s.currency = o.currency
   WHERE o.user_id = u.id AND o.payment_status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')) AS total_spent,
  (SELECT count(*) FROM reviews r WHERE r.user_id = u.id) AS review_count
FROM (SELECT count(*) AS total FROM users u WHERE {conditions}) found LEFT JOIN page u ON true
ORDER BY u.created_at DESC, u.id DESC
"""


@dataclass(frozen=True)
class Standing:
    """What an account may do, as far as that is its own: its role, and whether it may sign in at all."""

    user_id: UUID
    role: str
    is_active: bool
    is_verified: bool


async def find_session_standing(session: AsyncSession, session_id: UUID) -> SessionStanding | None:
    """Return whether a session goes on; None where it, or its account, is gone."""
    statement = text("""
        SELECT s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active, u.is_active, u.role
        FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = :id
    """)
    row = (await session.execute(statement, {"id": session_id})).one_or_none()
    return SessionStanding(*row) if row else None


async def lock_standings(session: AsyncSession) -> None:
    """Let one transaction at a time take somebody's role or activity away, until it ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=STANDING_LOCK))


async def find_standing(session: AsyncSession, user_id: UUID) -> Standing | None:
    """Return an account's standing, its row locked until the transaction ends; None where it is not or was erased."""
    statement = text("""
        SELECT id, role, is_active, email_verified_at IS NOT NULL FROM users
        WHERE id = :id AND erased_at IS NULL FOR NO KEY UPDATE
    """)
    row = (await session.execute(statement, {"id": user_id})).one_or_none()
    return Standing(*row) if row else None


async def find_standing_of(session: AsyncSession, email: str) -> Standing | None:
    """Return the standing of an address's account, its row locked; None where there is no account."""
    statement = text("""
        SELECT id, role, is_active, email_verified_at IS NOT NULL FROM users
        WHERE lower(email) = :email FOR NO KEY UPDATE
    """)
    row = (await session.execute(statement, {"email": email_key(email)})).one_or_none()
    return Standing(*row) if row else None


async def count_other_owners(session: AsyncSession, user_id: UUID) -> int:
    """Return how many active accounts with the role SUPER_ADMIN there are beside this one."""
    statement = text("SELECT count(*) FROM users WHERE role = 'SUPER_ADMIN' AND is_active AND id <> :id")
    return int((await session.execute(statement, {"id": user_id})).scalar_one())


async def set_role(session: AsyncSession, user_id: UUID, role: str) -> None:
    """Give an account another role."""
    await session.execute(
        text("UPDATE users SET role = :role, updated_at = now() WHERE id = :id"), {"id": user_id, "role": role}
    )


async def set_active(session: AsyncSession, user_id: UUID, is_active: bool) -> None:
    """Let an account sign in again, or no longer."""
    statement = text("""
        UPDATE users SET is_active = :is_active, updated_at = now(),
          deactivated_at = CASE WHEN :is_active THEN NULL ELSE now() END
        WHERE id = :id
    """)
    await session.execute(statement, {"id": user_id, "is_active": is_active})


async def set_owner(session: AsyncSession, user_id: UUID, full_name: str, password_hash: str, now: datetime) -> None:
    """Hand an account that nobody has proved to be theirs to somebody who has: with another name and password."""
    statement = text("""
        UPDATE users SET full_name = :full_name, password_hash = :password_hash, last_sign_in_at = :now,
          updated_at = :now
        WHERE id = :id
    """)
    await session.execute(
        statement, {"id": user_id, "full_name": full_name, "password_hash": password_hash, "now": now}
    )


async def list_users(
    session: AsyncSession, *, q: str, role: str | None, is_active: bool | None, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of accounts with what they did, the newest first, and how many there are: one statement."""
    conditions = ["u.erased_at IS NULL"]
    values: dict[str, Any] = {"limit": limit, "offset": offset}
    if q:
        conditions.append("(u.email ILIKE :pattern OR u.full_name ILIKE :pattern)")
        values["pattern"] = f"%{_literally(q)}%"
    if role is not None:
        conditions.append("u.role = :role")
        values["role"] = role
    if is_active is not None:
        conditions.append("u.is_active = :is_active")
        values["is_active"] = is_active
    statement = text(_LIST.format(conditions=" AND ".join(conditions)))
    rows = (await session.execute(statement, values)).mappings().all()
    return [dict(row) for row in rows if row["id"] is not None], rows[0]["total"]


def _literally(text_: str) -> str:
    return text_.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
