"""Coupons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from shophub.domain.coupons import CouponLine as Line
from shophub.domain.coupons import CouponTerms, discount_of
from shophub.domain.statuses import DiscountType
from shophub.lib.money import exponent, format_money, percent_text
from shophub.repositories.coupon_lists import ListedCoupon
from shophub.schemas.coupon_pages import CouponExample, CouponLine
from shophub.schemas.coupons import CouponForm
from shophub.services.views.moments import date_text

STANDINGS = {
    "running": ("Running", "success"),
    "planned": ("Planned", "brand"),
    "ended": ("Ended", "neutral"),
    "used": ("Used up", "warning"),
    "off": ("Switched off", "neutral"),
}
# Orders of these sizes, in whole units of a currency with two decimals, show what a coupon does.
EXAMPLES = (25, 80, 250)


@dataclass(frozen=True)
class Terms:
    """What a summary is made of, whether it was stored or only typed."""

    discount_type: DiscountType
    percent_bp: int | None
    amount_minor: int | None
    minimum_minor: int
    maximum_minor: int | None
    categories: Sequence[str]
    first_order_only: bool


def terms_of(form: CouponForm, names: Sequence[str]) -> Terms:
    """Return what was typed as terms; ``names`` are those of its categories."""
    return Terms(
        form.discount_type,
        form.percent_bp,
        form.amount_minor,
        form.minimum_amount,
        form.max_amount,
        names,
        form.first_order_only,
    )


def summary(terms: Terms, currency: str) -> str:
    """Return what a coupon does as a sentence: ``10% off Lamps and Desks, at most $50.00, on orders of $100.00 up.``"""
    words = [_taken_off(terms, currency)]
    if terms.maximum_minor is not None:
        words.append(f", at most {format_money(terms.maximum_minor, currency)}")
    if terms.minimum_minor:
        words.append(f", on orders of {format_money(terms.minimum_minor, currency)} or more")
    if terms.first_order_only:
        words.append(", on a customer's first order")
    return "".join(words) + "."


def limits(max_uses: int | None, per_customer: int | None) -> str:
    """Return how often a coupon can be used, as a sentence."""
    whole = "As often as you like" if max_uses is None else "Once" if max_uses == 1 else f"{max_uses:,} times"
    if max_uses == 1 or per_customer is None:
        return f"{whole} in all."
    each = "once" if per_customer == 1 else f"{per_customer:,} times"
    return f"{whole} in all, {each} per customer."


def dates(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when a coupon is good: its last day, not the moment after it."""
    return f"From {date_text(starts_at)} to {date_text(ends_at - timedelta(microseconds=1))} (UTC)."


def examples(form: CouponForm, currency: str) -> tuple[CouponExample, ...]:
    """Return what orders of some sizes come to, all of whose items the coupon applies to."""
    terms = CouponTerms(
        id="",
        code=form.code,
        discount_type=form.discount_type,
        percent_bp=form.percent_bp or 0,
        amount_minor=form.amount_minor or 0,
        minimum_subtotal_minor=form.minimum_amount,
        maximum_discount_minor=form.max_amount,
    )
    scale = 10 ** exponent(currency) if exponent(currency) else 100
    return tuple(_example(terms, size * scale, currency) for size in EXAMPLES)


def coupon_line(row: ListedCoupon, currency: str) -> CouponLine:
    """Return a coupon's line."""
    standing, tone = STANDINGS[row.standing]
    terms = Terms(
        DiscountType(row.discount_type),
        row.percent_bp,
        row.amount_minor,
        row.minimum_subtotal_minor,
        row.maximum_discount_minor,
        row.category_names,
        row.first_order_only,
    )
    last = row.ends_at - timedelta(microseconds=1)
    uses = f"{row.used:,}" if row.max_uses is None else f"{row.used:,} of {row.max_uses:,}"
    return CouponLine(
        id=str(row.id),
        code=row.code,
        url=f"/admin/coupons/{row.id}",
        summary=summary(terms, currency),
        standing_text=standing,
        standing_tone=tone,
        is_active=row.standing != "off",
        uses_text=f"{uses} (+{row.held:,} in checkout)" if row.held else uses,
        revenue_text=format_money(row.revenue_minor, currency),
        given_text=format_money(row.given_minor, currency),
        until_iso=row.ends_at.isoformat(),
        until_text=date_text(last),
        made_iso=row.created_at.isoformat(),
        made_text=date_text(row.created_at),
        orders_url="/admin/orders?" + urlencode({"q": row.code}),
    )


def _taken_off(terms: Terms, currency: str) -> str:
    where = _listed(terms.categories)
    if terms.discount_type is DiscountType.FREE_SHIPPING:
        return f"Free delivery of orders with items in {where}" if where else "Free delivery"
    if terms.percent_bp is not None:
        off = f"{percent_text(terms.percent_bp * 100)}% off"
    else:
        off = f"{format_money(terms.amount_minor or 0, currency)} off"
    return f"{off} items in {where}" if where else f"{off} the items"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _example(terms: CouponTerms, minor: int, currency: str) -> CouponExample:
    before = format_money(minor, currency)
    if minor < terms.minimum_subtotal_minor:
        return CouponExample(before, before, "Too small for this coupon")
    if terms.discount_type is DiscountType.FREE_SHIPPING:
        return CouponExample(before, before, "Free delivery")
    taken = discount_of(terms, [Line(minor, frozenset())])
    note = f"{format_money(taken.amount_minor, currency)} off"
    after = format_money(minor - taken.amount_minor, currency)
    return CouponExample(before, after, f"{note}, the most" if taken.held_back_to_minor else note)
