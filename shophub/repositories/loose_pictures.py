"""Pictures that nothing shows, and taking them away. Triggers note what was left and strike what is shown again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from shophub.db import AsyncSession

DUE = text("""
SELECT public_id FROM loose_pictures WHERE removed_at IS NULL AND gone_at IS NULL AND since < :before
ORDER BY since LIMIT :limit FOR UPDATE SKIP LOCKED
""")
# Orders show what was bought for ever; a checkout under way becomes one.
SHOWN = text("""
SELECT public_id FROM images WHERE public_id = ANY(CAST(:ids AS text[]))
UNION SELECT image_public_id FROM categories WHERE image_public_id = ANY(CAST(:ids AS text[]))
UNION SELECT logo_public_id FROM store_settings WHERE logo_public_id = ANY(CAST(:ids AS text[]))
UNION SELECT image_public_id FROM order_lines WHERE image_public_id = ANY(CAST(:ids AS text[]))
UNION SELECT line ->> 'image_public_id' FROM checkouts c JOIN checkout_revisions r ON r.checkout_id = c.id,
  jsonb_array_elements(r.lines) line
WHERE c.status IN ('open', 'processing') AND line ->> 'image_public_id' = ANY(CAST(:ids AS text[]))
""")


async def note(session: AsyncSession, public_id: str) -> None:
    """Note a picture that is about to be stored; saving what shows it strikes it out."""
    await session.execute(
        text("INSERT INTO loose_pictures (public_id) VALUES (:id) ON CONFLICT (public_id) DO NOTHING"),
        {"id": public_id},
    )


async def lock_due(session: AsyncSession, before: datetime, limit: int) -> list[str]:
    """Return pictures that have been loose since before a moment; until the transaction ends nobody can show them.

    Those that somebody begins to show or leaves right now are passed over.
    """
    return list((await session.execute(DUE, {"before": before, "limit": limit})).scalars())


async def list_shown(session: AsyncSession, ids: Sequence[str]) -> frozenset[str]:
    """Return which of these pictures something shows after all, or will."""
    return frozenset((await session.execute(SHOWN, {"ids": list(ids)})).scalars())


async def strike(session: AsyncSession, ids: Sequence[str]) -> None:
    """Take pictures off the list: they stay."""
    await session.execute(
        text("DELETE FROM loose_pictures WHERE public_id = ANY(CAST(:ids AS text[]))"), {"ids": list(ids)}
    )


async def mark_gone(session: AsyncSession, ids: Sequence[str], now: datetime) -> None:
    """Decide that pictures go: from the commit on nobody can show them again."""
    await session.execute(
        text("UPDATE loose_pictures SET gone_at = :now WHERE public_id = ANY(CAST(:ids AS text[]))"),
        {"ids": list(ids), "now": now},
    )


async def list_gone(session: AsyncSession) -> list[str]:
    """Return the pictures that are to be removed and may still be there, the oldest first."""
    rows = await session.execute(
        text("SELECT public_id FROM loose_pictures WHERE gone_at IS NOT NULL AND removed_at IS NULL ORDER BY since")
    )
    return list(rows.scalars())


async def mark_removed(session: AsyncSession, public_id: str, now: datetime) -> None:
    """Note that a picture is not there any more; its name stays, so that no open page can bring it back."""
    await session.execute(
        text("UPDATE loose_pictures SET removed_at = :now WHERE public_id = :id"), {"id": public_id, "now": now}
    )
