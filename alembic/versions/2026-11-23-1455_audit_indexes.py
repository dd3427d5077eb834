"""The audit log is searched by what was done and by the id of what it was done to."""

from alembic import op

revision = "a1f0c2d4e694"
down_revision = "a1f0c2d4e703"
branch_labels = None
depends_on = None

INDEXES = (("ix_audit_log_action", ("action", "id")), ("ix_audit_log_target_id", ("target_id", "id")))


def upgrade() -> None:
    """Build them while the shop is open. One that was broken off is built anew."""
    with op.get_context().autocommit_block():
        for name, columns in INDEXES:
            op.drop_index(name, "audit_log", if_exists=True, postgresql_concurrently=True)
            op.create_index(name, "audit_log", list(columns), postgresql_concurrently=True)


def downgrade() -> None:
    """Drop them."""
    with op.get_context().autocommit_block():
        for name, _ in INDEXES:
            op.drop_index(name, "audit_log", if_exists=True, postgresql_concurrently=True)
