"""What letters are made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shophub.domain.order_numbers import order_number
from shophub.repositories.orders import OrderRow
from shophub.schemas.carts import CartLineView
from shophub.schemas.orders import OrderLineView
from shophub.services import guest_orders
from shophub.services.emails.rendering import RenderedEmail, absolute

_LIKE_A_LINK = re.compile(r"[/:@\\]|\.\w")


@dataclass(frozen=True)
class Letter:
    """A message and whom it goes to.

    ``headers`` stand beside the usual ones. ``edition`` is part of the idempotency key, where one thing can be written
    about more than once.
    """

    to: str
    email: RenderedEmail
    headers: Mapping[str, str] = field(default_factory=dict)
    edition: str = ""


@dataclass(frozen=True)
class LetterLine:
    """A bought or chosen variant, its addresses made absolute."""

    name: str
    options_text: str
    quantity: int
    total_text: str
    image_url: str
    image_colour: str
    url: str


def lines_of(lines: Iterable[OrderLineView | CartLineView]) -> list[LetterLine]:
    """Return lines as letters show them."""
    return [
        LetterLine(
            name=line.name,
            options_text=line.options_text,
            quantity=line.quantity,
            total_text=line.total_text,
            image_url=absolute(line.image.url) if line.image.url else "",
            image_colour=line.image.colour,
            url=absolute(line.url) if line.url else "",
        )
        for line in lines
    ]


def first_name(full_name: str) -> str:
    """Return how a letter begins: the first word of a name, or nothing.

    Nothing either where mail programs would make a link of it: else anybody could have the shop send advertising to
    an address that they register.
    """
    word = full_name.split()[0] if full_name.split() else ""
    return "" if _LIKE_A_LINK.search(word) else word


def order_url(order: OrderRow) -> str:
    """Return where the customer sees the order: in the account, or as a guest by the signed link."""
    if order.user_id is None:
        return guest_orders.link(order.number, order.placed_at)
    return absolute(f"/orders/{order_number(order.number)}")
