"""Indexes for the staff's list of products: every status, in each order, and found by the beginning of a SKU."""

from alembic import op
from sqlalchemy import text

revision = "a1f0c2d4e671"
down_revision = "a1f0c2d4e665"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_products_all_created", "products", ("created_at", "id")),
    ("ix_products_status_created", "products", ("status", "created_at", "id")),
    ("ix_products_all_name", "products", ("lower(name)", "id")),
    ("ix_products_all_price", "products", ("coalesce(price_from_minor, 0)", "id")),
    ("ix_products_all_sold", "products", ("sold_count", "id")),
    ("ix_variants_sku_prefix", "variants", ("sku text_pattern_ops",)),
)


def upgrade() -> None:
    """Build them while the shop is open. One that was broken off is built anew."""
    with op.get_context().autocommit_block():
        for name, table, columns in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, [text(column) for column in columns], postgresql_concurrently=True)


def downgrade() -> None:
    """Drop them."""
    with op.get_context().autocommit_block():
        for name, table, _ in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
