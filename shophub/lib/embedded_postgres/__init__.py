"""A PostgreSQL server of the project's own, from the binaries of a Python wheel: nothing to install, no port taken."""

from shophub.lib.embedded_postgres.server import EmbeddedPostgres, ServerStatus

__all__ = ["EmbeddedPostgres", "ServerStatus"]
