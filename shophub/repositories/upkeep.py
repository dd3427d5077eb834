"""Deleting rows whose time is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, text

from shophub.db import AsyncSession

# A guest's cookie lives 180 days; a cart untouched for longer than that belongs to nobody any more.
_GUEST_CART = timedelta(days=200)
_AFTER_THE_END = timedelta(days=30)
_IDEMPOTENCY = timedelta(days=1)
_SEARCHES = timedelta(days=90)
_VIEWS = timedelta(days=90)
_FILES = timedelta(days=7)
# The counts of their days stay.
_VISITS = timedelta(days=30)

_DELETIONS = {
    "sessions": "DELETE FROM sessions WHERE coalesce(revoked_at, expires_at) < :ended",
    "email_tokens": "DELETE FROM email_tokens WHERE expires_at < :ended",
    "idempotency_keys": "DELETE FROM idempotency_keys WHERE created_at < :keyed",
    "product_views": "DELETE FROM product_views WHERE viewed_at < :viewed",
    "guest_wishes": "DELETE FROM guest_wishes WHERE created_at < :viewed",
    "stock_alerts": "DELETE FROM stock_alerts WHERE notified_at < :ended",
    "searches": "DELETE FROM searches WHERE created_at < :searched",
    "product_imports": "DELETE FROM product_imports WHERE created_at < :imported",
    "long_jobs": "DELETE FROM long_jobs WHERE finished_at < :ended",
    "visits": "DELETE FROM visits WHERE last_seen_at < :visited",
    "carts": """
        DELETE FROM carts WHERE user_id IS NULL AND updated_at < :touched AND NOT EXISTS (
          SELECT 1 FROM checkouts c WHERE c.cart_id = carts.id AND c.status IN ('open', 'processing'))
    """,
}


async def delete_expired(session: AsyncSession, now: datetime) -> dict[str, int]:
    """Delete what is over at ``now``; returns how many rows of each table."""
    moments = {
        "ended": now - _AFTER_THE_END,
        "keyed": now - _IDEMPOTENCY,
        "searched": now - _SEARCHES,
        "viewed": now - _VIEWS,
        "visited": now - _VISITS,
        "imported": now - _FILES,
        "touched": now - _GUEST_CART,
    }
    counts: dict[str, int] = {}
    for table, statement in _DELETIONS.items():
        used = {name: moment for name, moment in moments.items() if f":{name}" in statement}
        result: CursorResult[Any] = await session.execute(text(statement), used)  # type: ignore[assignment]
        counts[table] = result.rowcount
    return counts
