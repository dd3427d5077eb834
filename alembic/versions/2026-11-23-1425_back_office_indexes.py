"""Indexes for the staff's lists: counts, searches and sums that need not read the rows themselves."""

from alembic import op

revision = "a1f0c2d4e684"
down_revision = "a1f0c2d4e685"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_orders_counted", "orders (status, payment_status, placed_at) INCLUDE (needs_review)"),
    ("ix_orders_payment_status_placed_at", "orders (payment_status, placed_at DESC)"),
    ("ix_orders_total", "orders (total_minor, id)"),
    (
        "ix_orders_customer_sums",
        "orders (user_id, placed_at DESC) INCLUDE (total_minor, refunded_minor, payment_status, currency)"
        " WHERE user_id IS NOT NULL",
    ),
    ("ix_orders_email_key_begins", "orders (email_key text_pattern_ops) INCLUDE (id)"),
    ("ix_order_lines_sku_begins", "order_lines (sku text_pattern_ops) INCLUDE (order_id)"),
    ("ix_variants_sku_begins", "variants (sku text_pattern_ops) INCLUDE (product_id)"),
    ("ix_users_name", "users (lower(full_name), id)"),
    ("ix_reviews_rating_id", "reviews (rating, id)"),
)
# What the ones above do as well.
REPLACED = (
    ("ix_orders_email_key_prefix", "orders (email_key text_pattern_ops)"),
    ("ix_order_lines_sku_prefix", "order_lines (sku text_pattern_ops)"),
    ("ix_variants_sku_prefix", "variants (sku text_pattern_ops)"),
    ("ix_orders_user_id_placed_at", "orders (user_id, placed_at DESC)"),
)


def upgrade() -> None:
    """Build them while the shop is open. One that was broken off is built anew."""
    with op.get_context().autocommit_block():
        _replace(INDEXES, REPLACED)


def downgrade() -> None:
    """Go back to those that were there."""
    with op.get_context().autocommit_block():
        _replace(REPLACED, INDEXES)


def _replace(new: tuple[tuple[str, str], ...], old: tuple[tuple[str, str], ...]) -> None:
    for name, target in new:
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {target}")
    for name, _ in old:
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
