"""An open order's page hears of every step, refund and dispute, not only of what stands in the order's own row."""

from alembic import op

revision = "a1f0c2d4e606"
down_revision = "a1f0c2d4e605"
branch_labels = None
depends_on = None

# The same notice twice in one transaction is sent once, so that several steps of an order cost one.
FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION notify_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('order', jsonb_build_object('id', NEW.order_id));
  RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION notify_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('order', jsonb_build_object('id', p.order_id)) FROM payments p WHERE p.id = NEW.payment_id;
  RETURN NULL;
END $$
""",
)
# Trigger, table, what sets it off, what it does.
TRIGGERS = (
    ("notify_order_event", "order_events", "INSERT", "notify_of_order()"),
    ("notify_refund", "refunds", "INSERT OR UPDATE OF status", "notify_of_order()"),
    ("notify_payment", "payments", "UPDATE OF disputed_minor, pending_minor, refunded_minor", "notify_of_order()"),
    ("notify_dispute", "disputes", "INSERT OR UPDATE", "notify_dispute()"),
    ("notify_review", "orders", "UPDATE OF needs_review", "notify_row('order')"),
)


def upgrade() -> None:
    """Create the triggers, each in a transaction of its own: five locked tables would stand in each order's way."""
    with op.get_context().autocommit_block():
        for function in FUNCTIONS:
            op.execute(function)
        for trigger, table, moment, action in TRIGGERS:
            op.execute(
                f"CREATE OR REPLACE TRIGGER {trigger} AFTER {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {action}"
            )


def downgrade() -> None:
    """Drop them again."""
    for trigger, table, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("notify_of_order()", "notify_dispute()"):
        op.execute(f"DROP FUNCTION {function}")
