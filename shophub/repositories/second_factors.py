"""Second factors and recovery codes: each code is spent by one conditional UPDATE, so that it works once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class FactorRow:
    """An account's second factor; not confirmed, it protects nothing yet."""

    user_id: UUID
    secret_encrypted: str
    confirmed_at: datetime | None
    last_step: int


async def find(session: AsyncSession, user_id: UUID) -> FactorRow | None:
    """Return the account's second factor."""
    statement = text("""
        SELECT user_id, secret_encrypted, confirmed_at, last_step FROM second_factors WHERE user_id = :user_id
    """)
    row = (await session.execute(statement, {"user_id": user_id})).one_or_none()
    return FactorRow(*row) if row else None


async def propose(session: AsyncSession, user_id: UUID, secret_encrypted: str) -> bool:
    """Keep a new secret that waits to be confirmed. False where a confirmed one is there: that one stays."""
    statement = text("""
        INSERT INTO second_factors (user_id, secret_encrypted, created_at) VALUES (:user_id, :secret, now())
        ON CONFLICT (user_id) DO UPDATE SET secret_encrypted = excluded.secret_encrypted, last_step = 0,
          created_at = now()
        WHERE second_factors.confirmed_at IS NULL RETURNING user_id
    """)
    values = {"user_id": user_id, "secret": secret_encrypted}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def spend_step(session: AsyncSession, user_id: UUID, step: int) -> bool:
    """Spend a time step's code. False where it, or a later one, was spent: no code works twice."""
    statement = text("""
        UPDATE second_factors SET last_step = :step WHERE user_id = :user_id AND last_step < :step RETURNING user_id
    """)
    return (await session.execute(statement, {"user_id": user_id, "step": step})).scalar_one_or_none() is not None


async def confirm(session: AsyncSession, user_id: UUID) -> None:
    """Let the proposed secret protect the account from now on."""
    await session.execute(
        text("UPDATE second_factors SET confirmed_at = now() WHERE user_id = :user_id AND confirmed_at IS NULL"),
        {"user_id": user_id},
    )


async def remove(session: AsyncSession, user_id: UUID) -> None:
    """Take secret and recovery codes away."""
    for table in ("recovery_codes", "second_factors"):
        statement = f"DELETE FROM {table} WHERE user_id = :user_id"  # noqa: S608 - names from the line above
        await session.execute(text(statement), {"user_id": user_id})


async def replace_recovery_codes(session: AsyncSession, user_id: UUID, hashes: Sequence[str]) -> None:
    """Put new recovery codes in the place of all old ones, used or not."""
    await session.execute(text("DELETE FROM recovery_codes WHERE user_id = :user_id"), {"user_id": user_id})
    await session.execute(
        text("INSERT INTO recovery_codes (id, user_id, code_hash, created_at) VALUES (:id, :user_id, :hash, now())"),
        [{"id": new_id(), "user_id": user_id, "hash": code_hash} for code_hash in hashes],
    )


async def spend_recovery_code(session: AsyncSession, user_id: UUID, code_hash: str) -> bool:
    """Spend a recovery code: of many tries at once one gets it."""
    statement = text("""
        UPDATE recovery_codes SET used_at = now()
        WHERE user_id = :user_id AND code_hash = :hash AND used_at IS NULL RETURNING id
    """)
    return (await session.execute(statement, {"user_id": user_id, "hash": code_hash})).scalar_one_or_none() is not None


async def count_recovery_codes(session: AsyncSession, user_id: UUID) -> int:
    """Return how many recovery codes are left."""
    statement = text("SELECT count(*) FROM recovery_codes WHERE user_id = :user_id AND used_at IS NULL")
    return int((await session.execute(statement, {"user_id": user_id})).scalar_one())
