"""Lists that are searched in several ways at once.

PostgreSQL has no index for an ``OR`` over two tables, and where rows are collected by ``UNION`` first it does not know
how many they will be. So each way is a branch of its own, which finds what the ones before it do not. Each is planned
for itself: by an index where it finds little, along the list where it finds much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shophub.repositories.keyset import Keyset


@dataclass(frozen=True)
class Branches:
    """Conditions of which a row meets one at most, as SQL of a repository's own, and their values."""

    source: str
    conditions: tuple[str, ...]
    values: Mapping[str, Any]

    def every(self, columns: str) -> str:
        """Return the query for everything that is found."""
        return " UNION ALL ".join(f"SELECT {columns} FROM {self.source} WHERE {one}" for one in self.conditions)  # noqa: S608 - see the class

    def first(self, expression: str, keys: Keyset, row_id: str) -> str:
        """Return the query for a page's ids, each with its ``edge``; not in order."""
        way = keys.order.rsplit(" ", 1)[1]
        parts = " UNION ALL ".join(
            f"(SELECT {row_id} AS id, {expression} AS edge FROM {self.source} WHERE {one} AND {keys.condition}"  # noqa: S608
            f" ORDER BY {keys.order} LIMIT :page_limit)"
            for one in self.conditions
        )
        if len(self.conditions) == 1:
            return parts
        return f"SELECT id, edge FROM ({parts}) AS parts ORDER BY edge {way}, id {way} LIMIT :page_limit"  # noqa: S608


def either(source: str, conditions: Sequence[str], ways: Sequence[str], values: Mapping[str, Any]) -> Branches:
    """Return the branches for rows that meet all of ``conditions`` and one of ``ways``, which exclude each other."""
    return Branches(source, tuple(" AND ".join((*conditions, way)) for way in ways), values)
