"""A customer as the staff see one."""

from dataclasses import dataclass

from shophub.schemas.order_list import OrderLineItem


@dataclass(frozen=True)
class CustomerFact:
    """Something known about a customer, by its name."""

    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class CustomerNote:
    """What one of the staff wrote about one of the customer's orders."""

    order: str = ""
    order_url: str = ""
    body: str = ""
    author: str = ""
    at_iso: str = ""
    at_text: str = ""


@dataclass(frozen=True)
class CustomerReview:
    """What the customer says about something they bought."""

    id: str = ""
    product: str = ""
    product_url: str = ""
    stars: int = 0
    stars_text: str = ""
    comment: str = ""
    is_hidden: bool = False
    at_iso: str = ""
    at_text: str = ""


@dataclass(frozen=True)
class CustomerView:
    """A customer with their latest orders, what the staff noted there, and their latest reviews."""

    id: str = ""
    name: str = ""
    email: str = ""
    mail_url: str = ""
    people_url: str = ""
    orders_url: str = ""
    reviews_text: str = ""
    is_active: bool = True
    is_verified: bool = True
    figures: tuple[CustomerFact, ...] = ()
    facts: tuple[CustomerFact, ...] = ()
    orders: tuple[OrderLineItem, ...] = ()
    more_orders_text: str = ""
    notes: tuple[CustomerNote, ...] = ()
    reviews: tuple[CustomerReview, ...] = ()
