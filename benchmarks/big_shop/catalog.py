"""What the big shop sells: products in every status, some with sizes, some that run low."""

# The same number in [0, 1) for the same place and salt, however often and wherever it is asked for.
CHANCE = """
CREATE FUNCTION pg_temp.chance(i bigint, salt bigint) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT (hashint8extended(i, salt) & 1048575) / 1048576.0 $$
"""
CATALOG = (
    CHANCE,
    """
    CREATE FUNCTION pg_temp.at_key(at timestamptz) RETURNS uuid LANGUAGE sql AS $$
      SELECT uuidv7(at - clock_timestamp()) $$""",
    """
    INSERT INTO categories (id, name, slug, position)
    SELECT gen_random_uuid(), 'Shelf ' || i, 'shelf-' || i, i FROM generate_series(0, 39) i""",
    """
    CREATE TEMPORARY TABLE good AS
    SELECT i, now() - (:products - i) * (interval '730 days' / :products) AS at,
      CASE WHEN pg_temp.chance(i, 1) < 0.85 THEN 'active' WHEN pg_temp.chance(i, 1) < 0.95 THEN 'draft'
        ELSE 'archived' END AS status,
      CASE WHEN pg_temp.chance(i, 2) < 0.3 THEN 3 ELSE 1 END AS sizes,
      10 * (50 + floor(pg_temp.chance(i, 3) * 2000))::bigint AS price_minor,
      (ARRAY['Oak', 'Brass', 'Linen', 'Wool', 'Steel'])[1 + i % 5] || ' ' ||
        (ARRAY['Lamp', 'Chair', 'Mug', 'Kettle', 'Backpack', 'Desk'])[1 + i / 5 % 6] || ' ' || i AS name
    FROM generate_series(1, :products) i""",
    "ALTER TABLE good ADD COLUMN id uuid",
    "UPDATE good SET id = pg_temp.at_key(at)",
    """
    CREATE TEMPORARY TABLE ware AS
    SELECT row_number() OVER (ORDER BY g.i, place) - 1 AS n, g.i, pg_temp.at_key(g.at) AS id, g.id AS product_id,
      g.name, g.at, g.price_minor + 100 * place AS price_minor, place, 'ART-' || g.i || CASE WHEN g.sizes > 1
        THEN '-' || (ARRAY['S', 'M', 'L'])[1 + place] ELSE '' END AS sku,
      CASE WHEN g.sizes > 1 THEN ARRAY[(ARRAY['Small', 'Medium', 'Large'])[1 + place]] ELSE '{}' END AS option_values,
      CASE WHEN pg_temp.chance(3 * g.i + place, 4) < 0.05 THEN 0
        WHEN pg_temp.chance(3 * g.i + place, 4) < 0.12 THEN 1 + (pg_temp.chance(g.i, 5) * 9)::int
        ELSE 20 + (pg_temp.chance(g.i, 5) * 180)::int END AS stock
    FROM good g CROSS JOIN LATERAL generate_series(0, g.sizes - 1) AS place""",
    "CREATE UNIQUE INDEX ON ware (n)",
    "ANALYZE good, ware",
    """
    INSERT INTO product_options (id, product_id, name, position, values)
    SELECT gen_random_uuid(), id, 'Size', 0, ARRAY['Small', 'Medium', 'Large'] FROM good WHERE sizes > 1""",
    """
    INSERT INTO images (id, product_id, public_id, alt, position, created_at)
    SELECT gen_random_uuid(), id, 'product-' || i, name, 0, at FROM good""",
)
