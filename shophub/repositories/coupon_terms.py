"""Writing coupons, and reading them as admins do. Their uses are counted in ``repositories/coupons.py``."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession, savepoint
from shophub.domain.statuses import DiscountType
from shophub.lib.ids import new_id
from shophub.lib.pagination import COUNTED_TO
from shophub.schemas.coupons import CouponForm, CouponView

# Counting on is not worth it: "at least so many" is said then.
COUNT_LIMIT = COUNTED_TO
COLUMNS = """
SELECT c.*, coalesce((SELECT array_agg(g.slug ORDER BY g.slug) FROM coupon_categories k
  JOIN categories g ON g.id = k.category_id WHERE k.coupon_id = c.id), '{}') AS categories
"""
READ = f"{COLUMNS} FROM coupons c WHERE c.id = :id "
NARROWED = """
FROM coupons c WHERE (:pattern = '' OR c.code ILIKE :pattern OR c.description ILIKE :pattern)
  AND (CAST(:is_active AS boolean) IS NULL OR c.is_active = CAST(:is_active AS boolean))
"""
PAGE = text(f"{COLUMNS} {NARROWED} ORDER BY c.created_at DESC, c.id DESC LIMIT :limit OFFSET :offset")
COUNT = text(f"SELECT count(*) FROM (SELECT 1 {NARROWED} LIMIT {COUNT_LIMIT + 1}) counted")  # noqa: S608 - constants

INSERT = text("""
INSERT INTO coupons (id, code, description, discount_type, percent_bp, amount_minor, minimum_subtotal_minor,
  maximum_discount_minor, max_uses, max_uses_per_customer, first_order_only, starts_at, ends_at, is_active)
VALUES (:id, :code, :description, :discount_type, :percent_bp, :amount_minor, :minimum_subtotal_minor,
  :maximum_discount_minor, :max_uses, :max_uses_per_customer, :first_order_only, :starts_at, :ends_at, :is_active)
ON CONFLICT DO NOTHING RETURNING id
""")

INSERT_MANY = text("""
WITH made AS (
  INSERT INTO coupons (id, code, description, discount_type, percent_bp, amount_minor, minimum_subtotal_minor,
    maximum_discount_minor, max_uses, max_uses_per_customer, first_order_only, starts_at, ends_at, is_active)
  SELECT n.id, n.code, :description, :discount_type, :percent_bp, :amount_minor, :minimum_subtotal_minor,
    :maximum_discount_minor, :max_uses, :max_uses_per_customer, :first_order_only, :starts_at, :ends_at, :is_active
  FROM unnest(CAST(:ids AS uuid[]), CAST(:codes AS text[])) AS n(id, code)
  ON CONFLICT DO NOTHING RETURNING id, code),
limited AS (
  INSERT INTO coupon_categories (coupon_id, category_id)
  SELECT made.id, c.id FROM made CROSS JOIN unnest(CAST(:category_ids AS uuid[])) AS c(id))
SELECT code FROM made ORDER BY id
""")

# The clock's time, because holds that came first are over once this has the row.
UPDATE = text("""
UPDATE coupons SET code = :code, description = :description, discount_type = :discount_type,
  percent_bp = :percent_bp, amount_minor = :amount_minor, minimum_subtotal_minor = :minimum_subtotal_minor,
  maximum_discount_minor = :maximum_discount_minor, max_uses = :max_uses,
  max_uses_per_customer = :max_uses_per_customer,
  limits_set_at = CASE WHEN (max_uses, max_uses_per_customer) IS DISTINCT FROM
    (CAST(:max_uses AS int), CAST(:max_uses_per_customer AS int)) THEN clock_timestamp() ELSE limits_set_at END,
  first_order_only = :first_order_only,
  starts_at = :starts_at, ends_at = :ends_at, is_active = :is_active, updated_at = now()
WHERE id = :id
""")

CATEGORIES = text("""
WITH gone AS (
  DELETE FROM coupon_categories WHERE coupon_id = :id AND NOT category_id = ANY(CAST(:category_ids AS uuid[])))
