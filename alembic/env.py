"""Migrations: compare the tables of ``shophub.models`` with the database and run the dated steps.

The job queue's own tables (``procrastinate_*``) belong to their library and are left alone.
"""

from typing import Any

from alembic import context
from sqlalchemy import create_engine, pool, text

from shophub.db import direct_database_url
from shophub.models import metadata

# One migration at a time, whichever process starts it.
MIGRATION_LOCK = 7_305_001


def include_object(thing: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what is not ours."""
    return not (type_ == "table" and name is not None and name.startswith("procrastinate_"))


def run_migrations_offline() -> None:
    """Print the SQL instead of running it."""
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run under a lock, with a short wait for table locks so that a busy shop is never stopped."""
    url = context.config.attributes.get("url") or direct_database_url()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        # Only now: another process may well migrate for longer than this.
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=include_object,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
    engine.dispose()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
