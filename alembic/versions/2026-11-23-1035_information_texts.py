"""Texts of the pages about the shop itself: what the merchant wrote in the place of ours."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e640"
down_revision = "a1f0c2d4e622"
branch_labels = None
depends_on = None

TABLE = "information_texts"
FUNCTION = """
CREATE OR REPLACE FUNCTION notify_information() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('information', jsonb_build_object('id', coalesce(NEW.page, OLD.page)));
  RETURN NULL;
END $$
"""
TRIGGER = f"""
CREATE OR REPLACE TRIGGER notify_information AFTER INSERT OR UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION notify_information()
"""


def upgrade() -> None:
    """Create an empty table and a trigger."""
    op.create_table(
        TABLE,
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "page IN ('contact', 'returns', 'privacy', 'terms')", name=op.f("ck_information_texts_page_known")
        ),
        sa.CheckConstraint("body <> ''", name=op.f("ck_information_texts_body_not_empty")),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_information_texts")),
    )
    op.execute(FUNCTION)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Drop both."""
    op.drop_table(TABLE)
    op.execute("DROP FUNCTION notify_information()")
