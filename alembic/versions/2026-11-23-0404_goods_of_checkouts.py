"""Whose goods each checkout takes, filled in for those there are, and the rules of the columns of the step before.

Each statement is a transaction of its own and none locks out the shop: the index is built beside it, rules hold for new
rows at once and are then checked against the old ones, which are changed a few at a time. Broken off, it starts anew.
"""

from alembic import op

revision = "a1f0c2d4e614"
down_revision = "a1f0c2d4e604"
branch_labels = None
depends_on = None

INDEX = "ix_checkouts_goods_cart_id"
# Table, name, rule.
CONSTRAINTS = (
    (
        "checkouts",
        "fk_checkouts_goods_cart_id_carts",
        "FOREIGN KEY (goods_cart_id) REFERENCES carts (id) ON DELETE SET NULL",
    ),
    (
        "order_lines",
        "ck_order_lines_restocked_quantity_range",
        "CHECK (restocked_quantity BETWEEN 0 AND quantity)",
    ),
    ("refunds", "ck_refunds_source_known", "CHECK (source IN ('shop', 'provider'))"),
    ("refunds", "ck_refunds_amount_or_restock", "CHECK (amount_minor > 0 OR amount_minor = 0 AND restock)"),
)
OLD_AMOUNT = "ck_refunds_amount_positive"
# A row is locked for as long as its batch takes.
BACKFILL = """
DO $$
DECLARE
  reached uuid := '00000000-0000-0000-0000-000000000000';
  batch uuid[];
BEGIN
  LOOP
    SELECT array_agg(id ORDER BY id) INTO batch
      FROM (SELECT id FROM checkouts WHERE id > reached ORDER BY id LIMIT 500) AS next;
    EXIT WHEN batch IS NULL;
    UPDATE checkouts SET goods_cart_id = cart_id
     WHERE id = ANY (batch) AND goods_cart_id IS NULL AND cart_id IS NOT NULL;
    COMMIT;
    reached := batch[cardinality(batch)];
  END LOOP;
END $$
"""


def upgrade() -> None:
    """Build the index, let the rules hold for new rows, fill in the old ones, and check those."""
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "checkouts", if_exists=True, postgresql_concurrently=True)
        op.create_index(INDEX, "checkouts", ["goods_cart_id"], postgresql_concurrently=True)
        for table, name, rule in CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} {rule} NOT VALID")
        op.execute(BACKFILL)
        for table, name, _ in CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        op.execute(f"ALTER TABLE refunds DROP CONSTRAINT IF EXISTS {OLD_AMOUNT}")


def downgrade() -> None:
    """Drop the rules and the index; the columns go with the step before. Refunds of nothing stay as they are."""
    with op.get_context().autocommit_block():
        op.execute(
            f"ALTER TABLE refunds DROP CONSTRAINT IF EXISTS {OLD_AMOUNT},"
            f" ADD CONSTRAINT {OLD_AMOUNT} CHECK (amount_minor > 0) NOT VALID"
        )
        for table, name, _ in CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.drop_index(INDEX, "checkouts", if_exists=True, postgresql_concurrently=True)
