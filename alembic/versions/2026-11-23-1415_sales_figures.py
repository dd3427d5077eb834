"""Sales are added up by day, and orders tell which days are to be added up again."""

import sqlalchemy as sa
from alembic import context, op

revision = "a1f0c2d4e703"
down_revision = "a1f0c2d4e6c3"
branch_labels = None
depends_on = None

# Whether an order is its customer's first depends on the others of theirs that were not cancelled.
TRIGGERS = """
CREATE FUNCTION note_sales_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sales_changes (day) VALUES ((NEW.placed_at AT TIME ZONE 'UTC')::date);
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sales_changes (day)
    SELECT DISTINCT (o.placed_at AT TIME ZONE 'UTC')::date FROM orders o
    WHERE o.email_key = NEW.email_key AND o.placed_at > NEW.placed_at;
  ELSIF (NEW.status = 'CANCELLED') <> (OLD.status = 'CANCELLED') OR NEW.email_key <> OLD.email_key
      OR NEW.placed_at <> OLD.placed_at THEN
    INSERT INTO sales_changes (day)
    SELECT DISTINCT (o.placed_at AT TIME ZONE 'UTC')::date FROM orders o
    WHERE o.email_key IN (NEW.email_key, OLD.email_key)
    UNION SELECT (OLD.placed_at AT TIME ZONE 'UTC')::date;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_sales_of_order AFTER INSERT OR UPDATE OF
  status, currency, total_minor, refunded_minor, discount_minor, coupon_code, email_key, placed_at ON orders
  FOR EACH ROW EXECUTE FUNCTION note_sales_of_order();

CREATE FUNCTION note_sales_of_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sales_changes (day)
  SELECT (o.placed_at AT TIME ZONE 'UTC')::date FROM orders o WHERE o.id = NEW.order_id;
  RETURN NULL;
END $$;
CREATE TRIGGER note_sales_of_line AFTER UPDATE OF
  quantity, total_minor, refunded_quantity, refunded_minor, product_id ON order_lines
  FOR EACH ROW EXECUTE FUNCTION note_sales_of_line();
"""


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _table(name: str, key: sa.Column[object], *columns: sa.Column[int]) -> None:
    op.create_table(
        name,
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        key,
        *columns,
        sa.PrimaryKeyConstraint("day", "currency", key.name, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    """Make them empty: until the worker has added a day up, it is read from its orders.

    Broken off while the index is built, it is done again from there.
    """
    if context.is_offline_mode() or not sa.inspect(op.get_bind()).has_table("sales_days"):
        _make()
    with op.get_context().autocommit_block():
        op.drop_index("ix_refunds_succeeded", "refunds", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_refunds_succeeded",
            "refunds",
            ["ended_at"],
            postgresql_where=sa.text("status = 'succeeded'"),
            postgresql_concurrently=True,
        )


def _make() -> None:
    _table(
        "sales_days",
        sa.Column("status", sa.Text(), nullable=False),
        _count("orders"),
        _amount("net_minor"),
        _count("first_orders"),
        _amount("first_net_minor"),
    )
    _table("sales_products", sa.Column("product_id", sa.Uuid(), nullable=False), _count("pieces"), _amount("net_minor"))
    _table(
        "sales_coupons",
        sa.Column("code", sa.Text(), nullable=False),
        _count("uses"),
        _amount("net_minor"),
        _amount("discount_minor"),
    )
    op.create_table(
        "sales_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_changes")),
    )
    op.execute(TRIGGERS)
    op.execute(
        "INSERT INTO sales_changes (day) SELECT DISTINCT (placed_at AT TIME ZONE 'UTC')::date FROM orders ORDER BY 1"
    )


def downgrade() -> None:
    """Forget the sums."""
    op.execute("DROP TRIGGER IF EXISTS note_sales_of_order ON orders")
    op.execute("DROP TRIGGER IF EXISTS note_sales_of_line ON order_lines")
    op.execute("DROP FUNCTION IF EXISTS note_sales_of_order()")
    op.execute("DROP FUNCTION IF EXISTS note_sales_of_line()")
    op.drop_index("ix_refunds_succeeded", "refunds", if_exists=True)
    for table in ("sales_changes", "sales_coupons", "sales_products", "sales_days"):
        op.drop_table(table)
