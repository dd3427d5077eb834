"""The messages themselves."""

from dataclasses import dataclass

from shophub.schemas.orders import OrderView
from shophub.schemas.stores import StoreView
from shophub.services.emails.rendering import RenderedEmail, absolute, render_email


@dataclass(frozen=True)
class EmailLine:
    """A bought line, its picture's address made absolute."""

    name: str
    options_text: str
    quantity: int
    total_text: str
    image_url: str
    image_colour: str
    url: str


def verify_email(store: StoreView, *, full_name: str, url: str) -> RenderedEmail:
    """Ask the owner of a new account to confirm the address."""
    return render_email(
        "verify_email",
        subject=f"Confirm your e-mail address for {store.name}",
        store=store,
        preview="One click, and your orders and your account belong together.",
        first_name=_first_name(full_name),
        url=url,
    )


def order_confirmation(store: StoreView, order: OrderView, *, url: str, is_guest: bool) -> RenderedEmail:
    """Say what was bought, what was paid and where it goes."""
    return render_email(
        "order_confirmation",
        subject=f"Your order {order.number} at {store.name}",
        store=store,
        preview=f"Thank you. {order.delivery_text or 'We are getting it ready'}.",
        order=order,
        lines=[_line(order, position) for position in range(len(order.lines))],
        first_name=_first_name(order.address.full_name),
        url=url,
        is_guest=is_guest,
    )


def order_sold_out(store: StoreView, order: OrderView, *, url: str, is_guest: bool) -> RenderedEmail:
    """Say that the goods were gone when the payment arrived, and that all of it goes back."""
    return render_email(
        "order_sold_out",
        subject=f"Your order {order.number} was cancelled and is being refunded",
        store=store,
        preview=f"Your payment of {order.quote.total_text} goes back to you in full.",
        order=order,
        lines=[_line(order, position) for position in range(len(order.lines))],
        first_name=_first_name(order.address.full_name),
        url=url,
        is_guest=is_guest,
    )


def _line(order: OrderView, position: int) -> EmailLine:
    line = order.lines[position]
    return EmailLine(
        name=line.name,
        options_text=line.options_text,
        quantity=line.quantity,
        total_text=line.total_text,
        image_url=absolute(line.image.url) if line.image.url else "",
        image_colour=line.image.colour,
        url=absolute(line.url) if line.url else "",
    )


def _first_name(full_name: str) -> str:
    return full_name.split()[0] if full_name.split() else ""
