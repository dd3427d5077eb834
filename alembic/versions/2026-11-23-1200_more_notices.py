"""Open pages hear of what is deleted as well, and of options, pictures, brands and the order of variants."""

from alembic import op

revision = "a1f0c2d4e650"
down_revision = "a1f0c2d4e623"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE OR REPLACE FUNCTION notify_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('variant', jsonb_build_object(
    'id', coalesce(NEW.id, OLD.id), 'product_id', coalesce(NEW.product_id, OLD.product_id)));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live(TG_ARGV[0], jsonb_build_object('id', coalesce(NEW.id, OLD.id)));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify_product_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('product', jsonb_build_object('id', coalesce(NEW.product_id, OLD.product_id)));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify_both_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('product', jsonb_build_object('id', OLD.product_id));
  PERFORM notify_live('product', jsonb_build_object('id', NEW.product_id));
  RETURN NULL;
END $$;
"""
FUNCTIONS_BEFORE = """
CREATE OR REPLACE FUNCTION notify_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('variant', jsonb_build_object('id', NEW.id, 'product_id', NEW.product_id));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION notify_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live(TG_ARGV[0], jsonb_build_object('id', NEW.id));
  RETURN NULL;
END $$;
"""
VARIANT = "stock, reserved, price_minor, compare_at_minor"
PRODUCT = "name, slug, status, description"
# Table, trigger, when, what it calls.
TRIGGERS = (
    (
        "variants",
        "notify_variant",
        f"INSERT OR DELETE OR UPDATE OF {VARIANT}, option_values, position, sku, image_id",
        "notify_variant()",
    ),
    ("variants", "notify_both_products", "UPDATE OF product_id", "notify_both_products()"),
    ("products", "notify_product", f"DELETE OR UPDATE OF {PRODUCT}, brand, category_id", "notify_row('product')"),
    ("product_options", "notify_product_of", "INSERT OR DELETE OR UPDATE", "notify_product_of()"),
    ("images", "notify_product_of", "INSERT OR DELETE OR UPDATE", "notify_product_of()"),
)
BEFORE = (
    ("variants", "notify_variant", f"INSERT OR UPDATE OF {VARIANT}", "notify_variant()"),
    ("products", "notify_product", f"UPDATE OF {PRODUCT}", "notify_row('product')"),
)


def _create(triggers: tuple[tuple[str, str, str, str], ...]) -> None:
    for table, name, moments, function in triggers:
        op.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {moments} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}"
        )


def upgrade() -> None:
    """Replace functions and triggers."""
    op.execute(FUNCTIONS)
    _create(TRIGGERS)


def downgrade() -> None:
    """Put the former ones back."""
    for table, name, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    op.execute(FUNCTIONS_BEFORE)
    _create(BEFORE)
    op.execute("DROP FUNCTION IF EXISTS notify_product_of()")
    op.execute("DROP FUNCTION IF EXISTS notify_both_products()")