INSERT INTO coupon_categories (coupon_id, category_id)
SELECT :id, category_id FROM unnest(CAST(:category_ids AS uuid[])) AS category_id ON CONFLICT DO NOTHING
""")

# What names a coupon, in the order of all locks. A checkout may be paid as it was started, with a coupon that is no
# longer in its cart.
NAMING = (
    ("carts", "coupon_id = :id"),
    ("checkouts", """status IN ('open', 'processing') AND id IN (
        SELECT checkout_id FROM checkout_revisions WHERE coupon_id = :id
        UNION SELECT checkout_id FROM coupon_redemptions WHERE coupon_id = :id AND state = 'held')"""),
    ("orders", "coupon_id = :id"),
    ("coupon_redemptions", "coupon_id = :id AND state <> 'released'"),
)  # fmt: skip


async def find(session: AsyncSession, coupon_id: UUID, *, lock: bool = False) -> CouponView | None:
    """Return a coupon. ``lock`` keeps others from changing its terms, and from taking uses, meanwhile."""
    statement = text(READ + ("FOR NO KEY UPDATE OF c" if lock else ""))
    row = (await session.execute(statement, {"id": coupon_id})).mappings().one_or_none()
    return None if row is None else _view(row)


async def count(session: AsyncSession, q: str, is_active: bool | None) -> int:
    """Return how many coupons have ``q`` in their code or description; at most one more than ``COUNT_LIMIT``."""
    return int((await session.execute(COUNT, {"pattern": _pattern(q), "is_active": is_active})).scalar_one())


async def list_page(
    session: AsyncSession, q: str, is_active: bool | None, *, limit: int, offset: int
) -> list[CouponView]:
    """Return coupons, the newest first. One statement, however many there are."""
    values = {"pattern": _pattern(q), "is_active": is_active, "limit": limit, "offset": offset}
    return [_view(row) for row in (await session.execute(PAGE, values)).mappings()]


async def find_category_ids(session: AsyncSession, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the categories that exist, by slug."""
    statement = text("SELECT slug, id FROM categories WHERE slug = ANY(:slugs)")
    return {row.slug: row.id for row in await session.execute(statement, {"slugs": list(slugs)})}


async def insert(session: AsyncSession, form: CouponForm, categories: Mapping[str, UUID]) -> UUID | None:
    """Store a coupon; None where the code is taken."""
    coupon_id: UUID | None = (await session.execute(INSERT, {"id": new_id(), **_columns(form)})).scalar_one_or_none()
    if coupon_id is not None:
        await _set_categories(session, coupon_id, categories)
    return coupon_id


async def insert_many(
    session: AsyncSession, form: CouponForm, codes: Sequence[str], categories: Mapping[str, UUID]
) -> list[str]:
    """Store a coupon per code, all with the same terms; returns the codes that were free. One statement."""
    values = {
        **_columns(form),
        "ids": [new_id() for _ in codes],
        "codes": sorted(codes),  # in one order, so that two who make the same codes wait for each other once
        "category_ids": list(categories.values()),
    }
    return list((await session.execute(INSERT_MANY, values)).scalars())


async def update(session: AsyncSession, coupon_id: UUID, form: CouponForm, categories: Mapping[str, UUID]) -> bool:
    """Give a coupon other terms; False where another one has the code. Its counters are not touched."""
    try:
        async with savepoint(session):
            await session.execute(UPDATE, {"id": coupon_id, **_columns(form)})
    except IntegrityError as error:
        if "uq_coupons_code_upper" not in str(error.orig):
            raise
        return False
    await _set_categories(session, coupon_id, categories)
    return True


async def set_active(session: AsyncSession, coupon_id: UUID, is_active: bool) -> bool:
    """Switch a coupon on or off; False where there is none."""
    statement = text("UPDATE coupons SET is_active = :is_active, updated_at = now() WHERE id = :id RETURNING id")
    values = {"id": coupon_id, "is_active": is_active}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def delete(session: AsyncSession, coupon_id: UUID) -> bool:
    """Delete a coupon; False where there is none. Redemptions, orders and revisions keep its code.

    The database takes the coupon out of the rows that name it, which locks them. Whoever uses a coupon has locked its
    cart, checkout, order or redemption before the coupon, so these are locked first here too, and nobody deadlocks.
    """
    values = {"id": coupon_id}
    for table, condition in NAMING:
        statement = f"SELECT 1 FROM {table} WHERE {condition} ORDER BY id FOR NO KEY UPDATE"  # noqa: S608 - ours
        await session.execute(text(statement), values)
    deleted = await session.execute(text("DELETE FROM coupons WHERE id = :id RETURNING id"), values)
    return deleted.scalar_one_or_none() is not None


async def _set_categories(session: AsyncSession, coupon_id: UUID, categories: Mapping[str, UUID]) -> None:
    await session.execute(CATEGORIES, {"id": coupon_id, "category_ids": list(categories.values())})


def _columns(form: CouponForm) -> dict[str, Any]:
    return {
        "code": form.code,
        "description": form.description,
        "discount_type": form.discount_type.value,
        "percent_bp": form.percent_bp,
        "amount_minor": form.amount_minor,
        "minimum_subtotal_minor": form.minimum_amount,
        "maximum_discount_minor": form.max_amount,
        "max_uses": form.max_uses,
        "max_uses_per_customer": form.max_uses_per_customer,
        "first_order_only": form.first_order_only,
        "starts_at": form.start_date,
        "ends_at": form.end_date,
        "is_active": form.is_active,
    }


def _pattern(q: str) -> str:
    return "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" if q else ""


def _view(row: RowMapping) -> CouponView:
    values: dict[str, Any] = {name: row[name] for name in CouponView.__dataclass_fields__}
    values |= {
        "id": str(row["id"]),
        "discount_type": DiscountType(row["discount_type"]),
        "categories": tuple(row["categories"]),
    }
    return CouponView(**values)
