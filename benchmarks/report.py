"""Numbers as a table."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import quantiles


@dataclass(frozen=True)
class Row:
    """One measurement in words. ``is_late``: it took longer than it may."""

    what: str
    result: str
    compared: str = ""
    is_late: bool = False


def percentiles_ms(seconds: Sequence[float]) -> str:
    """Return median and 95th percentile in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return f"p50 {cuts[49] * 1000:.1f} ms, p95 {cuts[94] * 1000:.1f} ms"


def print_table(machine: str, rows: Sequence[Row]) -> None:
    """Print the rows as a Markdown table, with machine and date."""
    sys.stdout.write(
        f"\n{datetime.now(UTC):%Y-%m-%d}, {machine}\n\n| what | result | compared |\n| --- | --- | --- |\n"
    )
    for row in rows:
        sys.stdout.write(f"| {row.what} | {row.result}{' **too slow**' if row.is_late else ''} | {row.compared} |\n")
