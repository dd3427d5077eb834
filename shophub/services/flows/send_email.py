"""Sending an e-mail: read what it is about, render it, hand it to Resend. At least once, practically once."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from shophub.db import AsyncSession, transaction
from shophub.domain.order_numbers import order_number
from shophub.errors import NotFoundError, ProviderError
from shophub.integrations import resend
from shophub.repositories import accounts, orders
from shophub.repositories.orders import OrderRow
from shophub.schemas.stores import StoreView
from shophub.services import email_links, guest_orders, stores
from shophub.services.emails import messages
from shophub.services.emails.outbox import EmailKind
from shophub.services.emails.rendering import RenderedEmail, absolute
from shophub.services.views.orders import order_view

log = structlog.get_logger(__name__)
# The key was used with other content: the message went out before something about it changed.
_SENT_BEFORE = "invalid_idempotent_request"


@dataclass(frozen=True)
class _Letter:
    """A message and whom it goes to."""

    to: str
    email: RenderedEmail


async def send_email(kind: EmailKind, subject_id: UUID, recipient_id: UUID | None = None) -> None:
    """Send one e-mail about the thing with that id, as it is now. Any number of calls within a day send it once.

    ``recipient_id`` is the account that gets it, where the subject alone does not tell.

    What no longer makes sense is not sent: a link that was used, an account that was erased.

    Raises:
        NotFoundError: The thing does not exist.
        ProviderError: Resend refused or cannot be reached; ``retryable`` says whether to try again.
    """
    async with transaction() as session:
        letter = await _write(session, kind, subject_id)
    if letter is None:
        log.info("mail_needless", kind=kind.value)
        return
    try:
        await resend.send_email(
            to=letter.to,
            subject=letter.email.subject,
            html=letter.email.html,
            text=letter.email.text,
            idempotency_key=f"{kind.value}/{subject_id}" + ("" if recipient_id is None else f"/{recipient_id}"),
        )
    except ProviderError as error:
        if error.provider_code != _SENT_BEFORE:
            raise
    log.info("mail_sent", kind=kind.value, subject=letter.email.subject)


async def _write(session: AsyncSession, kind: EmailKind, subject_id: UUID) -> _Letter | None:
    store = await stores.get_store(session)
    if kind is EmailKind.VERIFY_EMAIL:
        return await _verification(session, store, subject_id)
    order = await orders.find_by_id(session, subject_id)
    if order is None:
        raise NotFoundError("There is no such order.")
    lines = await orders.list_lines(session, [order.id])
    write = messages.order_sold_out if kind is EmailKind.ORDER_SOLD_OUT else messages.order_confirmation
    view = order_view(order, lines[order.id])
    return _Letter(order.email, write(store, view, url=_order_url(order), is_guest=order.user_id is None))


async def _verification(session: AsyncSession, store: StoreView, token_id: UUID) -> _Letter | None:
    link = await accounts.find_email_token_by_id(session, token_id)
    if link is None:
        raise NotFoundError("There is no such link.")
    user = await accounts.find_user(session, link.user_id)
    if link.used_at is not None or user is None or user.erased_at is not None:
        return None
    email = messages.verify_email(store, full_name=user.full_name, url=email_links.verification_url(link.id))
    return _Letter(user.email, email)


def _order_url(order: OrderRow) -> str:
    """Return where the customer sees the order: in the account, or as a guest by the signed link."""
    if order.user_id is None:
        return guest_orders.link(order.number, order.placed_at)
    return absolute(f"/orders/{order_number(order.number)}")
