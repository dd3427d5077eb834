"""A year of orders in the big shop, with everything that an order leaves behind."""

# What became of an order. Newer ones have not come as far.
_FATE = """
CASE WHEN s.days_ago < 1 AND s.i % 9 = 0 THEN 'pending' WHEN s.luck < 0.03 THEN 'cancelled'
  WHEN s.days_ago < 2 THEN 'processing' WHEN s.days_ago < 7 THEN 'shipped'
  WHEN s.luck < 0.04 THEN 'given back' WHEN s.luck < 0.08 THEN 'partly back' ELSE 'delivered' END
"""
_REFUNDED = "f.fate IN ('cancelled', 'given back', 'partly back')"
SALES = (
    f"""
    CREATE TEMPORARY TABLE sale AS
    SELECT s.*, {_FATE} AS fate, pg_temp.at_key(s.at) AS id, pg_temp.at_key(s.at) AS checkout_id,
      pg_temp.at_key(s.at) AS payment_id, pg_temp.at_key(s.at) AS refund_id, p.id AS user_id,
      coalesce(p.email, 'guest-' || s.i % 20000 || '@example.com') AS email,
      jsonb_build_object('full_name', coalesce(p.full_name, 'Guest ' || s.i % 20000), 'address', '1 Market Street',
        'address2', '', 'city', 'San Francisco', 'state', 'CA', 'zip_code', '94105', 'country',
        (ARRAY['US', 'US', 'US', 'CA', 'DE'])[1 + s.i % 5], 'phone', '') AS address,
      c.id AS coupon_id, c.code AS coupon_code
    FROM (
      SELECT i, pg_temp.chance(i, 20) AS luck, 365.0 * (:orders - i) / :orders AS days_ago,
        now() - (:orders - i) * (interval '365 days' / :orders) AS at FROM generate_series(1, :orders) i) s
    LEFT JOIN person p ON pg_temp.chance(s.i, 21) < 0.7
      AND p.i = 21 + floor(:customers * power(pg_temp.chance(s.i, 22), 2))::int
    LEFT JOIN offer c ON pg_temp.chance(s.i, 23) < 0.1
      AND c.i = 1 + 5 * floor(:coupons / 5 * power(pg_temp.chance(s.i, 24), 3))::int""",  # noqa: S608 - constants
    """
    CREATE TEMPORARY TABLE item AS
    SELECT s.i, nth.place, pg_temp.at_key(s.at) AS id, v.id AS variant_id, v.product_id, v.name, v.sku, v.option_values,
      v.price_minor, q.quantity, v.price_minor * q.quantity AS gross_minor,
      CASE WHEN s.coupon_id IS NULL THEN 0 ELSE v.price_minor * q.quantity / 10 END AS discount_minor,
      CASE WHEN s.fate IN ('cancelled', 'given back') THEN q.quantity
        WHEN s.fate = 'partly back' AND nth.place = 0 THEN 1 ELSE 0 END AS back
    FROM sale s CROSS JOIN LATERAL generate_series(0, s.i % 4) AS nth(place)
    CROSS JOIN (SELECT count(*) AS n FROM ware) w
    JOIN ware v ON v.n = (floor(w.n * power(pg_temp.chance(s.i, 25), 3))::bigint + nth.place * 7919) % w.n
    CROSS JOIN LATERAL (SELECT 1 + (pg_temp.chance(4 * s.i + nth.place, 26) < 0.25)::int AS quantity) q""",
    """
    CREATE TEMPORARY TABLE sums AS
    SELECT i, sum(gross_minor)::bigint AS subtotal_minor, sum(discount_minor)::bigint AS discount_minor,
      sum((gross_minor - discount_minor) / quantity * back)::bigint AS back_minor,
      jsonb_agg(jsonb_build_object('variant_id', variant_id, 'product_id', product_id, 'sku', sku, 'name', name,
        'quantity', quantity, 'price_minor', price_minor, 'discount_minor', discount_minor, 'tax_minor', 0,
        'total_minor', gross_minor - discount_minor) ORDER BY place) AS lines
    FROM item GROUP BY i""",
    """
    CREATE TEMPORARY TABLE bill AS
    SELECT f.*, s.lines, s.subtotal_minor, s.discount_minor, s.subtotal_minor - s.discount_minor + 500 AS total_minor,
      CASE WHEN f.fate IN ('cancelled', 'given back') THEN s.subtotal_minor - s.discount_minor + 500
        ELSE s.back_minor END AS refunded_minor,
      least(f.at + interval '1 day', now()) AS shipped_at, least(f.at + interval '4 days', now()) AS delivered_at,
      least(f.at + CASE WHEN f.fate = 'cancelled' THEN 2 ELSE 150 END * interval '1 hour', now()) AS returned_at
    FROM sale f JOIN sums s USING (i)""",
    "ANALYZE bill, item",
    """
    INSERT INTO checkouts (id, user_id, email, email_key, status, currency, opened_at, expires_at, ended_at, created_at,
      updated_at, stripe_payment_intent_id)
    SELECT checkout_id, user_id, email, email, 'completed', 'USD', at, at + interval '30 minutes', at, at, at,
      'pi_' || i FROM bill ORDER BY i""",
    """
    INSERT INTO checkout_revisions
      (id, checkout_id, number, currency, total_minor, lines, quote, shipping_address, coupon_id, coupon_code, email,
       created_at)
    SELECT gen_random_uuid(), checkout_id, 1, 'USD', total_minor, lines, jsonb_build_object('subtotal_minor',
      subtotal_minor, 'discount_minor', discount_minor, 'shipping_minor', 500, 'shipping_tax_minor', 0, 'tax_minor', 0,
      'total_minor', total_minor, 'tax_included', false), address, coupon_id, coupon_code, email, at
    FROM bill ORDER BY i""",
    """
    INSERT INTO orders (id, number, checkout_id, user_id, email, email_key, status, payment_status, needs_review,
      review_reason, currency, subtotal_minor, discount_minor, shipping_minor, total_minor, refunded_minor, coupon_id,
      coupon_code, shipping_address, placed_at, created_at, updated_at)
    SELECT id, 1000 + i, checkout_id, user_id, email, email,
      CASE fate WHEN 'given back' THEN 'DELIVERED' WHEN 'partly back' THEN 'DELIVERED' ELSE upper(fate) END,
      CASE fate WHEN 'pending' THEN 'PENDING' WHEN 'cancelled' THEN 'REFUNDED' WHEN 'given back' THEN 'REFUNDED'
        WHEN 'partly back' THEN 'PARTIALLY_REFUNDED' ELSE 'PAID' END, i % 1700 = 3,
      CASE WHEN i % 1700 = 3 THEN 'The amount differs.' END, 'USD', subtotal_minor, discount_minor, 500, total_minor,
      refunded_minor, coupon_id, coupon_code, address, at, at, at FROM bill ORDER BY i""",
    "SELECT setval('order_number', greatest((SELECT max(number) FROM orders), (SELECT last_value FROM order_number)))",
    """
    INSERT INTO order_lines (id, order_id, position, variant_id, product_id, name, sku, options, quantity, price_minor,
      discount_minor, total_minor, refunded_quantity, refunded_minor, restocked_quantity)
    SELECT l.id, b.id, l.place, l.variant_id, l.product_id, l.name, l.sku,
      CASE WHEN l.option_values = '{}' THEN '{}' ELSE jsonb_build_object('Size', l.option_values[1]) END, l.quantity,
      l.price_minor, l.discount_minor, l.gross_minor - l.discount_minor, l.back,
      (l.gross_minor - l.discount_minor) / l.quantity * l.back,
      CASE WHEN b.fate IN ('cancelled', 'given back') THEN l.back ELSE 0 END
    FROM item l JOIN bill b USING (i) ORDER BY l.i, l.place""",
    """
    INSERT INTO payments (id, order_id, stripe_payment_intent_id, stripe_charge_id, revision, amount_minor, currency,
      refunded_minor, created_at, updated_at)
    SELECT payment_id, id, 'pi_' || i, 'ch_' || i, 1, total_minor, 'USD', refunded_minor, at, at FROM bill
    WHERE fate <> 'pending' ORDER BY i""",
    f"""
    INSERT INTO refunds (id, payment_id, order_id, amount_minor, currency, status, stripe_refund_id, reason, restock,
      requested_by_id, created_at, ended_at)
    SELECT f.refund_id, f.payment_id, f.id, f.refunded_minor, 'USD', 'succeeded', 're_' || f.i, 'Sent back',
      f.fate <> 'partly back', p.id, f.returned_at, f.returned_at
    FROM bill f JOIN person p ON p.i = 1 + f.i % 20 WHERE {_REFUNDED}""",  # noqa: S608
    """
    INSERT INTO refund_lines (id, refund_id, order_line_id, quantity, amount_minor)
    SELECT gen_random_uuid(), b.refund_id, l.id, l.back, (l.gross_minor - l.discount_minor) / l.quantity * l.back
    FROM item l JOIN bill b USING (i) WHERE l.back > 0""",
    """
    INSERT INTO shipments (id, order_id, carrier, tracking_number, shipped_at, delivered_at, created_at)
    SELECT gen_random_uuid(), id, 'Parcelway', 'PW' || i, shipped_at,
      CASE WHEN fate <> 'shipped' THEN delivered_at END, shipped_at
    FROM bill WHERE fate IN ('shipped', 'delivered', 'given back', 'partly back')""",
    """
    INSERT INTO order_events (id, order_id, type, actor_id, created_at)
    SELECT pg_temp.at_key(e.at), b.id, e.kind, p.id, e.at
    FROM bill b CROSS JOIN LATERAL (VALUES
      ('placed', b.at, true), ('paid', b.at, b.fate <> 'pending'),
      ('shipped', b.shipped_at, b.fate IN ('shipped', 'delivered', 'given back', 'partly back')),
      ('delivered', b.delivered_at, b.fate IN ('delivered', 'given back', 'partly back')),
      ('cancelled', b.returned_at, b.fate = 'cancelled'),
      ('refunded', b.returned_at, b.fate IN ('cancelled', 'given back', 'partly back')),
      ('needs_review', b.at, b.i % 1700 = 3)) AS e(kind, at, is_so)
    LEFT JOIN person p ON p.i = 1 + b.i % 20 AND e.kind IN ('shipped', 'delivered')
    WHERE e.is_so ORDER BY e.at""",
    # A cancelled order gives its use back; those of one customer and coupon that count are numbered.
    """
    INSERT INTO coupon_redemptions (id, coupon_id, code, checkout_id, order_id, user_id, email_key, use_number, state,
      discount_minor, created_at, ended_at)
    SELECT pg_temp.at_key(at), coupon_id, coupon_code, checkout_id, id, user_id, email, row_number() OVER (
        PARTITION BY coupon_id, email, fate = 'cancelled' ORDER BY i),
      CASE WHEN fate = 'cancelled' THEN 'released' ELSE 'used' END, discount_minor, at, at
    FROM bill WHERE coupon_id IS NOT NULL""",
    """
    UPDATE coupons c SET used = r.n FROM (
      SELECT coupon_id, count(*) AS n FROM coupon_redemptions WHERE state = 'used' GROUP BY coupon_id) r
    WHERE r.coupon_id = c.id""",
    # What the triggers would have said: each day is to be added up.
    """
    INSERT INTO sales_changes (day) SELECT DISTINCT (placed_at AT TIME ZONE 'UTC')::date FROM orders""",
)
