"""The staff find orders by the beginning of an e-mail address or SKU, and see each other's notes at once."""

from alembic import op

revision = "a1f0c2d4e663"
down_revision = "a1f0c2d4e661"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_orders_email_key_prefix", "orders (email_key text_pattern_ops)"),
    ("ix_order_lines_sku_prefix", "order_lines (sku text_pattern_ops)"),
)
TRIGGER = (
    "CREATE OR REPLACE TRIGGER notify_order_note AFTER INSERT ON order_notes"
    " FOR EACH ROW EXECUTE FUNCTION notify_of_order()"
)


def upgrade() -> None:
    """Build the indexes while the shop runs, and have notes heard of."""
    with op.get_context().autocommit_block():
        for name, target in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {target}")
        op.execute(TRIGGER)


def downgrade() -> None:
    """Drop them again."""
    op.execute("DROP TRIGGER notify_order_note ON order_notes")
    for name, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
