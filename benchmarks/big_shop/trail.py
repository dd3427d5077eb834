"""What a year in the big shop leaves behind: stock and its ledger, reviews, what the staff did, what went wrong."""

TRAIL = (
    # What came back lies on top of what was there, so that at no moment less than nothing was.
    """
    CREATE TEMPORARY TABLE moved AS
    SELECT l.variant_id, l.product_id, sum(l.quantity) AS sold,
      sum(CASE WHEN b.fate IN ('cancelled', 'given back') THEN l.back ELSE 0 END) AS back
    FROM item l JOIN bill b USING (i) GROUP BY 1, 2""",
    """
    INSERT INTO variants (id, product_id, sku, option_values, position, price_minor, stock, created_at, updated_at)
    SELECT v.id, v.product_id, v.sku, v.option_values, v.place, v.price_minor, v.stock + coalesce(m.back, 0), v.at, v.at
    FROM ware v LEFT JOIN moved m ON m.variant_id = v.id ORDER BY v.n""",
    """
    INSERT INTO stock_ledger (variant_id, delta, reason, reference, created_at)
    SELECT variant_id, delta, reason, reference, at FROM (
      SELECT v.id AS variant_id, v.stock + coalesce(m.sold, 0) AS delta, 'initial' AS reason, '' AS reference, v.at
      FROM ware v LEFT JOIN moved m ON m.variant_id = v.id WHERE v.stock + coalesce(m.sold, 0) > 0
      UNION ALL
      SELECT l.variant_id, -l.quantity, 'order', 'SH-' || 1000 + b.i, b.at FROM item l JOIN bill b USING (i)
      UNION ALL
      SELECT l.variant_id, l.back, CASE b.fate WHEN 'cancelled' THEN 'cancellation' ELSE 'refund' END,
        'SH-' || 1000 + b.i, b.returned_at
      FROM item l JOIN bill b USING (i) WHERE b.fate IN ('cancelled', 'given back')) movement
    ORDER BY reason <> 'initial', at""",
    """
    INSERT INTO reviews (id, product_id, user_id, order_id, author_name, rating, comment, is_hidden, hidden_reason,
      checked_at, created_at, updated_at)
    SELECT pg_temp.at_key(at), product_id, user_id, id, 'Ada ' || chr(65 + n::int % 26) || '.',
      1 + floor(5 * sqrt(pg_temp.chance(n, 30)))::int, 'Number ' || n || ' does what it says, and more.', n % 50 = 0,
      CASE WHEN n % 50 = 0 THEN 'Not about the product.' END, CASE WHEN n % 20 > 0 OR n % 50 = 0 THEN at END, at, at
    FROM (
      SELECT row_number() OVER (ORDER BY at, product_id) AS n, * FROM (
        SELECT DISTINCT ON (l.product_id, b.user_id) l.product_id, b.user_id, b.id, b.delivered_at AS at
        FROM item l JOIN bill b USING (i)
        WHERE b.user_id IS NOT NULL AND b.fate IN ('delivered', 'given back', 'partly back')
        ORDER BY l.product_id, b.user_id, b.i) bought) r
    WHERE n <= :reviews ORDER BY n""",
    "ANALYZE moved, variants, reviews",
    """
    CREATE TEMPORARY TABLE tally AS
    SELECT g.id, coalesce(m.sold, 0) AS sold_count, coalesce(r.stars, 0) AS rating_sum, coalesce(r.n, 0)
      AS rating_count, s.is_there AS in_stock
    FROM good g JOIN (SELECT product_id, bool_or(stock > 0) AS is_there FROM variants GROUP BY 1) s
      ON s.product_id = g.id
    LEFT JOIN (SELECT product_id, sum(sold) AS sold FROM moved GROUP BY 1) m ON m.product_id = g.id
    LEFT JOIN (SELECT product_id, sum(rating) AS stars, count(*) AS n FROM reviews WHERE NOT is_hidden GROUP BY 1) r
      ON r.product_id = g.id""",
    """
    INSERT INTO products (id, name, slug, category_id, status, price_from_minor, description, brand, tags, created_at,
      updated_at, sold_count, rating_sum, rating_count, in_stock, search)
    SELECT p.id, p.name, p.slug, p.category_id, p.status, p.price_minor, p.description, p.brand, p.tags, p.at, p.at,
      t.sold_count, t.rating_sum, t.rating_count, t.in_stock,
      setweight(to_tsvector('english', p.name), 'A') || setweight(to_tsvector('simple', p.name), 'A') ||
      setweight(to_tsvector('english', array_to_string(p.tags, ' ')), 'B') ||
      setweight(to_tsvector('simple', p.brand), 'B') || setweight(to_tsvector('english', p.description), 'C')
    FROM (
      SELECT g.*, 'product-' || g.i AS slug, c.id AS category_id, 'Brand ' || g.i % 300 AS brand,
        ARRAY['tag' || g.i % 50] AS tags,
        'A good thing for daily use, number ' || g.i || ', made with care.' AS description
      FROM good g JOIN categories c ON c.slug = 'shelf-' || floor(pg_temp.chance(g.i, 6) * 40)) p
    JOIN tally t USING (id) ORDER BY p.i""",
    """
    INSERT INTO audit_log (actor_id, action, target_type, target_id, before, after, network_address, created_at)
    SELECT CASE WHEN e.n % 10 = 0 THEN NULL ELSE p.id END, k.kind || '.' || k.verb, k.kind,
      CASE k.kind WHEN 'product' THEN g.id::text WHEN 'order' THEN 'SH-' || 1000 + e.n % 1000 ELSE '' END,
      '{"status": "draft", "price_minor": 1000}', '{"status": "active", "price_minor": 1200}', '10.0.0.1',
      now() - (:entries - e.n) * (interval '365 days' / :entries)
    FROM generate_series(1, :entries) AS e(n)
    CROSS JOIN LATERAL (SELECT
      (ARRAY['order', 'product', 'order', 'product', 'coupon', 'review', 'order', 'user', 'invite', 'settings'])
        [1 + e.n / 7 % 10] AS kind, (ARRAY['update', 'ship', 'create', 'delete', 'hide'])[1 + e.n % 5] AS verb) k
    JOIN person p ON p.i = 1 + e.n % 20 LEFT JOIN good g ON g.i = 1 + e.n % 1000 ORDER BY e.n""",
    """
    INSERT INTO alerts (id, kind, subject, message, raised_at, last_seen_at, resolved_at)
    SELECT gen_random_uuid(), (ARRAY['refund_failed', 'email_failed', 'dispute'])[1 + i % 3], 'subject ' || i,
      'Somebody has to look at number ' || i || '.', now() - i * interval '1 hour', now() - i * interval '1 hour',
      CASE WHEN i > 40 THEN now() END FROM generate_series(1, 500) i""",
    """
    INSERT INTO order_notes (id, order_id, author_id, body, created_at)
    SELECT gen_random_uuid(), b.id, p.id, 'Rang the customer.', b.at FROM bill b JOIN person p ON p.i = 1 + b.i % 20
    WHERE b.i % 50 = 0""",
    """
    INSERT INTO provider_events (id, provider, event_id, type, object_id, status, payload, occurred_at, received_at)
    SELECT pg_temp.at_key(at), 'stripe', 'evt_' || i, 'payment_intent.succeeded', 'pi_' || i, 'handled', '{}', at, at
    FROM bill WHERE fate <> 'pending' ORDER BY i""",
    """
    INSERT INTO searches (id, query, result_count, day, times, created_at)
    SELECT gen_random_uuid(), 'word ' || i, i % 4, (now() AT TIME ZONE 'UTC')::date - day, 1 + i % 9,
      now() - day * interval '1 day'
    FROM generate_series(0, 89) AS day CROSS JOIN generate_series(1, 60) AS i""",
    "INSERT INTO sales_changes (day) SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM bill",
)
