"""What e-mails about sold out goods and forgotten carts need to remember."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e605"
down_revision = "a1f0c2d4e604"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that are empty or have a constant default (no table is rewritten)."""
    op.add_column("users", sa.Column("accepts_stock_mails", sa.Boolean, nullable=False, server_default=sa.text("true")))
    op.add_column("wishlist_items", sa.Column("sold_out_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("carts", sa.Column("reminded_of", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("carts", "reminded_of")
    op.drop_column("wishlist_items", "sold_out_at")
    op.drop_column("users", "accepts_stock_mails")
