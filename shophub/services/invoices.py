"""Invoices: what they say. How they look is in ``invoice_pdf``."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from shophub.db import AsyncSession
from shophub.domain.statuses import RefundStatus
from shophub.errors import OrderNotFoundError, ProviderError
from shophub.integrations.cloudinary import fetch_image
from shophub.lib.money import decimal_string, format_money
from shophub.repositories import orders
from shophub.repositories.orders import OrderLineRow, OrderRefundRow, OrderRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.invoices import Invoice, InvoiceLine, InvoiceSum
from shophub.schemas.orders import OrderView
from shophub.schemas.stores import StoreView
from shophub.services import invoice_pdf, stores
from shophub.services.orders import get_order
from shophub.services.stores import LOGO_WIDTH
from shophub.services.views.carts import options_text
from shophub.services.views.moments import date_text

log = structlog.get_logger(__name__)
_logos: dict[str, bytes] = {}


async def get_invoice(session: AsyncSession, number: str, visitor: Visitor, cookie_header: str = "") -> Invoice:
    """Return the invoice of an order, to its owner, an admin, or who holds the signed link in a cookie.

    Raises:
        OrderNotFoundError: No such order, or it is not the caller's to see: nobody learns which.
    """
    view = await get_order(session, number, visitor, cookie_header)
    row = await orders.find_by_id(session, UUID(view.id))
    if row is None:
        raise OrderNotFoundError("We could not find that order.")
    lines = (await orders.list_lines(session, [row.id]))[row.id]
    refunds, _ = await orders.list_refunds(session, row.id)
    return _invoice(await stores.get_store(session), row, view, lines, refunds)


async def render(invoice: Invoice) -> bytes:
    """Return the invoice as a PDF, drawn in a thread: a long one takes a while.

    To be called outside any transaction, because the store's logo is fetched; without it, its name stands there.
    """
    return await asyncio.to_thread(invoice_pdf.render, invoice, await _logo(invoice.logo_public_id))


async def _logo(public_id: str) -> bytes:
    """Return the store's logo, nothing where there is none or it is out of reach. The last one is remembered."""
    if public_id and public_id not in _logos:
        try:
            picture = await fetch_image(public_id, width=LOGO_WIDTH)
        except ProviderError as error:
            log.warning("logo_out_of_reach", code=error.provider_code)
            return b""
        _logos.clear()
        _logos[public_id] = picture
    return _logos.get(public_id, b"")


def money(amount_minor: int, currency: str) -> str:
    """Return an amount as people write it; with the currency's code where the typeface has no sign for it."""
    text = format_money(amount_minor, currency)
    if invoice_pdf.can_draw(text):
        return text
    return f"{decimal_string(amount_minor, currency)} {currency}"


def _invoice(
    store: StoreView,
    order: OrderRow,
    view: OrderView,
    lines: Sequence[OrderLineRow],
    refunds: Sequence[OrderRefundRow],
) -> Invoice:
    return Invoice(
        number=view.number,
        date_text=date_text(order.placed_at),
        store_name=store.name,
        store_lines=tuple(part for part in (store.address, store.phone, store.email) if part),
        customer_lines=(*view.address.lines, order.email),
        payment_text=view.payment_label,
        lines=tuple(_line(line, order.currency) for line in lines),
        sums=tuple(_sums(order, refunds)),
        tax_note="All prices include tax." if order.tax_included and order.tax_minor else "",
        issued_at=order.placed_at,
        logo_public_id=store.logo_public_id or "",
    )


def _line(line: OrderLineRow, currency: str) -> InvoiceLine:
    return InvoiceLine(
        name=line.name,
        details=" · ".join(part for part in (options_text(line.options), line.sku) if part),
        quantity=line.quantity,
        price_text=money(line.price_minor, currency),
        discount_text=f"−{money(line.discount_minor, currency)}" if line.discount_minor else "",
        tax_text=money(line.tax_minor, currency) if line.tax_minor else "",
        total_text=money(line.total_minor, currency),
    )


def _sums(order: OrderRow, refunds: Sequence[OrderRefundRow]) -> list[InvoiceSum]:
    """Return the order's own sums, what was given back since, and what is left then."""
    currency = order.currency
    sums = [InvoiceSum("Subtotal", money(order.subtotal_minor, currency))]
    if order.discount_minor:
        label = f"Discount ({order.coupon_code})" if order.coupon_code else "Discount"
        sums.append(InvoiceSum(label, f"−{money(order.discount_minor, currency)}"))
    sums.append(InvoiceSum("Delivery", money(order.shipping_minor, currency) if order.shipping_minor else "Free"))
    if order.tax_minor and not order.tax_included:
        sums.append(InvoiceSum("Tax", money(order.tax_minor, currency)))
    sums.append(InvoiceSum("Total", money(order.total_minor, currency), is_strong=True))
    if order.tax_minor and order.tax_included:
        sums.append(InvoiceSum("Tax included", money(order.tax_minor, currency)))
    for refund in refunds:
        if refund.status == RefundStatus.SUCCEEDED:
            day = date_text(refund.ended_at or refund.created_at)
            sums.append(InvoiceSum(f"Refunded on {day}", f"−{money(refund.amount_minor, refund.currency)}"))
    if order.refunded_minor:
        left = money(order.total_minor - order.refunded_minor, currency)
        sums.append(InvoiceSum("Total after refunds", left, is_strong=True))
    return sums
