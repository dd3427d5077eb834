"""Every amount of the shop that stands for the future: prices, fixed coupons, what carts and wishlists remember.

Orders, payments and revisions of checkouts have a currency of their own and keep it.
"""

import re
from dataclasses import dataclass

from sqlalchemy import text

from shophub.db import AsyncSession

# Half up; what is above zero stays above zero, as the database demands of prices. The same as ``money.rescale``.
_SCALED = (
    r"CASE WHEN \1 > 0 THEN greatest(1, (\1 * CAST(:multiplier AS bigint) * 2 + CAST(:divisor AS bigint))"
    r" / (CAST(:divisor AS bigint) * 2)) ELSE \1 END"
)
# Rounding can make a former price meet the present one: then nothing is reduced any more.
_CHANGES = """
UPDATE variants SET price_minor = scaled(price_minor), version = version + 1, updated_at = now(),
  compare_at_minor = CASE WHEN scaled(compare_at_minor) > scaled(price_minor) THEN scaled(compare_at_minor) END;
UPDATE products SET version = version + 1, updated_at = now();
UPDATE coupons SET amount_minor = scaled(amount_minor), minimum_subtotal_minor = scaled(minimum_subtotal_minor),
  maximum_discount_minor = scaled(maximum_discount_minor);
UPDATE cart_lines SET added_price_minor = scaled(added_price_minor);
UPDATE wishlist_items SET added_price_minor = scaled(added_price_minor)
"""
# In the order in which everybody locks products and variants, before anything is written.
_LOCKS = (
    "SELECT count(*) FROM (SELECT 1 FROM products ORDER BY id FOR NO KEY UPDATE) locked",
    "SELECT count(*) FROM (SELECT 1 FROM variants ORDER BY id FOR NO KEY UPDATE) locked",
)
_STATEMENTS = tuple(re.sub(r"scaled\((\w+)\)", _SCALED, _CHANGES).split(";"))


@dataclass(frozen=True)
class Extent:
    """What a change of the currency would touch: all prices, coupons with amounts, checkouts that are under way."""

    prices: int
    coupons: int
    checkouts: int


async def get_extent(session: AsyncSession) -> Extent:
    """Return how much there is to change, and what is in the way."""
    statement = text("""
        SELECT (SELECT count(*) FROM variants),
          (SELECT count(*) FROM coupons
           WHERE coalesce(amount_minor, maximum_discount_minor, nullif(minimum_subtotal_minor, 0)) IS NOT NULL),
          (SELECT count(*) FROM checkouts WHERE status IN ('open', 'processing'))
    """)
    return Extent(*(await session.execute(statement)).one())


async def rescale(session: AsyncSession, multiplier: int, divisor: int) -> None:
    """Rewrite every amount. A large catalog takes longer than a statement usually may."""
    await session.execute(text("SET LOCAL statement_timeout = '10min'"))
    for statement in _LOCKS:
        await session.execute(text(statement))
    for statement in _STATEMENTS:
        await session.execute(text(statement), {"multiplier": multiplier, "divisor": divisor})
