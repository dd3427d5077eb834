"""Letters about money: given back, or not received."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import CheckoutStatus, RefundStatus
from shophub.errors import NotFoundError
from shophub.lib.money import format_money
from shophub.repositories import checkouts, letters, orders, refunds
from shophub.repositories.orders import RefundedLineRow
from shophub.schemas.stores import StoreView
from shophub.services.emails.rendering import absolute, render_email
from shophub.services.letters.orders import read_order
from shophub.services.letters.parts import Letter, first_name, lines_of
from shophub.services.views.carts import options_text
from shophub.services.views.checkouts import revision_line_view, revision_quote_view


async def refunded(session: AsyncSession, store: StoreView, refund_id: UUID) -> Letter | None:
    """Say what went back, for which goods, and what is left of the payment; needless unless it has gone through."""
    refund = await refunds.find(session, refund_id)
    if refund is None:
        raise NotFoundError("There is no such refund.")
    if refund.status != RefundStatus.SUCCEEDED:
        return None
    order = await read_order(session, refund.order_id)
    payment = await letters.find_returned(session, refund.order_id)
    _, lines = await orders.list_refunds(session, refund.order_id)
    amount_text = format_money(refund.amount_minor, refund.currency)
    paid, returned = (payment.paid_minor, payment.refunded_minor) if payment else (0, 0)
    email = render_email(
        "order_refunded",
        subject=f"{amount_text} refunded for your order {order.view.number}",
        store=store,
        preview="Your bank shows it within five to ten days.",
        amount_text=amount_text,
        refunded_lines=[_line(line, refund.currency) for line in lines.get(refund.id, [])],
        sums=[
            ("You paid", format_money(paid, refund.currency)),
            ("Refunded so far", format_money(returned, refund.currency)),
            ("Not refunded", format_money(paid - returned, refund.currency)),
        ],
        **order.values,
    )
    return Letter(order.row.email, email)


def _line(line: RefundedLineRow, currency: str) -> tuple[str, str]:
    options = options_text(line.options)
    name = f"{line.quantity} × {line.name}" + (f" ({options})" if options else "")
    return name, format_money(line.amount_minor, currency)


async def payment_failed(session: AsyncSession, store: StoreView, checkout_id: UUID) -> Letter | None:
    """Say that a payment which takes its time has failed after all; needless once the checkout became an order."""
    checkout = await checkouts.find(session, checkout_id)
    if checkout is None:
        raise NotFoundError("There is no such checkout.")
    revision = await checkouts.find_revision(session, checkout_id, checkout.revision)
    if checkout.status == CheckoutStatus.COMPLETED or revision is None:
        return None
    quote = revision_quote_view(revision)
    email = render_email(
        "payment_failed",
        subject=f"Your payment of {quote.total_text} did not go through",
        store=store,
        preview="Nothing was charged. You can try again.",
        first_name=first_name(revision.shipping_address.get("full_name", "")),
        quote=quote,
        lines=lines_of(revision_line_view(line, revision.currency) for line in revision.lines),
        url=absolute("/checkout" if checkout.is_live else "/cart"),
        is_live=checkout.is_live,
    )
    return Letter(checkout.email, email)
