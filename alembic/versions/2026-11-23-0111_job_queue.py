"""The job queue's own tables, as its library ships them."""

from procrastinate.schema import SchemaManager

from alembic import op

revision = "a1f0c2d4e602"
down_revision = "a1f0c2d4e601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the queue's tables, unless they are there: jobs survive a downgrade."""
    connection = op.get_bind()
    exists = connection.exec_driver_sql("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").scalar()
    if not exists:
        # Sent without parameters, so that its percent signs are not read as placeholders.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Leave the queue alone: jobs that wait must not be lost."""
