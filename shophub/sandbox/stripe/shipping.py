"""The shipping address that a payment carries."""

from typing import Any

from shophub.sandbox.stripe.params import Params


def shipping_of(params: Params) -> dict[str, Any] | None:
    """Return the ``shipping`` parameter with every field that Stripe's object has, or ``None`` without it."""
    given = params.inner("shipping")
    if given is None:
        return None
    given.only("address", "name", "phone", "carrier", "tracking_number")
    address = given.inner("address") or Params({}, "shipping[address]")
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    address.only(*names)
    return {
        "address": {name: address.text(name) for name in names},
        "carrier": given.text("carrier"),
        "name": given.required("name"),
        "phone": given.text("phone"),
        "tracking_number": given.text("tracking_number"),
    }
