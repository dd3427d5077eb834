"""Why an amount in a quote is what it is: values with stable codes, from which views make sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ReasonCode(StrEnum):
    """What a reason says. Stored with what was paid for, so a code never changes its meaning."""

    LIST_PRICE = "list_price"
    COUPON_PERCENTAGE = "coupon_percentage"
    COUPON_FIXED = "coupon_fixed"
    COUPON_ELSEWHERE = "coupon_elsewhere"
    TAX_ADDED = "tax_added"
    TAX_INCLUDED = "tax_included"
    SHIPPING_FLAT = "shipping_flat"
    SHIPPING_FREE_FROM = "shipping_free_from"
    SHIPPING_FREE_COUPON = "shipping_free_coupon"


@dataclass(frozen=True)
class Reason:
    """One step from nothing to an amount.

    Attributes:
        adds_minor: What the step adds to the amount, negative where it takes off. The steps of a line add up to its
            total, those of shipping to the fee with its tax.
        figure_minor: The amount that explains the step: the unit price, a fixed coupon's worth, the most that a
            coupon takes off where that held it back (else 0), the tax that the price includes, the fee, the threshold.
        quantity: How many, for a list price.
        rate_ppm: The rate of a percentage or of a tax, in millionths.
        coupon_code: The coupon that is the reason.
    """

    code: ReasonCode
    adds_minor: int = 0
    figure_minor: int = 0
    quantity: int = 0
    rate_ppm: int = 0
    coupon_code: str = ""


def reason_from_json(stored: Mapping[str, Any]) -> Reason:
    """Return a reason that was stored as JSON (``dataclasses.asdict``)."""
    return Reason(**{**stored, "code": ReasonCode(stored["code"])})
