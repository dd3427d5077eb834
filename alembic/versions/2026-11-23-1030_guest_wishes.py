"""What guests wish for before they sign in."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e622"
down_revision = "a1f0c2d4e621"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create an empty table."""
    op.create_table(
        "guest_wishes",
        sa.Column("guest_token_hash", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_guest_wishes_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guest_token_hash", "product_id", name=op.f("pk_guest_wishes")),
    )
    op.create_index(op.f("ix_guest_wishes_product_id"), "guest_wishes", ["product_id"])
    op.create_index(op.f("ix_guest_wishes_created_at"), "guest_wishes", ["created_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("guest_wishes")
