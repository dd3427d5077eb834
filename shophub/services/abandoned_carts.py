"""Reminding of a cart that was left: only who said yes to it, once per content, never who bought meanwhile."""

from datetime import datetime, timedelta

from shophub.db import AsyncSession
from shophub.repositories import abandoned_carts
from shophub.services.emails.outbox import EmailKind, enqueue_email

LEFT_AFTER = timedelta(hours=4)
FORGOTTEN_AFTER = timedelta(days=7)
BATCH = 200


async def remind(session: AsyncSession, now: datetime) -> int:
    """Have an e-mail sent about each cart that nobody touched for four hours, at most 200 at a time.

    In the caller's transaction. A cart that was left more than a week ago is let be. Returns how many e-mails go out.
    """
    carts = await abandoned_carts.claim(session, since=now - FORGOTTEN_AFTER, until=now - LEFT_AFTER, limit=BATCH)
    for cart_id in carts:
        await enqueue_email(session, EmailKind.ABANDONED_CART, cart_id)
    return len(carts)
