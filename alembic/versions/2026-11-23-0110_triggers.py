"""Functions and triggers: append-only tables, derived columns, change notices."""

from alembic import op

revision = "a1f0c2d4e601"
down_revision = "6482b649f9d7"
branch_labels = None
depends_on = None

# Rows that may never change. What a foreign key does on its own (cascade from a deleted parent, SET NULL) passes.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION guard_stock_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM variants WHERE id = OLD.variant_id) THEN
      RAISE EXCEPTION 'stock_ledger is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.id, NEW.variant_id, NEW.delta, NEW.reason, NEW.reference, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.variant_id, OLD.delta, OLD.reason, OLD.reference, OLD.created_at)
     OR NEW.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM OLD.actor_id THEN
    RAISE EXCEPTION 'stock_ledger is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_stock_ledger BEFORE UPDATE OR DELETE ON stock_ledger
  FOR EACH ROW EXECUTE FUNCTION guard_stock_ledger();

CREATE FUNCTION guard_checkout_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM checkouts WHERE id = OLD.checkout_id) THEN
      RAISE EXCEPTION 'checkout_revisions is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.coupon_id IS NULL THEN
    OLD.coupon_id := NULL;
  END IF;
  IF NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'checkout_revisions is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_checkout_revisions BEFORE UPDATE OR DELETE ON checkout_revisions
  FOR EACH ROW EXECUTE FUNCTION guard_checkout_revisions();

CREATE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.hash IS NULL AND NEW.hash IS NOT NULL
     AND to_jsonb(NEW) - 'hash' - 'previous_hash' = to_jsonb(OLD) - 'hash' - 'previous_hash' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER guard_audit_log_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION guard_audit_log();
CREATE TRIGGER guard_audit_log_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER guard_audit_log_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Name over tags and brand over description; 'simple' beside 'english' so that brands and codes match as written.
DERIVED = """
CREATE FUNCTION product_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search :=
    setweight(to_tsvector('english', NEW.name), 'A') || setweight(to_tsvector('simple', NEW.name), 'A') ||
    setweight(to_tsvector('english', array_to_string(NEW.tags, ' ')), 'B') ||
    setweight(to_tsvector('simple', coalesce(NEW.brand, '')), 'B') ||
    setweight(to_tsvector('english', NEW.description), 'C');
  RETURN NEW;
END $$;
CREATE TRIGGER product_search BEFORE INSERT OR UPDATE OF name, tags, brand, description ON products
  FOR EACH ROW EXECUTE FUNCTION product_search();

CREATE FUNCTION product_price_from() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid := coalesce(NEW.product_id, OLD.product_id);
BEGIN
  UPDATE products SET price_from_minor = (SELECT min(price_minor) FROM variants WHERE product_id = changed)
  WHERE id = changed;
  RETURN NULL;
END $$;
CREATE TRIGGER product_price_from AFTER INSERT OR DELETE OR UPDATE OF price_minor, product_id ON variants
  FOR EACH ROW EXECUTE FUNCTION product_price_from();

CREATE FUNCTION product_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sum_change integer := 0;
  count_change integer := 0;
BEGIN
  IF TG_OP <> 'INSERT' AND NOT OLD.is_hidden THEN
    sum_change := sum_change - OLD.rating;
    count_change := count_change - 1;
  END IF;
  IF TG_OP <> 'DELETE' AND NOT NEW.is_hidden THEN
    sum_change := sum_change + NEW.rating;
    count_change := count_change + 1;
  END IF;
  IF sum_change <> 0 OR count_change <> 0 THEN
    UPDATE products SET rating_sum = rating_sum + sum_change, rating_count = rating_count + count_change
    WHERE id = coalesce(NEW.product_id, OLD.product_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER product_rating AFTER INSERT OR DELETE OR UPDATE OF rating, is_hidden ON reviews
  FOR EACH ROW EXECUTE FUNCTION product_rating();
"""

# Listeners learn what to look at again; they read the rest themselves, so a notice carries ids only.
NOTICES = """
CREATE FUNCTION notify_live(kind text, ids jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('shophub_live', (jsonb_build_object('kind', kind) || ids)::text)
$$;

CREATE FUNCTION notify_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('variant', jsonb_build_object('id', NEW.id, 'product_id', NEW.product_id));
  RETURN NULL;
END $$;
CREATE TRIGGER notify_variant AFTER INSERT OR UPDATE OF stock, reserved, price_minor, compare_at_minor ON variants
  FOR EACH ROW EXECUTE FUNCTION notify_variant();

CREATE FUNCTION notify_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live(TG_ARGV[0], jsonb_build_object('id', NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER notify_product AFTER UPDATE OF name, slug, status, description ON products
  FOR EACH ROW EXECUTE FUNCTION notify_row('product');
CREATE TRIGGER notify_checkout AFTER UPDATE OF status ON checkouts
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION notify_row('checkout');
CREATE TRIGGER notify_order AFTER INSERT OR UPDATE OF status, payment_status, refunded_minor ON orders
  FOR EACH ROW EXECUTE FUNCTION notify_row('order');
CREATE TRIGGER notify_settings AFTER UPDATE ON store_settings
  FOR EACH ROW EXECUTE FUNCTION notify_row('settings');
"""


def upgrade() -> None:
    """Create functions and triggers, and the one row of settings."""
    for script in (APPEND_ONLY, DERIVED, NOTICES):
        op.execute(script)
    op.execute("INSERT INTO store_settings (id) VALUES (1) ON CONFLICT DO NOTHING")


def downgrade() -> None:
    """Drop them again; the rows stay."""
    for trigger, table in (
        ("guard_stock_ledger", "stock_ledger"),
        ("guard_checkout_revisions", "checkout_revisions"),
        ("guard_audit_log_update", "audit_log"),
        ("guard_audit_log_delete", "audit_log"),
        ("guard_audit_log_truncate", "audit_log"),
        ("product_search", "products"),
        ("product_price_from", "variants"),
        ("product_rating", "reviews"),
        ("notify_variant", "variants"),
        ("notify_product", "products"),
        ("notify_checkout", "checkouts"),
        ("notify_order", "orders"),
        ("notify_settings", "store_settings"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in (
        "guard_stock_ledger()",
        "guard_checkout_revisions()",
        "guard_audit_log()",
        "refuse_change()",
        "product_search()",
        "product_price_from()",
        "product_rating()",
        "notify_variant()",
        "notify_row()",
        "notify_live(text, jsonb)",
    ):
        op.execute(f"DROP FUNCTION {function}")
