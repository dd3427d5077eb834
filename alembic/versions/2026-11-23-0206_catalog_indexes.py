"""Indexes for what listings ask: each order within a category, best rated first, what is marked down."""

from alembic import op
from sqlalchemy import text

revision = "a1f0c2d4e603"
down_revision = "a1f0c2d4e602"
branch_labels = None
depends_on = None

ACTIVE = "status = 'active'"
RATING = "(rating_sum::bigint * 10000 / greatest(rating_count, 1)) DESC"
# Name, table, columns, condition.
INDEXES = (
    ("ix_products_rating", "products", (RATING, "rating_count DESC", "id DESC"), ACTIVE),
    ("ix_products_category_price", "products", ("category_id", "price_from_minor", "id"), ACTIVE),
    ("ix_products_category_sold", "products", ("category_id", "sold_count DESC", "id DESC"), ACTIVE),
    ("ix_products_category_rating", "products", ("category_id", RATING, "rating_count DESC", "id DESC"), ACTIVE),
    ("ix_variants_marked_down", "variants", ("product_id", "price_minor"), "compare_at_minor IS NOT NULL"),
)


def upgrade() -> None:
    """Build them while the shop is open. One that was broken off is built anew."""
    with op.get_context().autocommit_block():
        for name, table, columns, condition in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                [text(column) for column in columns],
                postgresql_where=text(condition),
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    """Drop them."""
    with op.get_context().autocommit_block():
        for name, table, _, _ in INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
