"""Coupons: reading their terms, holding and counting their uses.

A use is taken by one conditional UPDATE of the coupon's row; that row's lock also makes the per-customer count exact.
"""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.coupons import CouponStanding, CouponTerms
from shophub.domain.statuses import DiscountType
from shophub.lib.ids import new_id

CATEGORY_IDS = """
coalesce((SELECT array_agg(k.category_id) FROM coupon_categories k WHERE k.coupon_id = c.id), '{}') AS category_ids
"""

# What the cart's own live checkout holds is not missing for that cart. An account and its address are one customer,
# whether they were signed in or not; an account's address is kept as its key.
FIND_OFFER = f"""
SELECT c.*, {CATEGORY_IDS},
  c.max_uses IS NOT NULL AND c.used + c.held >= c.max_uses AND NOT EXISTS (
    SELECT 1 FROM coupon_redemptions r JOIN checkouts o ON o.id = r.checkout_id
    WHERE :cart_id IN (o.cart_id, o.id) AND r.coupon_id = c.id AND r.state = 'held') AS is_exhausted,
  c.max_uses_per_customer IS NOT NULL AND (
    SELECT count(*) FROM coupon_redemptions r JOIN checkouts o ON o.id = r.checkout_id
    WHERE r.coupon_id = c.id AND r.state <> 'released'
      AND (r.user_id = customer.user_id OR r.email_key = customer.email_key)
      AND (r.state = 'used' OR (:cart_id IN (o.cart_id, o.id)) IS NOT TRUE)) >= c.max_uses_per_customer
    AS is_used_by_customer,
  c.first_order_only AND EXISTS (
    SELECT 1 FROM orders o WHERE o.status <> 'CANCELLED'
      AND (o.user_id = customer.user_id OR o.email_key = customer.email_key)) AS has_ordered_before
FROM coupons c, LATERAL (SELECT CAST(:user_id AS uuid) AS user_id, coalesce(nullif(:email_key, ''),
  (SELECT u.email FROM users u WHERE u.id = CAST(:user_id AS uuid))) AS email_key) customer
WHERE
"""  # noqa: S608 - the pieces are constants of this module

HOLD = text("""
UPDATE coupons SET held = held + 1, updated_at = now()
WHERE id = :coupon_id AND is_active AND (max_uses IS NULL OR used + held < max_uses)
RETURNING max_uses_per_customer, first_order_only
""")

RECORD = text("""
INSERT INTO coupon_redemptions
  (id, coupon_id, code, checkout_id, user_id, email_key, use_number, state, discount_minor, created_at)
SELECT :id, :coupon_id, :code, :checkout_id, CAST(:user_id AS uuid), :email_key,
       coalesce(max(use_number) FILTER (WHERE email_key = :email_key), 0) + 1, 'held', :discount_minor, now()
FROM coupon_redemptions WHERE coupon_id = :coupon_id AND state <> 'released'
  AND (email_key = :email_key OR user_id = CAST(:user_id AS uuid))
HAVING (CAST(:limit AS int) IS NULL OR count(*) < CAST(:limit AS int))
  -- of several checkouts at once only one can become the first order
  AND (NOT :first_order_only OR count(*) = 0 AND NOT EXISTS (
    SELECT 1 FROM orders o WHERE o.status <> 'CANCELLED'
      AND (o.email_key = :email_key OR o.user_id = CAST(:user_id AS uuid))))
RETURNING id
""")


async def find_terms_by_id(session: AsyncSession, coupon_id: UUID) -> CouponTerms | None:
    """Return the coupon's terms."""
    statement = text(f"SELECT c.*, {CATEGORY_IDS} FROM coupons c WHERE c.id = :id")  # noqa: S608
    row = (await session.execute(statement, {"id": coupon_id})).mappings().one_or_none()
    return _terms(row) if row else None


@dataclass(frozen=True)
class CartCustomer:
    """Whom a coupon is offered to: a cart, its account if it has one, and the address where that is known.

    For goods that a program gives, the id of their checkout stands for the cart's.
    """

    cart_id: UUID
    user_id: UUID | None
    email_key: str = ""


async def find_offer(
    session: AsyncSession, coupon: UUID | str, customer: CartCustomer
) -> tuple[CouponTerms, CouponStanding] | None:
    """Return a coupon, by id or by code in any case, with what is left of it for this customer. One statement."""
    condition = "c.id = :coupon" if isinstance(coupon, UUID) else "upper(c.code) = upper(:coupon)"
    values = {"coupon": coupon, **asdict(customer)}
    row = (await session.execute(text(FIND_OFFER + condition), values)).mappings().one_or_none()
    if row is None:
        return None
    standing = {name: bool(row[name]) for name in ("is_exhausted", "is_used_by_customer", "has_ordered_before")}
    return _terms(row), CouponStanding(**standing)


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
        "first_order_only": held.first_order_only,
    }
    return (await session.execute(RECORD, values)).scalar_one_or_none() is not None


