"""How the sums of a cart, a checkout or an order are shown, and why they are what they are."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from shophub.domain.reasons import Reason, ReasonCode
from shophub.lib.money import format_money, percent_text
from shophub.schemas.checkouts import QuoteView

_ABOUT_COUPONS = frozenset({ReasonCode.COUPON_PERCENTAGE, ReasonCode.COUPON_FIXED, ReasonCode.COUPON_ELSEWHERE})
_ABOUT_THE_FEE = frozenset({ReasonCode.SHIPPING_FREE_FROM, ReasonCode.SHIPPING_FREE_COUPON})


class Sums(Protocol):
    """What a quote, a revision's sums and an order have in common."""

    @property
    def subtotal_minor(self) -> int: ...
    @property
    def discount_minor(self) -> int: ...
    @property
    def shipping_minor(self) -> int: ...
    @property
    def tax_minor(self) -> int: ...
    @property
    def total_minor(self) -> int: ...
    @property
    def tax_included(self) -> bool: ...


def quote_view(
    sums: Sums,
    currency: str,
    coupon_code: str | None,
    *,
    tax_rate_ppm: int = 0,
    shipping_reasons: Sequence[Reason] = (),
) -> QuoteView:
    """Return sums ready to print. What was stored without a rate or reasons is shown without them."""
    return QuoteView(
        currency=currency,
        subtotal_text=format_money(sums.subtotal_minor, currency),
        discount_text=f"−{format_money(sums.discount_minor, currency)}" if sums.discount_minor else "",
        coupon_code=coupon_code or "",
        shipping_text=format_money(sums.shipping_minor, currency) if sums.shipping_minor else "Free",
        shipping_reason=_sentence(shipping_reasons, _ABOUT_THE_FEE, currency),
        tax_text=format_money(sums.tax_minor, currency) if sums.tax_minor else "",
        tax_label=_tax_label(tax_rate_ppm, is_included=sums.tax_included),
        tax_included=sums.tax_included,
        total_minor=sums.total_minor,
        total_text=format_money(sums.total_minor, currency),
    )


def coupon_effect(reasons: Iterable[Reason], currency: str) -> str:
    """Return what a coupon does to a line, in a few words; nothing where there is none."""
    return _sentence(reasons, _ABOUT_COUPONS, currency)


def reason_text(reason: Reason, currency: str) -> str:
    """Return a reason in a few words."""
    amount, figure = format_money(abs(reason.adds_minor), currency), format_money(reason.figure_minor, currency)
    percent = f"{percent_text(reason.rate_ppm)}%"
    match reason.code:
        case ReasonCode.LIST_PRICE:
            return f"{reason.quantity} × {figure}"
        case ReasonCode.COUPON_PERCENTAGE:
            at_most = f", at most {figure} in all" if reason.figure_minor else ""
            return f"{percent} off with {reason.coupon_code}{at_most}: −{amount}"
        case ReasonCode.COUPON_FIXED if reason.adds_minor == -reason.figure_minor:
            return f"{figure} off with {reason.coupon_code}"
        case ReasonCode.COUPON_FIXED:
            return f"−{amount} of the {figure} off with {reason.coupon_code}"
        case ReasonCode.COUPON_ELSEWHERE:
            return f"{reason.coupon_code} does not apply to this item"
        case ReasonCode.TAX_ADDED:
            return f"{percent} tax: {amount}"
        case ReasonCode.TAX_INCLUDED:
            return f"Includes {percent} tax: {figure}"
        case ReasonCode.SHIPPING_FLAT:
            return f"Flat fee of {figure}" if reason.figure_minor else "Free delivery"
        case ReasonCode.SHIPPING_FREE_FROM:
            return f"Free from {figure}" if reason.figure_minor else "Free delivery"
        case ReasonCode.SHIPPING_FREE_COUPON:
            return f"Free with {reason.coupon_code}"


def _sentence(reasons: Iterable[Reason], codes: frozenset[ReasonCode], currency: str) -> str:
    return next((reason_text(reason, currency) for reason in reasons if reason.code in codes), "")


def _tax_label(tax_rate_ppm: int, *, is_included: bool) -> str:
    rate = f" ({percent_text(tax_rate_ppm)}%)" if tax_rate_ppm else ""
    return f"Tax included{rate}" if is_included else f"Tax{rate}"
