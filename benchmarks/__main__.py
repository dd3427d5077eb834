"""Run benchmarks, each on a clean database of an embedded server that writes to disk, and print one table."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import (
    api,
    back_office,
    books,
    imports,
    last_unit,
    listings,
    live_pages,
    orders,
    sign_in_storm,
    suites,
    webhooks,
)
from benchmarks.report import Row, print_table
from benchmarks.shop import use
from shophub.lib.embedded_postgres import EmbeddedPostgres
from shophub.lib.logging import configure_logging


def main() -> int:
    """Start a server, measure what was asked for, print; 1 where something took longer than it may."""
    chosen = _options()
    with tempfile.TemporaryDirectory(prefix="shophub-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, the server runs as another user
        use(SHOPHUB_DATA_DIR=folder, SHOPHUB_ENV="development")
        configure_logging(json_lines=False, level=40)  # errors alone
        rows: list[Row] = []
        with EmbeddedPostgres(Path(folder)) as server:
            for name, measure in chosen.items():
                sys.stderr.write(f"{name} …\n")
                rows += measure(server)
    print_table(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", rows)
    return 1 if any(row.is_late for row in rows) else 0


def _options() -> dict[str, Callable[[str], list[Row]]]:
    """Return what to run: all but the long forms of tests, or what was named."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    short = ["orders", "webhooks", "last-unit", "books", "listings", "sign-ins", "live", "api", "admin", "import"]
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join([*short, *suites.SUITES])}")
    parser.add_argument("--long", action="store_true", help="also the long forms, which take many minutes")
    parser.add_argument("--rounds", type=int, default=last_unit.ROUNDS, help="of the last unit; default: 1,000")
    options = parser.parse_args()
    known: dict[str, Callable[[str], list[Row]]] = {
        "orders": orders.measure,
        "webhooks": webhooks.measure,
        "last-unit": partial(last_unit.measure, rounds=options.rounds),
        "books": books.measure,
        "listings": partial(listings.measure, long=options.long),
        "sign-ins": sign_in_storm.measure,
        "live": live_pages.measure,
        "api": api.measure,
        "import": imports.measure,
        "admin": back_office.measure,
        **{name: partial(_suite, name) for name in suites.SUITES},
    }
    names = options.names or (list(known) if options.long else short)
    unknown = sorted(set(names) - set(known))
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(unknown)}")
    return {name: known[name] for name in names}


def _suite(name: str, _server: str) -> list[Row]:
    return suites.run(name)


if __name__ == "__main__":
    sys.exit(main())
