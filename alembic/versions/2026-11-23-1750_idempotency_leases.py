"""Idempotency keys are leased while a request is being answered, and keep the answer sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c2d4e6f1"
down_revision = "a1f0c2d4e694"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the table, which nothing has written to so far."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM idempotency_keys")
    op.drop_column("idempotency_keys", "status_code")
    op.drop_column("idempotency_keys", "response")
    op.add_column("idempotency_keys", sa.Column("leased_by", sa.Uuid(), nullable=False))
    op.add_column("idempotency_keys", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False))
    op.add_column("idempotency_keys", sa.Column("answer", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_idempotency_keys_answered_when_completed"),
        "idempotency_keys",
        "(answer IS NULL) = (completed_at IS NULL)",
    )


def downgrade() -> None:
    """Change it back; the answers of the last day are forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM idempotency_keys")
    op.drop_constraint(op.f("ck_idempotency_keys_answered_when_completed"), "idempotency_keys", type_="check")
    op.drop_column("idempotency_keys", "answer")
    op.drop_column("idempotency_keys", "leased_until")
    op.drop_column("idempotency_keys", "leased_by")
    op.add_column("idempotency_keys", sa.Column("response", postgresql.JSONB(), nullable=True))
    op.add_column("idempotency_keys", sa.Column("status_code", sa.Integer(), nullable=True))
