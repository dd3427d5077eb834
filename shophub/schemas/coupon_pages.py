"""Coupons as the staff's pages show them, and how many codes are made at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CouponLine:
    """A coupon of the list, in words."""

    id: str = ""
    code: str = ""
    url: str = ""
    summary: str = ""
    standing_text: str = ""
    standing_tone: str = "neutral"
    is_active: bool = True
    uses_text: str = ""
    revenue_text: str = ""
    given_text: str = ""
    until_iso: str = ""
    until_text: str = ""
    made_iso: str = ""
    made_text: str = ""
    orders_url: str = ""


@dataclass(frozen=True)
class CouponExample:
    """What an order of some size would come to."""

    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(frozen=True)
class CouponPreview:
    """What the terms that are typed come to: in words, and for some orders. ``problem`` where they cannot be yet."""

    code: str = ""
    summary: str = ""
    dates: str = ""
    limits: str = ""
    problem: str = ""
    examples: tuple[CouponExample, ...] = ()


@dataclass(frozen=True)
class CouponFields:
    """A coupon's terms as its form shows them: amounts as decimals, days and not moments (UTC)."""

    code: str = ""
    description: str = ""
    discount_type: str = "PERCENTAGE"
    percent: str = ""
    amount: str = ""
    minimum: str = ""
    maximum: str = ""
    max_uses: str = ""
    per_customer: str = ""
    categories: tuple[str, ...] = ()
    first_order_only: bool = False
    starts: str = ""
    ends: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class CouponErrors:
    """What is wrong with what was typed, by field."""

    code: str = ""
    count: str = ""
    description: str = ""
    percent: str = ""
    amount: str = ""
    minimum: str = ""
    maximum: str = ""
    max_uses: str = ""
    per_customer: str = ""
    starts: str = ""
    ends: str = ""


@dataclass(frozen=True)
class CategoryChoice:
    """A category that a coupon can be limited to."""

    slug: str = ""
    name: str = ""
    is_on: bool = False
