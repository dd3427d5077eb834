"""Invites: made, sent again, revoked and accepted by one conditional statement each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key

_OPEN = "accepted_at IS NULL AND revoked_at IS NULL"

_REVOKE_EXPIRED = text(f"""
UPDATE invites SET revoked_at = now() WHERE lower(email) = :email AND {_OPEN} AND expires_at <= now()
""")  # noqa: S608 - the piece is the constant above
_INSERT = text(f"""
INSERT INTO invites (id, email, role, token_hash, invited_by_id, expires_at, created_at)
VALUES (:id, :email, :role, :token_hash, :invited_by_id, :expires_at, now())
ON CONFLICT (lower(email)) WHERE {_OPEN} DO NOTHING RETURNING id
""")  # noqa: S608
_REVOKE = text(f"UPDATE invites SET revoked_at = now() WHERE id = :id AND {_OPEN} RETURNING email, role")  # noqa: S608
_REVOKE_OF = text(f"UPDATE invites SET revoked_at = now() WHERE invited_by_id = :user_id AND {_OPEN} RETURNING id")  # noqa: S608
_FIND = text(f"""
SELECT id, email, role, expires_at FROM invites WHERE token_hash = :token_hash AND {_OPEN} AND expires_at > now()
""")  # noqa: S608
_ACCEPT = text(f"""
UPDATE invites SET accepted_at = now() WHERE token_hash = :token_hash AND {_OPEN} AND expires_at > now()
RETURNING id, email, role, expires_at
""")  # noqa: S608
_ACCEPTED_BY = text("UPDATE invites SET accepted_by_id = :user_id WHERE id = :id")
# One statement, also for a page that nothing is on.
_LIST = text("""
WITH page AS (
  SELECT i.id, i.email, i.role, i.created_at, i.expires_at, u.full_name AS invited_by,
    CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
      WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS status
  FROM invites i LEFT JOIN users u ON u.id = i.invited_by_id
  ORDER BY i.created_at DESC, i.id DESC LIMIT :limit OFFSET :offset
)
SELECT found.total, page.* FROM (SELECT count(*) AS total FROM invites) found LEFT JOIN page ON true
ORDER BY page.created_at DESC, page.id DESC
""")


@dataclass(frozen=True)
class InviteRow:
    """An invite that can be accepted."""

    id: UUID
    email: str
    role: str
    expires_at: datetime


async def insert(
    session: AsyncSession,
    invite_id: UUID,
    email: str,
    role: str,
    token_hash: str,
    invited_by_id: UUID | None,
    expires_at: datetime,
) -> bool:
    """Make an invite in the place of one that is over. False where an open one for the address is there."""
    await session.execute(_REVOKE_EXPIRED, {"email": email_key(email)})
    values = {
        "id": invite_id,
        "email": email,
        "role": role,
        "token_hash": token_hash,
        "invited_by_id": invited_by_id,
        "expires_at": expires_at,
    }
    return (await session.execute(_INSERT, values)).scalar_one_or_none() is not None


async def revoke(session: AsyncSession, invite_id: UUID) -> tuple[str, str] | None:
    """Revoke an invite that nobody has accepted; returns address and role, None where there is nothing to revoke."""
    row = (await session.execute(_REVOKE, {"id": invite_id})).one_or_none()
    return (row.email, row.role) if row else None


async def revoke_of(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Revoke the open invites that an account has made."""
    return list((await session.execute(_REVOKE_OF, {"user_id": user_id})).scalars())


async def find_open(session: AsyncSession, token_hash: str) -> InviteRow | None:
    """Return the invite of a link while it can be accepted."""
    row = (await session.execute(_FIND, {"token_hash": token_hash})).one_or_none()
    return InviteRow(*row) if row else None


async def accept(session: AsyncSession, token_hash: str) -> InviteRow | None:
    """Use up the invite of a link: of many tries at once one gets it, when the others' transactions have ended."""
    row = (await session.execute(_ACCEPT, {"token_hash": token_hash})).one_or_none()
    return InviteRow(*row) if row else None


async def note_accepted_by(session: AsyncSession, invite_id: UUID, user_id: UUID) -> None:
    """Note who has accepted."""
    await session.execute(_ACCEPTED_BY, {"id": invite_id, "user_id": user_id})


async def list_invites(session: AsyncSession, *, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
    """Return a page of invites, the newest first, and how many there are: one statement."""
    rows = (await session.execute(_LIST, {"limit": limit, "offset": offset})).mappings().all()
    return [dict(row) for row in rows if row["id"] is not None], rows[0]["total"]
