"""Best sellers are counted from orders that were not cancelled."""

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.models.catalog import Product
from shophub.services.sales import refresh_sold_counts
from tests.factories import make_product

ORDER = text("""
WITH opened AS (
  INSERT INTO checkouts (id, email, email_key, status, currency, opened_at, expires_at)
  VALUES (gen_random_uuid(), 'a@example.com', 'a@example.com', 'completed', 'USD', now(), now()) RETURNING id),
placed AS (
  INSERT INTO orders (id, checkout_id, email, email_key, status, currency, subtotal_minor, total_minor,
    shipping_address, placed_at)
  SELECT gen_random_uuid(), id, 'a@example.com', 'a@example.com', :status, 'USD', 100, 100, '{}', now()
  FROM opened RETURNING id)
INSERT INTO order_lines (id, order_id, position, product_id, name, sku, options, quantity, price_minor, total_minor)
SELECT gen_random_uuid(), id, 0, :product_id, 'Thing', 'SKU', '{}', :quantity, 100, 100 FROM placed
""")


async def test_counts_follow_orders_and_leave_out_cancelled_ones(session: AsyncSession) -> None:
    sold = await make_product(session)
    unsold = await make_product(session, sold_count=7)
    settled = await make_product(session)
    for status, quantity in (("PROCESSING", 2), ("DELIVERED", 3), ("CANCELLED", 90)):
        await session.execute(ORDER, {"status": status, "product_id": sold.id, "quantity": quantity})

    assert await refresh_sold_counts(session) == 2
    assert await refresh_sold_counts(session) == 0

    counts = [await _sold_count(session, product) for product in (sold, unsold, settled)]
    assert counts == [5, 0, 0]


async def _sold_count(session: AsyncSession, product: Product) -> int:
    await session.refresh(product)
    return product.sold_count
