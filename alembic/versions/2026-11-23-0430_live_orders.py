"""An open order's page hears of every step, refund and dispute, not only of what stands in the order's own row."""

from alembic import op

revision = "a1f0c2d4e606"
down_revision = "a1f0c2d4e605"
branch_labels = None
depends_on = None

# The same notice twice in one transaction is sent once, so that several steps of an order cost one.
NOTICES = """
CREATE FUNCTION notify_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('order', jsonb_build_object('id', NEW.order_id));
  RETURN NULL;
END $$;
CREATE TRIGGER notify_order_event AFTER INSERT ON order_events
  FOR EACH ROW EXECUTE FUNCTION notify_of_order();
CREATE TRIGGER notify_refund AFTER INSERT OR UPDATE OF status ON refunds
  FOR EACH ROW EXECUTE FUNCTION notify_of_order();
CREATE TRIGGER notify_payment AFTER UPDATE OF disputed_minor, pending_minor, refunded_minor ON payments
  FOR EACH ROW EXECUTE FUNCTION notify_of_order();

CREATE FUNCTION notify_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('order', jsonb_build_object('id', p.order_id)) FROM payments p WHERE p.id = NEW.payment_id;
  RETURN NULL;
END $$;
CREATE TRIGGER notify_dispute AFTER INSERT OR UPDATE ON disputes
  FOR EACH ROW EXECUTE FUNCTION notify_dispute();

CREATE TRIGGER notify_review AFTER UPDATE OF needs_review ON orders
  FOR EACH ROW EXECUTE FUNCTION notify_row('order');
"""
TRIGGERS = (
    ("notify_order_event", "order_events"),
    ("notify_refund", "refunds"),
    ("notify_payment", "payments"),
    ("notify_dispute", "disputes"),
    ("notify_review", "orders"),
)


def upgrade() -> None:
    """Create the triggers."""
    op.execute(NOTICES)


def downgrade() -> None:
    """Drop them again."""
    for trigger, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("notify_of_order()", "notify_dispute()"):
        op.execute(f"DROP FUNCTION {function}")
