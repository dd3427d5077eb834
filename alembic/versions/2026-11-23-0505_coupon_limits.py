"""When a coupon's limits were set: uses that are older may be more than they allow."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e607"
down_revision = "a1f0c2d4e606"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column without a default: no table is rewritten."""
    op.add_column("coupons", sa.Column("limits_set_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("coupons", "limits_set_at")
