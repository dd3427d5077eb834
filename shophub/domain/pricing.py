"""The quote: what lines, a coupon and the store's rules come to. Pure, whole minor units, parts that add up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shophub.domain.coupons import BASIS_POINTS, CouponLine, CouponTerms, Discount, applies_to, discount_of
from shophub.domain.currencies import charge_step
from shophub.domain.reasons import Reason, ReasonCode
from shophub.domain.statuses import DiscountType
from shophub.lib.money import allocate, parts_per

MILLION = 1_000_000


@dataclass(frozen=True)
class PriceLine:
    """A line to price. ``key`` names it in the quote; ``category_ids`` holds its category and that one's parent."""

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
    """A priced line: ``total = subtotal - discount``, plus tax where prices do not include it; ``reasons`` say why."""

    key: str
    quantity: int
    unit_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Quote:
    """What is to be paid: ``total = subtotal - discount + shipping + tax``; included tax is shown, not added.

    The reasons of the lines and of shipping add up to the total.
    """

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
    tax_rate_ppm: int = 0
    shipping_reasons: tuple[Reason, ...] = ()


def quote(lines: Sequence[PriceLine], coupon: CouponTerms | None, rules: PricingRules) -> Quote:
    """Price the lines.

    The caller has made sure that the coupon applies (``domain.coupons.why_not``). Guarantees: the discount never
    exceeds the lines it is for and is spread over them by largest remainder; tax is the rate on each line after its
    discount, rounded half up once per line; shipping is free from the threshold, compared with subtotal minus
    discount; the parts add up to the total exactly; what a line comes to does not depend on the order of the lines.
    Where prices and fee are amounts that can be charged in the currency, so are the total and each line's
    (``domain.currencies.charge_step``): discount and added tax are rounded to such amounts.

    Raises:
        ValueError: A quantity below 1, a negative price, or two lines with one key.
    """
    if any(line.quantity < 1 or line.unit_minor < 0 for line in lines):
        raise ValueError("Quantities are 1 or more and prices are not negative.")
    if len({line.key for line in lines}) < len(lines):
        raise ValueError("Each line has a key of its own.")
    step = charge_step(rules.currency)
    discount = discount_of(coupon, [_coupon_line(line) for line in lines], step) if coupon else Discount(0)
    shares = _spread(discount.amount_minor, coupon, lines, step)
    priced = tuple(
        _price_line(line, shares[line.key], _coupon_reason(line, shares, coupon, discount), rules) for line in lines
    )
    subtotal_minor = sum(line.subtotal_minor for line in priced)
    value_minor = subtotal_minor - discount.amount_minor
    shipping = _shipping(value_minor, coupon, rules) if lines else None
    shipping_minor = shipping.adds_minor if shipping else 0
    shipping_tax_minor = _tax(shipping_minor, rules) if rules.tax_on_shipping else 0
    tax_minor = sum(line.tax_minor for line in priced) + shipping_tax_minor
    total_minor = value_minor + shipping_minor + (0 if rules.prices_include_tax else tax_minor)
    return Quote(
        currency=rules.currency,
        lines=priced,
        subtotal_minor=subtotal_minor,
        discount_minor=discount.amount_minor,
        shipping_minor=shipping_minor,
        shipping_tax_minor=shipping_tax_minor,
        tax_minor=tax_minor,
        total_minor=total_minor,
        tax_included=rules.prices_include_tax,
        coupon_code=coupon.code if coupon else None,
        free_shipping_missing_minor=_missing(shipping, value_minor, rules),
        tax_rate_ppm=rules.tax_rate_ppm,
        shipping_reasons=(shipping, *_tax_reason(shipping_tax_minor, rules)) if shipping else (),
    )


