"""The lowest price of a product, also where two of its variants change at once."""

from alembic import op

revision = "a1f0c2d4e651"
down_revision = "a1f0c2d4e650"
branch_labels = None
depends_on = None

# The product's row is taken first, in a statement of its own: the one after it sees what whoever held the row has
# committed. In one statement the lowest price would be that of before the wait.
TAKEN_FIRST = """
CREATE OR REPLACE FUNCTION product_price_from() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid[] := ARRAY(SELECT DISTINCT one FROM unnest(ARRAY[
    CASE WHEN TG_OP <> 'INSERT' THEN OLD.product_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.product_id END]) AS one
    WHERE one IS NOT NULL ORDER BY one);
BEGIN
  PERFORM FROM products WHERE id = ANY(changed) ORDER BY id FOR NO KEY UPDATE;
  UPDATE products p SET price_from_minor = (SELECT min(v.price_minor) FROM variants v WHERE v.product_id = p.id)
  WHERE p.id = ANY(changed);
  RETURN NULL;
END $$
"""
MENDED = """
UPDATE products p SET price_from_minor = wanted.lowest
FROM (SELECT q.id, (SELECT min(v.price_minor) FROM variants v WHERE v.product_id = q.id) AS lowest FROM products q) wanted
WHERE wanted.id = p.id AND p.price_from_minor IS DISTINCT FROM wanted.lowest
"""
BEFORE = """
CREATE OR REPLACE FUNCTION product_price_from() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid := coalesce(NEW.product_id, OLD.product_id);
BEGIN
  UPDATE products SET price_from_minor = (SELECT min(price_minor) FROM variants WHERE product_id = changed)
  WHERE id = changed;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Take the product first, and mend what was written before."""
    op.execute(TAKEN_FIRST)
    op.execute(MENDED)


def downgrade() -> None:
    """Go back to the function as it was."""
    op.execute(BEFORE)
