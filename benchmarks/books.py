"""What the watch over the books takes once there are many orders: a full pass, and one over what changed lately."""

import asyncio
from time import perf_counter

from sqlalchemy import text

from benchmarks.report import Row
from benchmarks.shop import clean_database
from shophub.db import close_database, get_database, transaction
from shophub.services.invariants import check_and_record

ORDERS = 100_000
VARIANTS = 1_000

# An order of two different variants every five minutes, each as often as any other; a twentieth refunded in part.
FILL = (
    """
    CREATE FUNCTION pg_temp.key(kind text, i bigint, at timestamptz) RETURNS uuid LANGUAGE sql AS $$
      SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM at) * 1000 AS bigint)), 12, '0') || '7'
        || substr(md5(kind || i), 1, 3) || '8' || substr(md5(kind || i), 4, 15) AS uuid) $$""",
    """
    CREATE TEMPORARY TABLE sale AS
    SELECT i, now() - (:orders - i) * interval '5 minutes' AS at, i % :variants AS one, (i * 7 + 3) % :variants AS other
    FROM generate_series(1, :orders) AS i""",
    "INSERT INTO categories (id, name, slug) VALUES (gen_random_uuid(), 'Books', 'books')",
    """
    INSERT INTO products (id, name, slug, category_id, status)
    SELECT pg_temp.key('product', i, now()), 'Thing ' || i, 'thing-' || i,
      (SELECT id FROM categories WHERE slug = 'books'), 'active' FROM generate_series(0, :variants - 1) AS i""",
    """
    INSERT INTO variants (id, product_id, sku, price_minor, stock)
    SELECT pg_temp.key('variant', i, now()), pg_temp.key('product', i, now()), 'THING-' || i, 2000,
      1000000 - 2 * :orders / :variants FROM generate_series(0, :variants - 1) AS i""",
    """
    INSERT INTO stock_ledger (variant_id, delta, reason)
    SELECT pg_temp.key('variant', i, now()), 1000000, 'initial' FROM generate_series(0, :variants - 1) AS i""",
    """
    INSERT INTO checkouts (id, email, email_key, status, currency, opened_at, expires_at, stripe_payment_intent_id)
    SELECT pg_temp.key('checkout', i, at), 'a@example.com', 'a@example.com', 'completed', 'USD', at, at, 'pi_' || i
    FROM sale""",
    """
    INSERT INTO checkout_revisions
      (id, checkout_id, number, currency, total_minor, lines, quote, shipping_address, email)
    SELECT pg_temp.key('revision', i, at), pg_temp.key('checkout', i, at), 1, 'USD', 4000,
      (SELECT jsonb_agg(jsonb_build_object('variant_id', pg_temp.key('variant', v, now()), 'sku', 'THING-' || v,
        'name', 'Thing ' || v, 'quantity', 1, 'price_minor', 2000, 'discount_minor', 0, 'tax_minor', 0,
        'total_minor', 2000) ORDER BY place) FROM unnest(ARRAY[one, other]) WITH ORDINALITY AS w(v, place)),
      '{"subtotal_minor": 4000, "discount_minor": 0, "shipping_minor": 0, "shipping_tax_minor": 0, "tax_minor": 0,
        "total_minor": 4000, "tax_included": false}', '{}', 'a@example.com' FROM sale""",
    """
    INSERT INTO orders (id, number, checkout_id, email, email_key, status, payment_status, currency, subtotal_minor,
      total_minor, refunded_minor, shipping_address, placed_at)
    SELECT pg_temp.key('order', i, at), 1000 + i, pg_temp.key('checkout', i, at), 'a@example.com', 'a@example.com',
      'DELIVERED', CASE WHEN i % 20 = 0 THEN 'PARTIALLY_REFUNDED' ELSE 'PAID' END, 'USD', 4000, 4000,
      CASE WHEN i % 20 = 0 THEN 2000 ELSE 0 END, '{}', at FROM sale""",
    """
    INSERT INTO order_lines (id, order_id, position, variant_id, name, sku, options, quantity, price_minor, total_minor,
      refunded_quantity, refunded_minor)
    SELECT pg_temp.key('line' || place, i, at), pg_temp.key('order', i, at), place - 1,
      pg_temp.key('variant', v, now()), 'Thing ' || v, 'THING-' || v, '{}', 1, 2000, 2000,
      CASE WHEN place = 1 AND i % 20 = 0 THEN 1 ELSE 0 END, CASE WHEN place = 1 AND i % 20 = 0 THEN 2000 ELSE 0 END
    FROM sale, unnest(ARRAY[one, other]) WITH ORDINALITY AS w(v, place)""",
    """
    INSERT INTO order_events (id, order_id, type, created_at)
    SELECT pg_temp.key(kind, i, at), pg_temp.key('order', i, at), kind, at + place * interval '1 second'
    FROM sale, unnest(ARRAY['placed', 'paid', 'shipped', 'delivered', 'refunded']) WITH ORDINALITY AS w(kind, place)
    WHERE kind <> 'refunded' OR i % 20 = 0""",
    """
    INSERT INTO shipments (id, order_id, shipped_at, delivered_at)
    SELECT pg_temp.key('parcel', i, at), pg_temp.key('order', i, at), at, at FROM sale""",
    """
    INSERT INTO payments (id, order_id, stripe_payment_intent_id, revision, amount_minor, currency, refunded_minor)
    SELECT pg_temp.key('payment', i, at), pg_temp.key('order', i, at), 'pi_' || i, 1, 4000, 'USD',
      CASE WHEN i % 20 = 0 THEN 2000 ELSE 0 END FROM sale""",
    """
    INSERT INTO refunds (id, payment_id, order_id, amount_minor, currency, status)
    SELECT pg_temp.key('refund', i, at), pg_temp.key('payment', i, at), pg_temp.key('order', i, at), 2000, 'USD',
      'succeeded' FROM sale WHERE i % 20 = 0""",
    """
    INSERT INTO refund_lines (id, refund_id, order_line_id, quantity, amount_minor)
    SELECT pg_temp.key('part', i, at), pg_temp.key('refund', i, at), pg_temp.key('line1', i, at), 1, 2000
    FROM sale WHERE i % 20 = 0""",
    """
    INSERT INTO stock_ledger (variant_id, delta, reason, reference, created_at)
    SELECT pg_temp.key('variant', v, now()), -1, 'order', 'SH-' || 1000 + i, at
    FROM sale, unnest(ARRAY[one, other]) AS v ORDER BY i""",
)
TABLES = (
    "checkouts, checkout_revisions, orders, order_lines, order_events, shipments, payments, refunds, refund_lines,"
    " stock_ledger, variants"
)


