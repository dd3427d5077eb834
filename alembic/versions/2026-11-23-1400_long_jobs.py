"""Long work of the staff, in the place of a table of imports that nothing ever wrote."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c2d4e683"
down_revision = "a1f0c2d4e671"
branch_labels = None
depends_on = None

# One notice for each step, to the pages of whose work it is.
NOTICE = """
CREATE OR REPLACE FUNCTION notify_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('work', jsonb_build_object('id', coalesce(NEW.owner_id, OLD.owner_id)));
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER notify_work AFTER INSERT OR DELETE OR UPDATE ON long_jobs
  FOR EACH ROW EXECUTE FUNCTION notify_work();
"""


def upgrade() -> None:
    """Create two empty tables; the one that goes is empty as well."""
    op.create_table(
        "long_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("network_address", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("result_name", sa.Text(), server_default="", nullable=False),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("problems", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("samples", postgresql.JSONB(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("run", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fruitless", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_long_jobs_state_known")
        ),
        sa.CheckConstraint("done >= 0", name=op.f("ck_long_jobs_done_not_negative")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_long_jobs_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_long_jobs_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_jobs")),
    )
    op.create_index("ix_long_jobs_owner_id_created_at", "long_jobs", ["owner_id", "created_at", "id"])
    op.create_index(
        "ix_long_jobs_unfinished", "long_jobs", ["id"], postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.create_index(op.f("ix_long_jobs_finished_at"), "long_jobs", ["finished_at"])
    op.create_table(
        "long_job_parts",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("role IN ('input', 'result')", name=op.f("ck_long_job_parts_role_known")),
        sa.CheckConstraint("octet_length(content) <= 33554432", name=op.f("ck_long_job_parts_content_bounded")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["long_jobs.id"], name=op.f("fk_long_job_parts_job_id_long_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "role", "place", name=op.f("pk_long_job_parts")),
    )
    op.execute(NOTICE)
    op.drop_table("imports")


def downgrade() -> None:
    """Go back to the table that nothing writes."""
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="mapping", nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("total_rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("bad_rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('mapping', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_imports_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_imports_created_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_created_by_id"), "imports", ["created_by_id"], unique=False)
    op.drop_table("long_job_parts")
    op.drop_table("long_jobs")
    op.execute("DROP FUNCTION notify_work()")
