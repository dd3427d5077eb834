"""The quote: what lines, a coupon and the store's rules come to. Pure, whole minor units, parts that add up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shophub.domain.coupons import CouponLine, CouponTerms, applies_to, discount_minor
from shophub.domain.statuses import DiscountType
from shophub.lib.money import allocate, parts_per

MILLION = 1_000_000


@dataclass(frozen=True)
class PriceLine:
    """A line to price. ``key`` names it in the quote; ``category_ids`` holds its category and that one's parents."""

    key: str
    quantity: int
    unit_minor: int
    category_ids: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class PricingRules:
    """The store's settings that a price depends on. ``free_shipping_threshold_minor`` None means never."""

    currency: str
    tax_rate_ppm: int = 0
    prices_include_tax: bool = False
    tax_on_shipping: bool = False
    shipping_fee_minor: int = 0
    free_shipping_threshold_minor: int | None = None


@dataclass(frozen=True)
class QuoteLine:
    """A priced line: ``total = subtotal - discount``, plus tax where prices do not include it."""

    key: str
    quantity: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int


@dataclass(frozen=True)
class Quote:
    """What is to be paid: ``total = subtotal - discount + shipping + tax``; included tax is shown, not added."""

    currency: str
    lines: tuple[QuoteLine, ...]
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    tax_included: bool
    coupon_code: str | None
    free_shipping_missing_minor: int | None


def quote(lines: Sequence[PriceLine], coupon: CouponTerms | None, rules: PricingRules) -> Quote:
    """Price the lines.

    The caller has made sure that the coupon applies (``domain.coupons.why_not``). Guarantees: the discount never
    exceeds the lines it is for and is spread over them by largest remainder; tax is the rate on each line after its
    discount, rounded half up once per line; shipping is free from the threshold, compared with subtotal minus
    discount; the parts add up to the total exactly.

    Raises:
        ValueError: A quantity below 1 or a negative price.
    """
    if any(line.quantity < 1 or line.unit_minor < 0 for line in lines):
        raise ValueError("Quantities are 1 or more and prices are not negative.")
    subtotals = [line.quantity * line.unit_minor for line in lines]
    coupon_lines = [CouponLine(subtotal, line.category_ids) for line, subtotal in zip(lines, subtotals, strict=True)]
    discounts = _spread_discount(coupon, coupon_lines)
    priced = tuple(
        _price_line(line, subtotal, discount, rules)
        for line, subtotal, discount in zip(lines, subtotals, discounts, strict=True)
    )
    subtotal_minor, discount = sum(subtotals), sum(discounts)
    shipping_minor, missing_minor = _shipping(bool(lines), subtotal_minor - discount, coupon, rules)
    shipping_tax_minor = _tax(shipping_minor, rules) if rules.tax_on_shipping else 0
    tax_minor = sum(line.tax_minor for line in priced) + shipping_tax_minor
    total_minor = subtotal_minor - discount + shipping_minor + (0 if rules.prices_include_tax else tax_minor)
    return Quote(
        currency=rules.currency,
        lines=priced,
        subtotal_minor=subtotal_minor,
        discount_minor=discount,
        shipping_minor=shipping_minor,
        shipping_tax_minor=shipping_tax_minor,
        tax_minor=tax_minor,
        total_minor=total_minor,
        tax_included=rules.prices_include_tax,
        coupon_code=coupon.code if coupon else None,
        free_shipping_missing_minor=missing_minor,
    )


def _spread_discount(coupon: CouponTerms | None, lines: Sequence[CouponLine]) -> list[int]:
    if coupon is None:
        return [0 for _ in lines]
    weights = [line.subtotal_minor if applies_to(coupon, line) else 0 for line in lines]
    return allocate(discount_minor(coupon, lines), weights)


def _price_line(line: PriceLine, subtotal_minor: int, discount: int, rules: PricingRules) -> QuoteLine:
    net_minor = subtotal_minor - discount
    tax_minor = _tax(net_minor, rules)
    return QuoteLine(
        key=line.key,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        subtotal_minor=subtotal_minor,
        discount_minor=discount,
        tax_minor=tax_minor,
        total_minor=net_minor + (0 if rules.prices_include_tax else tax_minor),
    )


def _tax(net_minor: int, rules: PricingRules) -> int:
    whole = MILLION + rules.tax_rate_ppm if rules.prices_include_tax else MILLION
    return parts_per(net_minor, rules.tax_rate_ppm, whole)


def _shipping(
    has_lines: bool, value_minor: int, coupon: CouponTerms | None, rules: PricingRules
) -> tuple[int, int | None]:
    """Return the fee, and what is missing for free shipping (None where nothing is, or none can be reached)."""
    if not has_lines:
        return 0, None
    if coupon is not None and coupon.discount_type is DiscountType.FREE_SHIPPING:
        return 0, None
    threshold = rules.free_shipping_threshold_minor
    if threshold is None:
        return rules.shipping_fee_minor, None
    if value_minor >= threshold:
        return 0, None
    return rules.shipping_fee_minor, threshold - value_minor if rules.shipping_fee_minor else None
