"""Old addresses of products and categories are kept by themselves; whatever pages show of the catalog gives notice."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e623"
down_revision = "a1f0c2d4e640"
branch_labels = None
depends_on = None

# A slug that is in use again leads to who uses it, so its old row goes.
KEEP_SLUG = """
CREATE OR REPLACE FUNCTION keep_old_{thing}_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM {table} WHERE slug = NEW.slug;
  INSERT INTO {table} (slug, {thing}_id) VALUES (OLD.slug, NEW.id)
  ON CONFLICT (slug) DO UPDATE SET {thing}_id = excluded.{thing}_id, created_at = now();
  RETURN NULL;
END $$
"""
KEEPERS = {"product": ("products", "slug_redirects"), "category": ("categories", "category_slug_redirects")}

# One notice per statement, and PostgreSQL sends equal ones of a transaction once: an import of thousands is one notice.
NOTICE = """
CREATE OR REPLACE FUNCTION notify_catalog() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('catalog', jsonb_build_object('id', ''));
  RETURN NULL;
END $$
"""
# What changes with each order (stock, what was sold) has notices of its own, or none. A shelf that turns empty or full
# again changes what filters leave.
WATCHED = {
    "products": "INSERT OR DELETE OR UPDATE OF name, slug, status, description, brand, tags, category_id",
    "variants": "INSERT OR DELETE OR UPDATE OF price_minor, compare_at_minor, option_values, position, sku, image_id",
    "product_options": "INSERT OR DELETE OR UPDATE",
    "images": "INSERT OR DELETE OR UPDATE",
    "categories": "INSERT OR DELETE OR UPDATE",
    "slug_redirects": "INSERT OR DELETE OR UPDATE",
    "category_slug_redirects": "INSERT OR DELETE OR UPDATE",
    "stock_turns": "INSERT",
}


def upgrade() -> None:
    """Create the table and the triggers."""
    op.create_table(
        "category_slug_redirects",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_category_slug_redirects_category_id_categories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_category_slug_redirects")),
    )
    op.create_index(op.f("ix_category_slug_redirects_category_id"), "category_slug_redirects", ["category_id"])
    for thing, (table, redirects) in KEEPERS.items():
        op.execute(KEEP_SLUG.format(thing=thing, table=redirects))
        op.execute(
            f"CREATE OR REPLACE TRIGGER keep_old_slug AFTER UPDATE OF slug ON {table} FOR EACH ROW "
            f"WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION keep_old_{thing}_slug()"
        )
    op.execute(NOTICE)
    for table, moments in WATCHED.items():
        op.execute(
            f"CREATE OR REPLACE TRIGGER notify_catalog AFTER {moments} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION notify_catalog()"
        )


def downgrade() -> None:
    """Take them away; what old addresses of categories led to is lost."""
    for table in WATCHED:
        op.execute(f"DROP TRIGGER IF EXISTS notify_catalog ON {table}")
    op.execute("DROP FUNCTION IF EXISTS notify_catalog()")
    for thing, (table, _) in KEEPERS.items():
        op.execute(f"DROP TRIGGER IF EXISTS keep_old_slug ON {table}")
        op.execute(f"DROP FUNCTION IF EXISTS keep_old_{thing}_slug()")
    op.drop_table("category_slug_redirects")