def measure(server: str) -> list[Row]:
    """Fill a database with orders and check them all; then those of the last day."""
    with clean_database(server, "books"):
        return asyncio.run(_measure())


async def _measure() -> list[Row]:
    await fill()
    rows = []
    for name, lately in ((f"all rules over {ORDERS:,} orders", False), ("all rules over what changed lately", True)):
        began = perf_counter()
        async with transaction() as session:
            violations = await check_and_record(session, lately=lately)
        taken = perf_counter() - began
        if violations:
            raise RuntimeError(f"The benchmark's own books do not balance: {violations}")
        async with transaction() as session:
            slowest = (
                await session.execute(
                    text("SELECT name, milliseconds FROM invariant_checks ORDER BY milliseconds DESC LIMIT 1")
                )
            ).one()
        rows.append(Row(name, f"{taken * 1000:.0f} ms", f"slowest, {slowest.milliseconds} ms: {slowest.name}"))
    await close_database()
    return rows


async def fill() -> None:
    """Write the orders and all that belongs to them."""
    async with transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in FILL:
            named = {"orders": ORDERS, "variants": VARIANTS}
            used = {name: value for name, value in named.items() if f":{name}" in statement}
            await session.execute(text(statement), used)
    async with get_database().engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text(f"VACUUM ANALYZE {TABLES}"))
