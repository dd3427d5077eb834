"""Rows from one day to another."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Within:
    """Conditions of a statement, and their values."""

    conditions: tuple[str, ...]
    values: dict[str, Any]


def within_days(moment: str, first: date | None, last: date | None) -> Within:
    """Return what leaves the rows whose ``moment`` (SQL of ours) lies in these days of UTC, both included.

    The moment stands by itself, so that an index over it is of use.
    """
    conditions, values = list[str](), dict[str, Any]()
    if first is not None:
        conditions.append(f"{moment} >= CAST(CAST(:first AS date) AS timestamp) AT TIME ZONE 'UTC'")
        values["first"] = first
    if last is not None:
        conditions.append(f"{moment} < CAST(CAST(:last AS date) + 1 AS timestamp) AT TIME ZONE 'UTC'")
        values["last"] = last
    return Within(tuple(conditions), values)
