"""What must hold over the demo store beyond the shop's own rules, as queries that find what breaks it."""

from shophub.repositories.invariants import RULES

INVARIANTS = {rule.name: rule.everything for rule in RULES} | {
    "nothing is reserved while no checkout is open": """
        SELECT sku FROM variants WHERE reserved <> 0
        UNION ALL SELECT id::text FROM checkouts WHERE status <> 'completed'
        UNION ALL SELECT id::text FROM reservations""",
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
    "shipping is $10, free from $100 or with FREESHIP": """
        SELECT number FROM orders WHERE shipping_minor <> CASE
          WHEN coupon_code = 'FREESHIP' OR subtotal_minor - discount_minor >= 10000 THEN 0 ELSE 1000 END""",
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
