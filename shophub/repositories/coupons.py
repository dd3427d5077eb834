"""Coupons: reading their terms, holding and counting their uses.

A use is taken by one conditional UPDATE of the coupon's row; that row's lock also makes the per-customer count exact.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.coupons import CouponTerms
from shophub.domain.statuses import DiscountType
from shophub.lib.ids import new_id

FIND = """
SELECT c.*, coalesce((SELECT array_agg(k.category_id) FROM coupon_categories k WHERE k.coupon_id = c.id), '{}')
  AS category_ids
FROM coupons c WHERE
"""

HOLD = text("""
UPDATE coupons SET held = held + 1, updated_at = now()
WHERE id = :coupon_id AND is_active AND (max_uses IS NULL OR used + held < max_uses)
RETURNING max_uses_per_customer
""")

RECORD = text("""
INSERT INTO coupon_redemptions
  (id, coupon_id, code, checkout_id, user_id, email_key, use_number, state, discount_minor, created_at)
SELECT :id, :coupon_id, :code, :checkout_id, CAST(:user_id AS uuid), :email_key,
       coalesce(max(use_number) FILTER (WHERE email_key = :email_key), 0) + 1, 'held', :discount_minor, now()
FROM coupon_redemptions WHERE coupon_id = :coupon_id AND state <> 'released'
  AND (email_key = :email_key OR user_id = CAST(:user_id AS uuid))
HAVING CAST(:limit AS int) IS NULL OR count(*) < CAST(:limit AS int)
RETURNING id
""")


async def find_terms_by_id(session: AsyncSession, coupon_id: UUID) -> CouponTerms | None:
    """Return the coupon's terms."""
    row = (await session.execute(text(FIND + "c.id = :id"), {"id": coupon_id})).mappings().one_or_none()
    return _terms(row) if row else None


async def find_terms_by_code(session: AsyncSession, code: str) -> CouponTerms | None:
    """Return the terms of the coupon with this code; case does not matter."""
    statement = text(FIND + "upper(c.code) = upper(:code)")
    row = (await session.execute(statement, {"code": code.strip()})).mappings().one_or_none()
    return _terms(row) if row else None


