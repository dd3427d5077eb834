"""Rules about orders: what was paid for, once, and its way."""

from shophub.repositories.invariants.rules import rule

ORDER_RULES = (
    rule(
        "a completed checkout has one order",
        """
        SELECT 'checkout ' || c.id AS offender FROM checkouts c
        WHERE c.status = 'completed' AND {made} AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.checkout_id = c.id)
        UNION ALL
        SELECT 'SH-' || o.number FROM orders o JOIN checkouts c ON c.id = o.checkout_id
        WHERE c.status <> 'completed' AND {touched}""",
    ),
    rule(
        "an order is what its checkout was paid for",
        """
        SELECT 'SH-' || o.number AS offender
        FROM orders o JOIN checkouts c ON c.id = o.checkout_id LEFT JOIN payments p ON p.order_id = o.id
        LEFT JOIN checkout_revisions r ON r.checkout_id = c.id AND r.number = coalesce(p.revision, c.revision)
        WHERE {touched} AND (
          (o.currency, o.total_minor, o.coupon_code) IS DISTINCT FROM (r.currency, r.total_minor, r.coupon_code)
          OR (o.subtotal_minor, o.discount_minor, o.shipping_minor, o.shipping_tax_minor, o.tax_minor, o.total_minor,
              o.tax_included) IS DISTINCT FROM (
            CAST(r.quote ->> 'subtotal_minor' AS bigint), CAST(r.quote ->> 'discount_minor' AS bigint),
            CAST(r.quote ->> 'shipping_minor' AS bigint), CAST(r.quote ->> 'shipping_tax_minor' AS bigint),
            CAST(r.quote ->> 'tax_minor' AS bigint), CAST(r.quote ->> 'total_minor' AS bigint),
            CAST(r.quote ->> 'tax_included' AS boolean)))""",
    ),
    rule(
        "an order's lines are those that were paid for",
        """
        SELECT DISTINCT 'SH-' || o.number AS offender
        FROM orders o JOIN checkouts c ON c.id = o.checkout_id LEFT JOIN payments p ON p.order_id = o.id
        JOIN checkout_revisions r ON r.checkout_id = c.id AND r.number = coalesce(p.revision, c.revision)
        CROSS JOIN LATERAL (
          SELECT 1 FROM jsonb_array_elements(r.lines) WITH ORDINALITY AS w(line, place)
          FULL JOIN (SELECT * FROM order_lines WHERE order_id = o.id) l ON l.position = w.place - 1
          WHERE (l.sku, l.name, l.quantity, l.price_minor, l.discount_minor, l.tax_minor, l.total_minor)
            IS DISTINCT FROM (w.line ->> 'sku', w.line ->> 'name', CAST(w.line ->> 'quantity' AS int),
              CAST(w.line ->> 'price_minor' AS bigint), CAST(w.line ->> 'discount_minor' AS bigint),
              CAST(w.line ->> 'tax_minor' AS bigint), CAST(w.line ->> 'total_minor' AS bigint))
          LIMIT 1) AS other
        WHERE {touched}""",
    ),
    rule(
        "an order's lines add up to its sums",
        """
        SELECT 'SH-' || o.number AS offender FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
        WHERE {touched} GROUP BY o.id
        HAVING (coalesce(sum(l.price_minor * l.quantity), 0), coalesce(sum(l.discount_minor), 0),
                coalesce(sum(l.tax_minor), 0) + o.shipping_tax_minor,
                coalesce(sum(l.total_minor), 0) + o.shipping_minor
                  + CASE WHEN o.tax_included THEN 0 ELSE o.shipping_tax_minor END)
            <> (o.subtotal_minor, o.discount_minor, o.tax_minor, o.total_minor)
          OR bool_or(l.total_minor <> l.price_minor * l.quantity - l.discount_minor
                     + CASE WHEN o.tax_included THEN 0 ELSE l.tax_minor END)""",
    ),
    rule(
        "an order's timeline fits its status",
        """
        SELECT 'SH-' || o.number || ': ' || o.status AS offender FROM orders o
        CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE type = 'placed') AS placed, count(*) FILTER (WHERE type = 'paid') AS paid,
            count(*) FILTER (WHERE type = 'shipped') AS shipped,
            count(*) FILTER (WHERE type = 'delivered') AS delivered,
            count(*) FILTER (WHERE type = 'cancelled') AS cancelled FROM order_events WHERE order_id = o.id) e
        CROSS JOIN LATERAL (
          SELECT count(*) AS parcels, count(delivered_at) AS delivered FROM shipments WHERE order_id = o.id) s
        WHERE {touched} AND (
          e.placed <> 1 OR e.paid <> CASE WHEN o.payment_status IN ('PENDING', 'PROCESSING', 'FAILED') THEN 0 ELSE 1 END
          OR e.shipped <> CASE WHEN o.status IN ('SHIPPED', 'DELIVERED') THEN 1 ELSE 0 END
          OR e.delivered <> CASE WHEN o.status = 'DELIVERED' THEN 1 ELSE 0 END
          OR e.cancelled <> CASE WHEN o.status = 'CANCELLED' THEN 1 ELSE 0 END
          OR (s.parcels > 0) <> (o.status IN ('SHIPPED', 'DELIVERED'))
          OR s.delivered <> CASE WHEN o.status = 'DELIVERED' THEN s.parcels ELSE 0 END)""",
    ),
    # Some moments are the database's and some the shop's; their clocks differ a little.
    rule(
        "an order's steps are in sequence",
        """
        SELECT 'SH-' || o.number AS offender FROM orders o
        CROSS JOIN LATERAL (
          SELECT min(created_at) FILTER (WHERE type = 'placed') AS placed,
            min(created_at) FILTER (WHERE type = 'paid') AS paid,
            min(created_at) FILTER (WHERE type = 'shipped') AS shipped,
            min(created_at) FILTER (WHERE type = 'delivered') AS delivered,
            min(created_at) FILTER (WHERE type = 'cancelled') AS cancelled,
            min(created_at) FILTER (WHERE type = 'refunded') AS refunded,
            interval '10 seconds' AS slack FROM order_events WHERE order_id = o.id) e
        WHERE {touched} AND (
          e.placed > e.paid + slack OR e.paid > e.shipped + slack
          OR e.shipped > e.delivered + slack OR e.paid > e.cancelled + slack OR e.paid > e.refunded + slack)""",
    ),
)
