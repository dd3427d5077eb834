"""``/contact``, ``/returns``, ``/privacy``, ``/terms``"""

from typing import Any

import reflex as rx

from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import RETURNS_TEXT
from shophub.pages.store.layout import shop_page


def _article(title: str, lead: str, *parts: tuple[str, str]) -> rx.Component:
    content: list[Any] = []
    for heading, text in parts:
        content += [rx.el.h2(heading), rx.el.p(text)]
    return shop_page(
        rx.el.article(
            rx.el.h1(title, class_name=ui.H1),
            rx.el.p(lead, class_name=f"{ui.LEAD} mt-3"),
            rx.el.div(*content, class_name=f"{ui.PROSE} mt-8"),
            class_name="py-4 lg:py-8",
        ),
        title=title,
    )


def contact() -> rx.Component:
    """How to reach the shop."""
    return _article(
        "Contact",
        "A question about a product, an order or a return? Write to us, we answer on working days within a day.",
        (
            "About an order",
            "Reply to the confirmation e-mail you got for it: the order number comes along and we can look at once.",
        ),
        (
            "About a product",
            "Tell us the name or the article number, which stands on the product's page below the details.",
        ),
        (
            "About your account",
            "You can see your orders under Orders once you are signed in. We never ask for your password.",
        ),
    )


def returns() -> rx.Component:
    """Delivery and returns."""
    return _article(
        "Delivery and returns",
        "Every product page tells you when it arrives and what delivery costs, before you decide.",
        (
            "Delivery",
            "The cart shows the delivery fee and how much is missing for free delivery. We pack on working days and "
            "send you an e-mail with the tracking number as soon as the parcel is on its way.",
        ),
        ("Returns", RETURNS_TEXT),
        (
            "Something is broken or missing",
            "Reply to your confirmation e-mail with a picture. We send a replacement or refund you, as you like.",
        ),
    )


def privacy() -> rx.Component:
    """What is stored, and why."""
    return _article(
        "Privacy",
        "We keep what is needed to sell and deliver, for as long as that takes, and nothing to follow you around.",
        (
            "What we store",
            "Your name, e-mail and delivery addresses, your orders and your cart. Passwords are stored as a hash that "
            "nobody can turn back. Card details never reach us: they go from your browser to our payment provider.",
        ),
        (
            "Cookies",
            "One cookie remembers your cart, one keeps you signed in. Both are necessary, neither is read by anybody "
            "else. Your choice of light or dark stays in your browser.",
        ),
        (
            "Who else sees it",
            "Our payment provider, the carrier who brings the parcel, and the service that sends our e-mails, each as "
            "far as its task needs it.",
        ),
        (
            "What you can do",
            "On the security page of your account you can download everything that we keep about you, and delete the "
            "account. Your name and addresses go with it; goods and amounts of your orders stay for the books.",
        ),
    )


def terms() -> rx.Component:
    """The rules of buying here."""
    return _article(
        "Terms",
        "The rules of buying here, in plain words.",
        (
            "Prices",
            "The price that counts is the one you saw when you paid. If it changes while you check out, we ask you "
            "first.",
        ),
        (
            "When a contract is made",
            "Your order is placed when your payment has gone through; you get the order number and a confirmation by "
            "e-mail. If something you paid for is gone after all, you get all of your money back.",
        ),
        ("Changing your mind", RETURNS_TEXT),
    )
