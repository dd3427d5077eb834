"""Letters about an order, to its customer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import NotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.money import format_money
from shophub.repositories import letters, orders
from shophub.repositories.letters import ReturnedRow
from shophub.repositories.orders import OrderRow
from shophub.schemas.orders import OrderView
from shophub.schemas.stores import StoreView
from shophub.services import guest_orders
from shophub.services.emails.rendering import absolute, render_email
from shophub.services.letters.parts import Letter, first_name, lines_of, order_url
from shophub.services.views.order_timeline import OrderHistory
from shophub.services.views.orders import order_view


@dataclass(frozen=True)
class OrderMatter:
    """An order as its letters need it."""

    row: OrderRow
    view: OrderView

    @property
    def values(self) -> dict[str, Any]:
        """Return what every template about an order uses."""
        return {
            "order": self.view,
            "quote": self.view.quote,
            "lines": lines_of(self.view.lines),
            "first_name": first_name(self.view.address.full_name),
            "url": order_url(self.row),
            "is_guest": self.row.user_id is None,
        }


async def read_order(session: AsyncSession, order_id: UUID) -> OrderMatter:
    """Return an order with its lines and its newest parcel.

    Raises:
        NotFoundError: There is none.
    """
    row = await orders.find_by_id(session, order_id)
    if row is None:
        raise NotFoundError("There is no such order.")
    lines = await orders.list_lines(session, [row.id])
    history = OrderHistory(shipment=await orders.find_shipment(session, row.id))
    return OrderMatter(row, order_view(row, lines[row.id], history))


async def confirmation(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Say what was bought, what was paid and where it goes."""
    order = await read_order(session, order_id)
    email = render_email(
        "order_confirmation",
        subject=f"Your order {order.view.number} at {store.name}",
        store=store,
        preview=f"Thank you. {order.view.delivery_text or 'We are getting it ready'}.",
        **order.values,
    )
    return Letter(order.row.email, email)


async def link(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Lead to an order that somebody has lost the way to: a guest by a fresh link, an account by its own page."""
    order = await read_order(session, order_id)
    is_guest = order.row.user_id is None
    number, name = order.view.number, order.values["first_name"]
    email = render_email(
        "account",
        subject=f"Your order {number} at {store.name}",
        store=store,
        preview=f"Here is the way back to your order {number}.",
        title=f"Your order {number}",
        sentences=(
            f"{f'Hello {name}, somebody' if name else 'Somebody'}, most likely you, asked for the way back to your "
            f"order of {order.view.placed_text}.",
            "If it was not you, do nothing: nobody else sees your order.",
        ),
        url=guest_orders.link(order.row.number, utc_now()) if is_guest else absolute(f"/orders/{number}"),
        action="See your order",
        terms="The link works for 90 days. Do not pass it on." if is_guest else "Sign in to your account to see it.",
        reason=f"You receive this because an order was placed with your e-mail address on {order.view.placed_text}.",
    )
    return Letter(order.row.email, email)


async def sold_out(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Say that the goods were gone when the payment arrived, and that all of it goes back."""
    order = await read_order(session, order_id)
    email = render_email(
        "order_sold_out",
        subject=f"Your order {order.view.number} was cancelled and is being refunded",
        store=store,
        preview=f"Your payment of {order.view.quote.total_text} goes back to you in full.",
        **order.values,
    )
    return Letter(order.row.email, email)


async def shipped(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Say that the parcel is on its way, by whom and where to follow it."""
    order = await read_order(session, order_id)
    email = render_email(
        "order_shipped",
        subject=f"Your order {order.view.number} is on its way",
        store=store,
        preview=order.view.tracking_text or order.view.delivery_text or "Your parcel has left our house.",
        tracking_text=order.view.tracking_text,
        tracking_url=order.view.tracking_url,
        **order.values,
    )
    return Letter(order.row.email, email)


async def delivered(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Say that the parcel has arrived, and ask kindly for a review where the store takes them."""
    order = await read_order(session, order_id)
    email = render_email(
        "order_delivered",
        subject=f"Your order {order.view.number} has arrived",
        store=store,
        preview="We hope that you like it.",
        asks_for_review=store.reviews_enabled,
        reviewable=list({line.url: line for line in lines_of(order.view.lines) if line.url}.values()),
        register_url=absolute("/register"),
        **order.values,
    )
    return Letter(order.row.email, email)


async def cancelled(session: AsyncSession, store: StoreView, order_id: UUID) -> Letter:
    """Say that the order was cancelled, and what goes back of what was paid."""
    order = await read_order(session, order_id)
    payment = await letters.find_returned(session, order_id)
    returned_text = _returned(payment) if payment else ""
    email = render_email(
        "order_cancelled",
        subject=f"Your order {order.view.number} was cancelled",
        store=store,
        preview=f"{returned_text} goes back to you." if returned_text else "Nothing more will be sent.",
        returned_text=returned_text,
        is_charged=payment is not None,
        **order.values,
    )
    return Letter(order.row.email, email)


def _returned(payment: ReturnedRow) -> str:
    returned = payment.refunded_minor + payment.pending_minor
    return format_money(returned, payment.currency) if returned else ""
