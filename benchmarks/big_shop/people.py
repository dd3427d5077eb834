"""Who works and buys in the big shop, its coupons, and who came to look."""

PEOPLE = (
    """
    CREATE TEMPORARY TABLE person AS
    SELECT i, now() - (:customers - i) * (interval '730 days' / :customers) AS at,
      CASE WHEN i = 1 THEN 'SUPER_ADMIN' WHEN i <= 20 THEN 'ADMIN' ELSE 'CUSTOMER' END AS role,
      CASE WHEN i <= 20 THEN 'staff-' || i || '@example.com' ELSE 'buyer-' || i || '@example.com' END AS email,
      (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hugo', 'Ida', 'Jon', 'Kim', 'Lea'])[1 + i % 12] || ' '
        || (ARRAY['Abel', 'Berg', 'Cole', 'Diaz', 'Eden', 'Frank', 'Gray', 'Holm', 'Ibsen', 'Jones', 'Klein',
          'Lund', 'Moss', 'Nash', 'Owen', 'Park', 'Quist', 'Reed', 'Stone'])[1 + i / 12 % 19] || ' ' || i AS full_name
    FROM generate_series(1, :customers + 20) i""",
    "ALTER TABLE person ADD COLUMN id uuid",
    "UPDATE person SET id = pg_temp.at_key(at)",
    "CREATE UNIQUE INDEX ON person (i)",
    "ANALYZE person",
    """
    INSERT INTO users (id, email, full_name, role, is_active, email_verified_at, last_sign_in_at, created_at,
      updated_at)
    SELECT id, email, full_name, role, role <> 'CUSTOMER' OR i % 100 > 0, at,
      at + (now() - at) * pg_temp.chance(i, 10), at, at FROM person""",
    """
    INSERT INTO addresses (id, user_id, full_name, address, city, zip_code, country, is_default, created_at, updated_at)
    SELECT gen_random_uuid(), id, full_name, i || ' Market Street', 'San Francisco', '94105', 'US', place = 1, at, at
    FROM person CROSS JOIN LATERAL generate_series(1, 1 + (i % 3 = 0)::int) AS place WHERE role = 'CUSTOMER'""",
    "CREATE TEMPORARY TABLE offer AS SELECT i, 'CODE-' || i AS code FROM generate_series(1, :coupons) i",
    "ALTER TABLE offer ADD COLUMN id uuid",
    "UPDATE offer SET id = pg_temp.at_key(now() - (5000 - i % 5000) * interval '2 hours')",
    # Every order's discount is a tenth; those that take off something else were never used.
    """
    INSERT INTO coupons (id, code, description, discount_type, percent_bp, amount_minor, max_uses, starts_at, ends_at,
      is_active, created_at, updated_at)
    SELECT id, code, 'Letter ' || i % 200, CASE WHEN i % 5 = 0 THEN 'FIXED' ELSE 'PERCENTAGE' END,
      CASE WHEN i % 5 > 0 THEN 1000 END, CASE WHEN i % 5 = 0 THEN 500 END, CASE WHEN i % 7 = 0 THEN 100000 END,
      now() + CASE WHEN i % 11 = 5 THEN 10 ELSE -400 END * interval '1 day',
      now() + CASE WHEN i % 3 = 1 THEN -(i % 90) - 1 ELSE 30 + i % 300 END * interval '1 day'
        + CASE WHEN i % 11 = 5 THEN 120 ELSE 0 END * interval '1 day',
      i % 13 > 0, now() - (5000 - i % 5000) * interval '2 hours', now() FROM offer""",
    """
    INSERT INTO visits (id, visited_on, visitor_hash, saw_product, added_to_cart, started_checkout, ordered)
    SELECT gen_random_uuid(), (now() AT TIME ZONE 'UTC')::date - day, md5(day || '/' || i), i % 10 < 8, i % 10 < 4,
      i % 10 < 3, i % 10 < 2
    FROM generate_series(0, 364) AS day CROSS JOIN generate_series(1, :visitors) AS i""",
    """
    INSERT INTO visit_days (day, visits, saw_product, added_to_cart, started_checkout, ordered)
    SELECT visited_on, count(*), count(*) FILTER (WHERE saw_product), count(*) FILTER (WHERE added_to_cart),
      count(*) FILTER (WHERE started_checkout), count(*) FILTER (WHERE ordered) FROM visits GROUP BY 1""",
)
