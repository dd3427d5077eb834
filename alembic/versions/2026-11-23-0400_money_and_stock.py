"""What refunds, fulfilment, reconciliation and the watch over the books need to remember."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "a1f0c2d4e604"
down_revision = "a1f0c2d4e603"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ALERT_KINDS = (
    "'invariant', 'unknown_payment', 'second_payment', 'refund_failed', 'dispute', 'needs_review', 'email_failed', "
    "'event_failed'"
)
# Table and column.
COLUMNS = (
    ("checkouts", sa.Column("goods_cart_id", sa.Uuid, nullable=True)),
    ("checkouts", sa.Column("payment_attempt", sa.Integer, nullable=False, server_default=sa.text("1"))),
    ("checkouts", sa.Column("confirming_until", MOMENT, nullable=True)),
    ("checkouts", sa.Column("changing_until", MOMENT, nullable=True)),
    ("order_lines", sa.Column("restocked_quantity", sa.Integer, nullable=False, server_default=sa.text("0"))),
    ("refunds", sa.Column("source", sa.Text, nullable=False, server_default="shop")),
    ("variants", sa.Column("low_stock_told_at", MOMENT, nullable=True)),
)


def upgrade() -> None:
    """Add columns with constant defaults (no table is rewritten or read), and four small tables.

    Each column is a transaction of its own, so that no two of the shop's tables are locked together. What has to read
    or change the rows there are is the next step's.
    """
    with op.get_context().autocommit_block():
        for table, column in COLUMNS:
            op.add_column(table, column, if_not_exists=True)
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by_id", sa.Uuid, nullable=True),
        sa.CheckConstraint(f"kind IN ({ALERT_KINDS})", name=op.f("ck_alerts_kind_known")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["users.id"], name=op.f("fk_alerts_resolved_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "uq_alerts_open", "alerts", ["kind", "subject"], unique=True, postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at"])
    op.create_index(op.f("ix_alerts_resolved_by_id"), "alerts", ["resolved_by_id"])
    op.create_table(
        "invariant_checks",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("violations", sa.Integer, nullable=False),
        sa.Column("sample", JSONB, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_invariant_checks")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reached_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("items", JSONB, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )


def downgrade() -> None:
    """Forget it again."""
    for table in ("digests", "marks", "invariant_checks", "alerts"):
        op.drop_table(table)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
