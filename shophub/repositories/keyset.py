"""Pages that begin behind a row: as quick at the end of a long list as at its beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shophub.lib.tables import PAGE_SIZE, Cursor, SortKind, TableQuery

RowT = TypeVar("RowT")
_CASTS: Mapping[SortKind, str] = {"text": "text", "number": "bigint", "moment": "timestamptz"}


@dataclass(frozen=True)
class Keyset:
    """The pieces of a statement for one page: a condition, an order, a limit of one row more, and their values.

    Before a cursor the order is turned round, so that the limit takes the rows next to it; ``page`` turns them back.
    """

    condition: str
    order: str
    values: Mapping[str, Any]
    is_turned: bool
    has_cursor: bool
    size: int = PAGE_SIZE


def keyset(expression: str, kind: SortKind, query: TableQuery, *, row_id: str, size: int = PAGE_SIZE) -> Keyset:
    """Return the pieces for a page sorted by ``expression`` (SQL of a repository's own, never null), then by id."""
    cursor = query.cursor
    is_turned = cursor is not None and cursor.is_before
    way = "DESC" if query.descends != is_turned else "ASC"
    order = f"{expression} {way}, {row_id} {way}"
    values: dict[str, Any] = {"page_limit": size + 1}
    if cursor is None:
        return Keyset("true", order, values, is_turned, has_cursor=False, size=size)
    sign = "<" if way == "DESC" else ">"
    condition = f"({expression}, {row_id}) {sign} (CAST(:cursor_value AS {_CASTS[kind]}), CAST(:cursor_id AS uuid))"
    values |= {"cursor_value": cursor.value, "cursor_id": cursor.id}
    return Keyset(condition, order, values, is_turned, has_cursor=True, size=size)


def page(keys: Keyset, rows: Sequence[RowT]) -> tuple[list[RowT], bool, bool]:
    """Return the page's rows in the order that was asked for, and whether there are some before and behind it."""
    kept = list(rows[: keys.size])
    more = len(rows) > keys.size
    if keys.is_turned:
        return kept[::-1], more, True
    return kept, keys.has_cursor, more


__all__ = ["Cursor", "Keyset", "keyset", "page"]
