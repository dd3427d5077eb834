"""Reviews that nobody of the staff has looked at yet."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e665"
down_revision = "a1f0c2d4e663"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment at which a review was looked at, and find those without one at once."""
    op.add_column("reviews", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True), if_not_exists=True)
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_reviews_unchecked")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_reviews_unchecked ON reviews (created_at, id) WHERE checked_at IS NULL"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_reviews_created_at_id")
        op.execute("CREATE INDEX CONCURRENTLY ix_reviews_created_at_id ON reviews (created_at, id)")


def downgrade() -> None:
    """Forget it again."""
    op.drop_index("ix_reviews_created_at_id", table_name="reviews")
    op.drop_index("ix_reviews_unchecked", table_name="reviews")
    op.drop_column("reviews", "checked_at")
