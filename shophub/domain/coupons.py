"""When a coupon may be used, and what it takes off. Arithmetic and dates only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shophub.domain.statuses import DiscountType
from shophub.lib.money import format_money, parts_per

BASIS_POINTS = 10_000


@dataclass(frozen=True)
class CouponTerms:
    """A coupon's terms. ``category_ids`` empty means every category; amounts are minor units."""

    id: str
    code: str
    discount_type: DiscountType
    percent_bp: int
    amount_minor: int
    minimum_subtotal_minor: int
    maximum_discount_minor: int | None
    category_ids: frozenset[str] = field(default_factory=frozenset)
    first_order_only: bool = False
    is_active: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class CouponStanding:
    """What is left of a coupon for one customer now. What the customer's own checkout holds is not missing."""

    is_exhausted: bool = False
    is_used_by_customer: bool = False
    has_ordered_before: bool = False


@dataclass(frozen=True)
class CouponLine:
    """What the terms look at in a line: its sum before discount, and the categories it is in."""

    subtotal_minor: int
    category_ids: frozenset[str]


def applies_to(terms: CouponTerms, line: CouponLine) -> bool:
    """Return whether the coupon's discount falls on this line."""
    return not terms.category_ids or bool(terms.category_ids & line.category_ids)


def why_not(
    terms: CouponTerms,
    lines: Iterable[CouponLine],
    *,
    currency: str,
    now: datetime,
    standing: CouponStanding,
) -> str | None:
    """Return the sentence that tells the shopper why the coupon does not apply, or None where it does.

    The number of uses is a limit of the database, checked when a use is held; ``standing`` only tells early.
    """
    lines = list(lines)
    subtotal_minor = sum(line.subtotal_minor for line in lines)
    if not terms.is_active:
        return f"The code {terms.code} is not active."
    if terms.starts_at is not None and now < terms.starts_at:
        return f"The code {terms.code} is not valid yet."
    if terms.ends_at is not None and now >= terms.ends_at:
        return f"The code {terms.code} has expired."
    if standing.is_exhausted:
        return f"The code {terms.code} has been used up."
    if standing.is_used_by_customer:
        return f"You have used the code {terms.code} as often as it can be used."
    if terms.first_order_only and standing.has_ordered_before:
        return f"The code {terms.code} is for a first order only."
    if not any(applies_to(terms, line) for line in lines):
        return f"The code {terms.code} does not apply to anything in your cart."
    if subtotal_minor < terms.minimum_subtotal_minor:
        minimum = format_money(terms.minimum_subtotal_minor, currency)
        return f"The code {terms.code} needs a subtotal of {minimum} or more."
    return None


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off. ``held_back_to_minor`` is its maximum where it would have been more, else 0."""

    amount_minor: int
    held_back_to_minor: int = 0


def discount_of(terms: CouponTerms, lines: Iterable[CouponLine], step: int = 1) -> Discount:
    """Return what the coupon takes off the lines that it applies to, at most their sum.

    A percentage is rounded half up to whole steps of minor units, once, on the sum. A fixed amount and the maximum are
    rounded down to them; but what takes off everything takes off all of it.
    """
    eligible_minor = sum(line.subtotal_minor for line in lines if applies_to(terms, line))
    match terms.discount_type:
        case DiscountType.PERCENTAGE:
            amount = step * parts_per(eligible_minor, terms.percent_bp, BASIS_POINTS * step)
        case DiscountType.FIXED:
            amount = terms.amount_minor
        case DiscountType.FREE_SHIPPING:
            amount = 0
    amount = min(amount, eligible_minor)
    limit = terms.maximum_discount_minor
    if limit is not None and amount > limit:
        return Discount(limit - limit % step, limit)
    return Discount(amount if amount == eligible_minor else amount - amount % step)
