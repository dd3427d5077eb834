"""The job queue's own tables, as its library ships them."""

from alembic import op
from procrastinate.schema import SchemaManager

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
        assert driver is not None  # noqa: S101 - for the type checker; an open connection has one
        driver.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Leave the queue alone: jobs that wait must not be lost."""
