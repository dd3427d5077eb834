"""The audit log's chain gets positions, so that its end is found and its links are followed by an index."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e608"
down_revision = "a1f0c2d4e607"
branch_labels = None
depends_on = None

GUARD = """
CREATE OR REPLACE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.hash IS NULL AND NEW.hash IS NOT NULL
     AND to_jsonb(NEW) - {sealed} = to_jsonb(OLD) - {sealed} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""


def upgrade() -> None:
    """Add the position; sealing may fill it in, once."""
    op.add_column("audit_log", sa.Column("position", sa.BigInteger, nullable=True))
    op.create_unique_constraint(op.f("uq_audit_log_position"), "audit_log", ["position"])
    op.execute(GUARD.format(sealed="ARRAY['hash', 'previous_hash', 'position']"))


def downgrade() -> None:
    """Forget the positions."""
    op.execute(GUARD.format(sealed="ARRAY['hash', 'previous_hash']"))
    op.drop_column("audit_log", "position")
