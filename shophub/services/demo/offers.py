"""The demo store's coupons."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shophub.domain.coupons import CouponTerms
from shophub.domain.statuses import DiscountType
from shophub.services.demo.chance import demo_id

TECH_CATEGORY = "electronics"
AGE, REMAINING = timedelta(days=400), timedelta(days=5 * 365)


def coupon_id(code: str, now: datetime) -> UUID:
    """Return the id of a coupon."""
    return demo_id("coupon", code, now - AGE)


def january(now: datetime) -> tuple[datetime, datetime]:
    """Return the present January or else the next, from its first moment to February's (UTC)."""
    year = now.year if now.month == 1 else now.year + 1
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year, 2, 1, tzinfo=UTC)


def coupon_rows(used: dict[str, int], now: datetime) -> list[dict[str, Any]]:
    """Return the coupons; ``used`` says how many orders each went into."""
    percentage, fixed, shipping = DiscountType.PERCENTAGE, DiscountType.FIXED, DiscountType.FREE_SHIPPING
    always = (now - AGE, now + REMAINING)
    # Code, description, type, basis points, amount, minimum, uses, validity.
    coupons = (
        ("WELCOME10", "10% off to say hello", percentage, 1_000, None, 0, None, always),
        ("SAVE10", "10% off everything", percentage, 1_000, None, 0, None, always),
        ("SAVE50", "$50 off orders from $200", fixed, None, 5_000, 20_000, 10, always),
        ("NEWYEAR20", "20% off orders from $100 in January", percentage, 2_000, None, 10_000, 50, january(now)),
        ("TECH25", "25% off Electronics from $50", percentage, 2_500, None, 5_000, 100, always),
        ("FREESHIP", "Free shipping", shipping, None, None, 0, None, always),
    )
    return [
        {
            "id": coupon_id(code, now),
            "code": code,
            "description": description,
            "discount_type": kind.value,
            "percent_bp": percent_bp,
            "amount_minor": amount_minor,
            "minimum_subtotal_minor": minimum_minor,
            "max_uses": max_uses,
            "used": used.get(code, 0),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "created_at": now - AGE,
            "updated_at": now - AGE,
        }
        for code, description, kind, percent_bp, amount_minor, minimum_minor, max_uses, (starts_at, ends_at) in coupons
    ]


def coupon_terms(category_ids: dict[str, UUID], now: datetime) -> dict[str, CouponTerms]:
    """Return each coupon's terms by its code, as pricing wants them."""
    return {
        row["code"]: CouponTerms(
            id=str(row["id"]),
            code=row["code"],
            discount_type=DiscountType(row["discount_type"]),
            percent_bp=row["percent_bp"] or 0,
            amount_minor=row["amount_minor"] or 0,
            minimum_subtotal_minor=row["minimum_subtotal_minor"],
            maximum_discount_minor=None,
            category_ids=frozenset({str(category_ids[TECH_CATEGORY])} if row["code"] == "TECH25" else ()),
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
        )
        for row in coupon_rows({}, now)
    }


def coupon_category_rows(category_ids: dict[str, UUID], now: datetime) -> list[dict[str, Any]]:
    """Return which categories coupons are limited to."""
    return [{"coupon_id": coupon_id("TECH25", now), "category_id": category_ids[TECH_CATEGORY]}]