def _spread(amount_minor: int, coupon: CouponTerms | None, lines: Sequence[PriceLine], step: int) -> dict[str, int]:
    """Return each line's part of the discount by its key, in whole steps where the lines' sums are.

    Where two lines have an equal claim to the last minor unit, the smaller key has it, whichever line comes first.
    """
    ordered = sorted(lines, key=lambda line: line.key)
    weights = [line.quantity * line.unit_minor if _is_discounted(line, coupon) else 0 for line in ordered]
    unit = 1 if any(sum_minor % step for sum_minor in (amount_minor, *weights)) else step
    parts = allocate(amount_minor // unit, weights)
    return {line.key: part * unit for line, part in zip(ordered, parts, strict=True)}


def _coupon_line(line: PriceLine) -> CouponLine:
    return CouponLine(line.quantity * line.unit_minor, line.category_ids)


def _is_discounted(line: PriceLine, coupon: CouponTerms | None) -> bool:
    return coupon is not None and applies_to(coupon, _coupon_line(line))


def _coupon_reason(
    line: PriceLine, shares: Mapping[str, int], coupon: CouponTerms | None, discount: Discount
) -> tuple[Reason, ...]:
    if coupon is None or coupon.discount_type is DiscountType.FREE_SHIPPING:
        return ()
    if not _is_discounted(line, coupon):
        return (Reason(ReasonCode.COUPON_ELSEWHERE, coupon_code=coupon.code),)
    share = -shares[line.key]
    if coupon.discount_type is DiscountType.FIXED:
        return (Reason(ReasonCode.COUPON_FIXED, share, coupon.amount_minor, coupon_code=coupon.code),)
    rate_ppm = coupon.percent_bp * (MILLION // BASIS_POINTS)
    limit_minor = discount.held_back_to_minor
    return (Reason(ReasonCode.COUPON_PERCENTAGE, share, limit_minor, rate_ppm=rate_ppm, coupon_code=coupon.code),)


def _price_line(line: PriceLine, discount: int, why: tuple[Reason, ...], rules: PricingRules) -> QuoteLine:
    subtotal_minor = line.quantity * line.unit_minor
    net_minor = subtotal_minor - discount
    tax_minor = _tax(net_minor, rules)
    price = Reason(ReasonCode.LIST_PRICE, subtotal_minor, line.unit_minor, line.quantity)
    return QuoteLine(
        key=line.key,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        subtotal_minor=subtotal_minor,
        discount_minor=discount,
        tax_minor=tax_minor,
        total_minor=net_minor + (0 if rules.prices_include_tax else tax_minor),
        reasons=(price, *why, *_tax_reason(tax_minor, rules)),
    )


def _tax(net_minor: int, rules: PricingRules) -> int:
    """Return the tax in an amount, or on it; included tax is only shown, so that it need not be chargeable."""
    if rules.prices_include_tax:
        return parts_per(net_minor, rules.tax_rate_ppm, MILLION + rules.tax_rate_ppm)
    step = charge_step(rules.currency)
    return step * parts_per(net_minor, rules.tax_rate_ppm, MILLION * step)


def _tax_reason(tax_minor: int, rules: PricingRules) -> tuple[Reason, ...]:
    if not tax_minor:
        return ()
    if rules.prices_include_tax:
        return (Reason(ReasonCode.TAX_INCLUDED, 0, tax_minor, rate_ppm=rules.tax_rate_ppm),)
    return (Reason(ReasonCode.TAX_ADDED, tax_minor, tax_minor, rate_ppm=rules.tax_rate_ppm),)


def _shipping(value_minor: int, coupon: CouponTerms | None, rules: PricingRules) -> Reason:
    """Return the fee of a cart that is worth ``value_minor`` after its discount, as the reason that sets it."""
    if coupon is not None and coupon.discount_type is DiscountType.FREE_SHIPPING:
        return Reason(ReasonCode.SHIPPING_FREE_COUPON, coupon_code=coupon.code)
    threshold = rules.free_shipping_threshold_minor
    if threshold is not None and value_minor >= threshold:
        return Reason(ReasonCode.SHIPPING_FREE_FROM, figure_minor=threshold)
    return Reason(ReasonCode.SHIPPING_FLAT, rules.shipping_fee_minor, rules.shipping_fee_minor)


def _missing(shipping: Reason | None, value_minor: int, rules: PricingRules) -> int | None:
    """Return what is missing for free shipping; None where nothing is, or where it can never be had."""
    threshold = rules.free_shipping_threshold_minor
    if shipping is None or shipping.adds_minor == 0 or threshold is None:
        return None
    return threshold - value_minor
