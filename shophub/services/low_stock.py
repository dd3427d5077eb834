"""Telling the staff what runs low: once, until there is enough again."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.repositories import low_stock
from shophub.services.emails.outbox import EmailKind, enqueue_email


async def tell_staff(session: AsyncSession) -> UUID | None:
    """Have one e-mail sent to each active admin about all variants that have come to the threshold since the last.

    In the caller's transaction: who was told of what and the e-mails' jobs hold together. Returns the digest's id, or
    None where there is nothing new or nobody to tell.
    """
    await low_stock.forget_recovered(session)
    staff = await low_stock.list_staff(session)
    if not staff:
        return None
    items = await low_stock.tell(session)
    if not items:
        return None
    digest_id = await low_stock.insert_digest(session, items)
    for member in staff:
        await enqueue_email(session, EmailKind.LOW_STOCK, digest_id, member.id)
    return digest_id
