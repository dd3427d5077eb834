"""Files of products that the staff chose to import."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c2d4e6c3"
down_revision = "a1f0c2d4e684"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create an empty table."""
    op.create_table(
        "product_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("delimiter", sa.Text(), server_default=",", nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("header", postgresql.JSONB(), nullable=False),
        sa.Column("samples", postgresql.JSONB(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("creates_categories", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("check_job_id", sa.Uuid(), nullable=True),
        sa.Column("import_job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("octet_length(content) <= 16777216", name=op.f("ck_product_imports_content_bounded")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_product_imports_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["check_job_id"],
            ["long_jobs.id"],
            name=op.f("fk_product_imports_check_job_id_long_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["import_job_id"],
            ["long_jobs.id"],
            name=op.f("fk_product_imports_import_job_id_long_jobs"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_imports")),
    )
    for column in ("owner_id", "check_job_id", "import_job_id", "created_at"):
        op.create_index(op.f(f"ix_product_imports_{column}"), "product_imports", [column])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("product_imports")
