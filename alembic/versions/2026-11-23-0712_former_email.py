"""A used link that changed an address keeps the former one, so that it can be told."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e609"
down_revision = "a1f0c2d4e608"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("email_tokens", sa.Column("former_email", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget former addresses."""
    op.drop_column("email_tokens", "former_email")
