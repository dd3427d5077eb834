"""Which letter is written how."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from shophub.db import AsyncSession
from shophub.schemas.stores import StoreView
from shophub.services import stores
from shophub.services.emails.outbox import EmailKind
from shophub.services.letters import accounts, goods, orders, payments
from shophub.services.letters.parts import Letter

Writer = Callable[[AsyncSession, StoreView, UUID], Awaitable[Letter | None]]

_WRITERS: dict[EmailKind, Writer] = {
    EmailKind.VERIFY_EMAIL: accounts.verification,
    EmailKind.RESET_PASSWORD: accounts.reset,
    EmailKind.CHANGE_EMAIL: accounts.change_of_email,
    EmailKind.EMAIL_CHANGED: accounts.email_changed,
    EmailKind.INVITE: accounts.invite,
    EmailKind.ORDER_CONFIRMATION: orders.confirmation,
    EmailKind.ORDER_SOLD_OUT: orders.sold_out,
    EmailKind.ORDER_SHIPPED: orders.shipped,
    EmailKind.ORDER_DELIVERED: orders.delivered,
    EmailKind.ORDER_CANCELLED: orders.cancelled,
    EmailKind.ORDER_REFUNDED: payments.refunded,
    EmailKind.PAYMENT_FAILED: payments.payment_failed,
    EmailKind.BACK_IN_STOCK: goods.back_in_stock,
    EmailKind.ABANDONED_CART: goods.abandoned_cart,
}
# About what was done to an account, or asked for about an order: the subject is the occurrence, the recipient the
# account or the order.
_TOLD: dict[EmailKind, Writer] = {
    EmailKind.PASSWORD_CHANGED: accounts.password_changed,
    EmailKind.SECOND_FACTOR_CHANGED: accounts.second_factor_changed,
    EmailKind.DEACTIVATED: accounts.deactivated,
    EmailKind.REACTIVATED: accounts.reactivated,
    EmailKind.ORDER_LINK: orders.link,
}


async def write(
    session: AsyncSession, kind: EmailKind, subject_id: UUID, recipient_id: UUID | None = None
) -> Letter | None:
    """Return the letter about the thing with that id as it is now; None where it makes no sense any more.

    Raises:
        NotFoundError: The thing does not exist.
    """
    store = await stores.get_store(session)
    if kind is EmailKind.LOW_STOCK:
        return await goods.low_stock_digest(session, store, subject_id, recipient_id)
    if kind in _TOLD:
        return await _TOLD[kind](session, store, recipient_id or subject_id)
    return await _WRITERS[kind](session, store, subject_id)