def _terms(row: Any) -> CouponTerms:
    return CouponTerms(
        id=str(row["id"]),
        code=row["code"],
        discount_type=DiscountType(row["discount_type"]),
        percent_bp=row["percent_bp"] or 0,
        amount_minor=row["amount_minor"] or 0,
        minimum_subtotal_minor=row["minimum_subtotal_minor"],
        maximum_discount_minor=row["maximum_discount_minor"],
        category_ids=frozenset(str(category_id) for category_id in row["category_ids"]),
        first_order_only=row["first_order_only"],
        is_active=row["is_active"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        is_exhausted=row["max_uses"] is not None and row["used"] + row["held"] >= row["max_uses"],
    )


async def hold_use(
    session: AsyncSession,
    terms: CouponTerms,
    *,
    checkout_id: UUID,
    user_id: UUID | None,
    email_key: str,
    discount_minor: int,
) -> bool:
    """Hold one use for a checkout; False where the coupon or the customer has none left.

    On False the caller rolls back, which also gives back the count taken here.
    """
    coupon_id = UUID(terms.id)
    held = (await session.execute(HOLD, {"coupon_id": coupon_id})).one_or_none()
    if held is None:
        return False
    values = {
        "id": new_id(),
        "coupon_id": coupon_id,
        "code": terms.code,
        "checkout_id": checkout_id,
        "user_id": user_id,
        "email_key": email_key,
        "discount_minor": discount_minor,
        "limit": held.max_uses_per_customer,
    }
    return (await session.execute(RECORD, values)).scalar_one_or_none() is not None


async def release_use(session: AsyncSession, checkout_id: UUID, *, keep: UUID | None = None) -> None:
    """Give back the uses that a checkout holds, but for that of the coupon ``keep``."""
    await session.execute(
        text("""
        WITH ended AS (
          UPDATE coupon_redemptions SET state = 'released', ended_at = now()
          WHERE checkout_id = :checkout_id AND state = 'held' AND coupon_id IS DISTINCT FROM CAST(:keep AS uuid)
          RETURNING coupon_id)
        UPDATE coupons SET held = held - 1, updated_at = now() FROM ended WHERE coupons.id = ended.coupon_id
        """),
        {"checkout_id": checkout_id, "keep": keep},
    )


async def count_use(session: AsyncSession, checkout_id: UUID, coupon_id: UUID, order_id: UUID) -> bool:
    """Turn the use that a checkout holds into one of its order. False where it holds none (any more)."""
    statement = text("""
        WITH counted AS (
          UPDATE coupon_redemptions SET state = 'used', order_id = :order_id, ended_at = now()
          WHERE checkout_id = :checkout_id AND coupon_id = :coupon_id AND state = 'held' RETURNING coupon_id)
        UPDATE coupons SET held = held - 1, used = used + 1, updated_at = now()
        FROM counted WHERE coupons.id = counted.coupon_id RETURNING coupons.id
    """)
    values = {"checkout_id": checkout_id, "coupon_id": coupon_id, "order_id": order_id}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def count_late_use(
    session: AsyncSession,
    revision_coupon: tuple[UUID, str],
    checkout_id: UUID,
    order_id: UUID,
    customer: tuple[UUID | None, str],
) -> None:
    """Count a use that was paid for after its hold had ended: the price was paid, so the limit cannot refuse it."""
    coupon_id, code = revision_coupon
    user_id, email_key = customer
    await session.execute(
        text("""
        WITH counted AS (UPDATE coupons SET used = used + 1, updated_at = now() WHERE id = :coupon_id RETURNING id)
        INSERT INTO coupon_redemptions
          (id, coupon_id, code, checkout_id, order_id, user_id, email_key, use_number, state, created_at, ended_at)
        SELECT :id, counted.id, :code, :checkout_id, :order_id, CAST(:user_id AS uuid), :email_key,
          (SELECT coalesce(max(use_number), 0) + 1 FROM coupon_redemptions r
           WHERE r.coupon_id = counted.id AND r.email_key = :email_key AND r.state <> 'released'), 'used', now(), now()
        FROM counted
        """),
        {
            "id": new_id(),
            "coupon_id": coupon_id,
            "code": code,
            "checkout_id": checkout_id,
            "order_id": order_id,
            "user_id": user_id,
            "email_key": email_key,
        },
    )


async def release_held(session: AsyncSession, checkout_id: UUID, coupon_id: UUID) -> None:
    """Give back the use of one coupon that a checkout holds, if it does."""
    await session.execute(
        text("""
        WITH ended AS (
          UPDATE coupon_redemptions SET state = 'released', ended_at = now()
          WHERE checkout_id = :checkout_id AND coupon_id = :coupon_id AND state = 'held' RETURNING coupon_id)
        UPDATE coupons SET held = held - 1, updated_at = now() FROM ended WHERE coupons.id = ended.coupon_id
        """),
        {"checkout_id": checkout_id, "coupon_id": coupon_id},
    )


async def holds_use(session: AsyncSession, checkout_id: UUID, coupon_id: UUID, email_key: str) -> bool:
    """Return whether a checkout holds a use of this coupon for this customer."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM coupon_redemptions
          WHERE checkout_id = :checkout_id AND coupon_id = :coupon_id AND email_key = :email_key AND state = 'held')
    """)
    values = {"checkout_id": checkout_id, "coupon_id": coupon_id, "email_key": email_key}
    return bool((await session.execute(statement, values)).scalar_one())


async def cart_holds_use(session: AsyncSession, cart_id: UUID) -> bool:
    """Return whether the cart's own checkout holds a use."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM coupon_redemptions r JOIN checkouts c ON c.id = r.checkout_id
          WHERE c.cart_id = :cart_id AND r.state = 'held')
    """)
    return bool((await session.execute(statement, {"cart_id": cart_id})).scalar_one())
