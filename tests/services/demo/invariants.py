"""What must hold over any state of the shop, as queries that find what breaks it. Each returns the offenders."""

INVARIANTS = {
    "stock is the sum of its ledger": """
        SELECT v.sku FROM variants v
        WHERE v.stock <> (SELECT coalesce(sum(delta), 0) FROM stock_ledger l WHERE l.variant_id = v.id)""",
    "stock was never below zero": """
        SELECT variant_id FROM (
          SELECT variant_id, sum(delta) OVER (PARTITION BY variant_id ORDER BY created_at, id) AS balance
          FROM stock_ledger) running WHERE balance < 0""",
    "nothing is reserved while no checkout is open": """
        SELECT sku FROM variants WHERE reserved <> 0
        UNION ALL SELECT id::text FROM checkouts WHERE status <> 'completed'
        UNION ALL SELECT id::text FROM reservations""",
    "every sold piece is in the ledger under its order's number": """
        SELECT o.number, l.variant_id FROM orders o JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.number, l.variant_id
        HAVING -sum(l.quantity) IS DISTINCT FROM (
          SELECT sum(m.delta) FROM stock_ledger m WHERE m.variant_id = l.variant_id AND m.reason = 'order'
          AND m.reference = 'SH-' || o.number)""",
    "a cancelled order gave its goods back": """
        SELECT o.number FROM orders o WHERE o.status = 'CANCELLED' AND 0 <> (
          SELECT coalesce(sum(m.delta), 1) FROM stock_ledger m WHERE m.reference = 'SH-' || o.number)""",
    "each order has one payment of its total": """
        SELECT o.number FROM orders o LEFT JOIN payments p ON p.order_id = o.id
        WHERE (p.amount_minor, p.currency) IS DISTINCT FROM (o.total_minor, o.currency)""",
    "each checkout has one order with what its revision says": """
        SELECT c.id FROM checkouts c
        LEFT JOIN checkout_revisions r ON r.checkout_id = c.id AND r.number = c.revision
        LEFT JOIN orders o ON o.checkout_id = c.id
        WHERE (r.total_minor, r.currency, r.coupon_code, r.email, r.shipping_address, jsonb_array_length(r.lines))
          IS DISTINCT FROM (o.total_minor, o.currency, o.coupon_code, o.email, o.shipping_address,
            (SELECT count(*)::int FROM order_lines l WHERE l.order_id = o.id))
        OR (r.quote ->> 'subtotal_minor')::bigint IS DISTINCT FROM o.subtotal_minor
        OR (r.quote ->> 'discount_minor')::bigint IS DISTINCT FROM o.discount_minor""",
    "an order's lines add up to its sums": """
        SELECT o.number FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.id
        HAVING sum(l.price_minor * l.quantity) <> o.subtotal_minor OR sum(l.discount_minor) <> o.discount_minor
          OR sum(l.total_minor) + o.shipping_minor <> o.total_minor
          OR bool_or(l.total_minor <> l.price_minor * l.quantity - l.discount_minor)""",
    "shipping is $10, free from $100 or with FREESHIP": """
        SELECT number FROM orders WHERE shipping_minor <> CASE
          WHEN coupon_code = 'FREESHIP' OR subtotal_minor - discount_minor >= 10000 THEN 0 ELSE 1000 END""",
    "money given back is the sum of the refunds": """
        SELECT o.number FROM orders o JOIN payments p ON p.order_id = o.id
        WHERE (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r
               WHERE r.payment_id = p.id AND r.status = 'succeeded')
          NOT IN (SELECT p.refunded_minor INTERSECT SELECT o.refunded_minor)""",
    "refunded lines are those of the refunds": """
        SELECT l.id FROM order_lines l LEFT JOIN refund_lines r ON r.order_line_id = l.id
        WHERE (l.refunded_quantity, l.refunded_minor) <> (coalesce(r.quantity, 0), coalesce(r.amount_minor, 0))""",
    "payment status says how much was given back": """
        SELECT number FROM orders WHERE payment_status <> CASE
          WHEN refunded_minor = 0 THEN 'PAID' WHEN refunded_minor = total_minor THEN 'REFUNDED'
          ELSE 'PARTIALLY_REFUNDED' END""",
    "coupon uses are the orders that used it": """
        SELECT c.code FROM coupons c WHERE c.held <> 0 OR c.used > coalesce(c.max_uses, c.used)
          OR c.used <> (SELECT count(*) FROM orders o WHERE o.coupon_id = c.id AND o.status <> 'CANCELLED')
          OR c.used <> (SELECT count(*) FROM coupon_redemptions r WHERE r.coupon_id = c.id AND r.state = 'used')""",
    "a coupon was only used within its terms": """
        SELECT o.number FROM orders o JOIN coupons c ON c.id = o.coupon_id
        WHERE o.placed_at NOT BETWEEN c.starts_at AND c.ends_at OR o.subtotal_minor < c.minimum_subtotal_minor
          OR NOT EXISTS (
            SELECT FROM coupon_redemptions r WHERE r.order_id = o.id AND r.discount_minor = o.discount_minor)
        UNION ALL SELECT number FROM orders WHERE (coupon_id IS NULL) <> (coupon_code IS NULL)""",
    "ratings are exact": """
        SELECT p.slug FROM products p WHERE (p.rating_sum, p.rating_count) <> (
          SELECT coalesce(sum(rating), 0), count(*) FROM reviews r WHERE r.product_id = p.id AND NOT r.is_hidden)""",
    "only those who received a product review it": """
        SELECT r.id FROM reviews r WHERE NOT EXISTS (
          SELECT FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN shipments s ON s.order_id = o.id
          WHERE o.id = r.order_id AND o.user_id = r.user_id AND o.status = 'DELIVERED'
            AND l.product_id = r.product_id AND s.delivered_at < r.created_at)""",
    "helpful counts are the votes of others": """
        SELECT r.id FROM reviews r WHERE r.helpful_count <> (
          SELECT count(*) FROM review_votes v WHERE v.review_id = r.id AND v.user_id <> r.user_id)""",
    "sold counts are the pieces that stayed sold": """
        SELECT p.slug FROM products p WHERE p.sold_count <> (
          SELECT coalesce(sum(l.quantity), 0) FROM order_lines l JOIN orders o ON o.id = l.order_id
          WHERE l.product_id = p.id AND o.status <> 'CANCELLED')""",
    "nothing was bought before it was on sale or by somebody unknown": """
        SELECT o.number FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id
        LEFT JOIN users u ON u.id = o.user_id
        WHERE p.created_at >= o.placed_at OR u.created_at >= o.placed_at OR lower(u.email) <> o.email_key""",
    "status fits age, parcel and timeline": """
        SELECT o.number FROM orders o LEFT JOIN shipments s ON s.order_id = o.id
        WHERE (s.id IS NULL) <> (o.status IN ('PROCESSING', 'CANCELLED'))
          OR (s.delivered_at IS NULL) <> (o.status <> 'DELIVERED')
          OR s.shipped_at <= o.placed_at OR s.delivered_at <= s.shipped_at
          OR (o.status = 'PROCESSING' AND o.placed_at < (SELECT max(placed_at) FROM orders) - interval '3 days')
          OR (SELECT array_agg(e.type ORDER BY e.created_at) FROM order_events e WHERE e.order_id = o.id) <>
             array_remove(ARRAY['placed', 'paid',
               CASE WHEN s.id IS NOT NULL THEN 'shipped' END, CASE WHEN s.delivered_at IS NOT NULL THEN 'delivered' END,
               CASE WHEN o.status = 'CANCELLED' THEN 'cancelled' END,
               CASE WHEN o.refunded_minor > 0 THEN 'refunded' END], NULL)""",
    "orders are numbered from 1001 in the order in which they were placed": """
        SELECT number FROM (
          SELECT number, 1000 + row_number() OVER (ORDER BY placed_at, number) AS expected FROM orders) numbered
        WHERE number <> expected""",
    "nothing lies in the future": """
        SELECT id FROM orders WHERE greatest(placed_at, updated_at) > now()
        UNION ALL SELECT id FROM order_events WHERE created_at > now()
        UNION ALL SELECT id FROM reviews WHERE created_at > now()
        UNION ALL SELECT variant_id FROM stock_ledger WHERE created_at > now()
        UNION ALL SELECT id FROM users WHERE created_at > now()""",
}
