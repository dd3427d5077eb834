"""Run every benchmark on a clean database of the embedded server and print one table."""

import asyncio
import os
import platform
import tempfile
from pathlib import Path

from benchmarks.report import Row, print_table


def main() -> None:
    """Start a server of its own, measure, print."""
    with tempfile.TemporaryDirectory(prefix="shophub-bench-") as folder:
        os.environ["SHOPHUB_DATA_DIR"] = folder
        os.environ.pop("DATABASE_URL", None)
        from shophub.lib.embedded_postgres import EmbeddedPostgres

        with EmbeddedPostgres(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            from alembic import command
            from alembic.config import Config

            from benchmarks import listings, money_and_stock

            command.upgrade(Config("alembic.ini"), "head")
            rows: list[Row] = asyncio.run(money_and_stock.measure(url))
            rows += asyncio.run(listings.measure())
    print_table(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", rows)


if __name__ == "__main__":
    main()
