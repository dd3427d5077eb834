"""What a visitor looked at lately, and word to open pages when a review is written, changed or hidden."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e620"
down_revision = "a1f0c2d4e60b"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE OR REPLACE FUNCTION notify_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('product', jsonb_build_object('id', coalesce(NEW.product_id, OLD.product_id)));
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER notify_product_of_review
AFTER INSERT OR DELETE OR UPDATE OF rating, comment, author_name, helpful_count, is_hidden ON reviews
FOR EACH ROW EXECUTE FUNCTION notify_review()
"""


def upgrade() -> None:
    """Create an empty table and a trigger."""
    op.create_table(
        "product_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_token_hash", sa.Text(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (guest_token_hash IS NULL)", name=op.f("ck_product_views_one_viewer")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_product_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_views_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_views")),
    )
    op.create_index(
        "uq_product_views_user", "product_views", ["user_id", "product_id"], unique=True,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_product_views_guest", "product_views", ["guest_token_hash", "product_id"], unique=True,
        postgresql_where=sa.text("guest_token_hash IS NOT NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_product_views_product_id"), "product_views", ["product_id"])
    op.create_index(op.f("ix_product_views_viewed_at"), "product_views", ["viewed_at"])
    op.execute(FUNCTION)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Drop both."""
    op.execute("DROP TRIGGER notify_product_of_review ON reviews")
    op.execute("DROP FUNCTION notify_review()")
    op.drop_table("product_views")