async def release_use(
    session: AsyncSession, checkout_id: UUID, *, keep: UUID | None = None, only: UUID | None = None
) -> None:
    """Give back the uses that a checkout holds: all, all but that of the coupon ``keep``, or that of ``only``."""
    await session.execute(
        text("""
        WITH ended AS (
          UPDATE coupon_redemptions SET state = 'released', ended_at = now()
          WHERE checkout_id = :checkout_id AND state = 'held'
            AND (CAST(:keep AS uuid) IS NULL OR coupon_id IS DISTINCT FROM CAST(:keep AS uuid))
            AND (CAST(:only AS uuid) IS NULL OR coupon_id = CAST(:only AS uuid))
          RETURNING coupon_id)
        UPDATE coupons SET held = held - 1, updated_at = now() FROM ended WHERE coupons.id = ended.coupon_id
        """),
        {"checkout_id": checkout_id, "keep": keep, "only": only},
    )


async def count_use(session: AsyncSession, checkout_id: UUID, coupon_id: UUID | None, order_id: UUID) -> bool:
    """Turn the use that a checkout holds into one of its order. False where it holds none (any more).

    What it records as taken off is the order's own discount: the hold may stem from an earlier revision. A coupon that
    was deleted meanwhile (``coupon_id`` None) has no counter any more, but its use still becomes history.
    """
    statement = text("""
        WITH counted AS (
          UPDATE coupon_redemptions r SET state = 'used', order_id = o.id, discount_minor = o.discount_minor,
            ended_at = now()
          FROM orders o
          WHERE o.id = :order_id AND r.checkout_id = :checkout_id AND r.state = 'held'
            AND r.coupon_id IS NOT DISTINCT FROM CAST(:coupon_id AS uuid)
            AND (r.coupon_id IS NOT NULL OR r.code = o.coupon_code)
          RETURNING r.coupon_id),
        moved AS (
          UPDATE coupons SET held = held - 1, used = used + 1, updated_at = now()
          FROM counted WHERE coupons.id = counted.coupon_id)
        SELECT count(*) FROM counted
    """)
    values = {"checkout_id": checkout_id, "coupon_id": coupon_id, "order_id": order_id}
    return int((await session.execute(statement, values)).scalar_one()) > 0


async def count_late_use(
    session: AsyncSession,
    revision_coupon: tuple[UUID | None, str],
    checkout_id: UUID,
    order_id: UUID,
    customer: tuple[UUID | None, str],
) -> None:
    """Count a use that was paid for after its hold had ended: the price was paid, so the limit cannot refuse it."""
    coupon_id, code = revision_coupon
    user_id, email_key = customer
    # A statement of its own: the next one's snapshot has the uses that others counted while this waited for the row.
    counted = text("UPDATE coupons SET used = used + 1, updated_at = now() WHERE id = :coupon_id RETURNING id")
    coupon_id = (await session.execute(counted, {"coupon_id": coupon_id})).scalar_one_or_none()
    await session.execute(
        text("""
        INSERT INTO coupon_redemptions (id, coupon_id, code, checkout_id, order_id, user_id, email_key, use_number,
          state, discount_minor, created_at, ended_at)
        SELECT :id, CAST(:coupon_id AS uuid), :code, :checkout_id, o.id, CAST(:user_id AS uuid), :email_key,
          (SELECT coalesce(max(use_number), 0) + 1 FROM coupon_redemptions r
           WHERE r.coupon_id = CAST(:coupon_id AS uuid) AND r.email_key = :email_key AND r.state <> 'released'),
          'used', o.discount_minor, now(), now()
        FROM orders o WHERE o.id = :order_id
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


async def holds_use(session: AsyncSession, checkout_id: UUID, coupon_id: UUID, email_key: str) -> bool:
    """Return whether a checkout holds a use of this coupon for this customer."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM coupon_redemptions
          WHERE checkout_id = :checkout_id AND coupon_id = :coupon_id AND email_key = :email_key AND state = 'held')
    """)
    values = {"checkout_id": checkout_id, "coupon_id": coupon_id, "email_key": email_key}
    return bool((await session.execute(statement, values)).scalar_one())


async def give_back_use(session: AsyncSession, order_id: UUID) -> None:
    """Give back the use that an order counted, because the order was cancelled. A second call finds none."""
    await session.execute(
        text("""
        WITH ended AS (
          UPDATE coupon_redemptions SET state = 'released', ended_at = now()
          WHERE order_id = :order_id AND state = 'used' RETURNING coupon_id)
        UPDATE coupons SET used = used - 1, updated_at = now() FROM ended WHERE coupons.id = ended.coupon_id
        """),
        {"order_id": order_id},
    )


async def is_beyond_limit(session: AsyncSession, checkout_id: UUID) -> bool:
    """Return whether the use that a checkout holds is one too many for its customer: a guest's account had its own."""
    statement = text("""
        SELECT EXISTS (
          SELECT 1 FROM coupon_redemptions own JOIN coupons c ON c.id = own.coupon_id
          WHERE own.checkout_id = :id AND own.state = 'held' AND (
            SELECT count(*) FROM coupon_redemptions r WHERE r.coupon_id = c.id AND r.state <> 'released'
              AND (r.user_id = own.user_id OR r.email_key = own.email_key))
            > CASE WHEN c.first_order_only THEN least(1, c.max_uses_per_customer) ELSE c.max_uses_per_customer END)
    """)
    return bool((await session.execute(statement, {"id": checkout_id})).scalar_one())
