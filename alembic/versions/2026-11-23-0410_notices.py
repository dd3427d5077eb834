"""What e-mails about sold out goods and forgotten carts need to remember."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e605"
down_revision = "a1f0c2d4e614"
branch_labels = None
depends_on = None

# Table and column.
COLUMNS = (
    ("users", sa.Column("accepts_stock_mails", sa.Boolean, nullable=False, server_default=sa.text("true"))),
    ("wishlist_items", sa.Column("sold_out_at", sa.DateTime(timezone=True), nullable=True)),
    ("carts", sa.Column("reminded_of", sa.Text, nullable=True)),
)


def upgrade() -> None:
    """Add columns that are empty or have a constant default (no table is rewritten), one table at a time."""
    with op.get_context().autocommit_block():
        for table, column in COLUMNS:
            op.add_column(table, column, if_not_exists=True)


def downgrade() -> None:
    """Forget it again."""
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
