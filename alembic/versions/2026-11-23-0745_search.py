"""What search and filters stand on: words of the catalog, which products are in stock, an index to count by."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e621"
down_revision = "a1f0c2d4e620"
branch_labels = None
depends_on = None

FACETS = "ix_products_facets"
TITLES = "ix_products_titles"
INCLUDED = ["id", "rating_sum", "rating_count", "in_stock", "sold_count", "created_at"]

# Only turns are noted, and rows only added: an order that empties a shelf waits for no other.
TURNS = """
CREATE OR REPLACE FUNCTION note_stock_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stock_turns (product_id) VALUES (coalesce(NEW.product_id, OLD.product_id));
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER note_stock_turn AFTER UPDATE OF stock, reserved ON variants FOR EACH ROW
  WHEN ((OLD.stock > OLD.reserved) IS DISTINCT FROM (NEW.stock > NEW.reserved)) EXECUTE FUNCTION note_stock_turn();
CREATE OR REPLACE TRIGGER note_stock_of_new AFTER INSERT ON variants FOR EACH ROW
  WHEN (NEW.stock > NEW.reserved) EXECUTE FUNCTION note_stock_turn();
CREATE OR REPLACE TRIGGER note_stock_of_gone AFTER DELETE ON variants FOR EACH ROW
  WHEN (OLD.stock > OLD.reserved) EXECUTE FUNCTION note_stock_turn();
"""


def upgrade() -> None:
    """Create it; every product's stock is looked at by the first run of the job, and until then on request."""
    op.add_column("products", sa.Column("in_stock", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("products", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
    )
    op.create_table(
        "stock_turns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_turns")),
    )
    op.create_table(
        "listing_counts",
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("category_id", "facet", "value", name=op.f("pk_listing_counts")),
    )
    op.execute(TURNS)
    op.execute("INSERT INTO stock_turns (product_id) SELECT id FROM products")
    with op.get_context().autocommit_block():  # while the shop is open
        for name in (FACETS, TITLES):  # one that was broken off is built anew
            op.drop_index(name, "products", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            TITLES,
            "products",
            [sa.text("ts_filter(search, '{a,b}')")],
            postgresql_using="gin",
            postgresql_where=sa.text("status = 'active'"),
            postgresql_concurrently=True,
        )
        op.create_index(
            FACETS,
            "products",
            ["category_id", "brand", "price_from_minor"],
            postgresql_include=INCLUDED,
            postgresql_where=sa.text("status = 'active'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Drop it again."""
    with op.get_context().autocommit_block():
        for name in (FACETS, TITLES):
            op.drop_index(name, "products", if_exists=True, postgresql_concurrently=True)
    for trigger in ("note_stock_turn", "note_stock_of_new", "note_stock_of_gone"):
        op.execute(f"DROP TRIGGER IF EXISTS {trigger} ON variants")
    op.execute("DROP FUNCTION IF EXISTS note_stock_turn()")
    for table in ("listing_counts", "stock_turns", "search_words"):
        op.drop_table(table)
    op.drop_column("products", "in_stock")
