"""Which e-mails there are, and how one is put into the queue."""

from enum import StrEnum
from uuid import UUID

from shophub.db import AsyncSession
from shophub.integrations import queue
from shophub.lib.ids import new_id

SEND_EMAIL = "emails.send"


class EmailKind(StrEnum):
    """An e-mail that the shop sends, and whose id it is about."""

    VERIFY_EMAIL = "verify_email"  # an e-mail token
    RESET_PASSWORD = "reset_password"  # noqa: S105 - an e-mail token
    CHANGE_EMAIL = "change_email"  # an e-mail token; goes to the new address
    EMAIL_CHANGED = "email_changed"  # the e-mail token that was used; goes to the former address
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - see ``tell_account``
    SECOND_FACTOR_CHANGED = "second_factor_changed"  # see ``tell_account``
    DEACTIVATED = "deactivated"  # see ``tell_account``
    REACTIVATED = "reactivated"  # see ``tell_account``
    INVITE = "invite"  # an invite
    ORDER_CONFIRMATION = "order_confirmation"  # an order
    ORDER_SOLD_OUT = "order_sold_out"  # an order that was paid for when its goods were gone
    ORDER_SHIPPED = "order_shipped"  # an order
    ORDER_DELIVERED = "order_delivered"  # an order
    ORDER_CANCELLED = "order_cancelled"  # an order
    ORDER_LINK = "order_link"  # the occurrence of asking for it; the recipient is the order
    ORDER_REFUNDED = "order_refunded"  # a refund
    PAYMENT_FAILED = "payment_failed"  # a checkout
    LOW_STOCK = "low_stock"  # a digest; one e-mail to each admin
    BACK_IN_STOCK = "back_in_stock"  # a stock alert
    ABANDONED_CART = "abandoned_cart"  # a cart


async def enqueue_email(
    session: AsyncSession, kind: EmailKind, subject_id: UUID, recipient_id: UUID | None = None
) -> None:
    """Have an e-mail sent once this transaction is committed. The job carries ids only and reads the rest itself.

    ``recipient_id`` is the account that gets it, or what else the kind names, where the subject alone does not tell.
    """
    if recipient_id is None:
        await queue.enqueue(session, SEND_EMAIL, kind=kind.value, subject_id=str(subject_id))
        return
    await queue.enqueue(
        session, SEND_EMAIL, kind=kind.value, subject_id=str(subject_id), recipient_id=str(recipient_id)
    )


async def tell_account(session: AsyncSession, kind: EmailKind, user_id: UUID) -> None:
    """Have the owner of an account told what was done to it, once this transaction is committed.

    The subject is this occurrence and not the account: the same thing done again on the same day is told again.
    """
    await enqueue_email(session, kind, new_id(), user_id)
