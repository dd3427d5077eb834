"""Which e-mails there are, and how one is put into the queue."""

from enum import StrEnum
from uuid import UUID

from shophub.db import AsyncSession
from shophub.integrations import queue

SEND_EMAIL = "emails.send"


class EmailKind(StrEnum):
    """An e-mail that the shop sends, and whose id it is about."""

    VERIFY_EMAIL = "verify_email"  # an e-mail token
    ORDER_CONFIRMATION = "order_confirmation"  # an order
    ORDER_SOLD_OUT = "order_sold_out"  # an order that was paid for when its goods were gone


async def enqueue_email(session: AsyncSession, kind: EmailKind, subject_id: UUID) -> None:
    """Have an e-mail sent once this transaction is committed. The job carries ids only and reads the rest itself."""
    await queue.enqueue(session, SEND_EMAIL, kind=kind.value, subject_id=str(subject_id))
