"""Tables whose whole state stands in their address: what an address asks for, and the address of what is asked for.

A table is described once (``TableSpec``); ``parse_table`` reads an address leniently (what it does not know is left
out), ``table_address`` writes one. Pages are found by a cursor: the sort value and the id of the row at their edge.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

PAGE_SIZE = 50
MAX_QUERY = 200
MAX_CURSOR = 1_000
_LARGEST = 2**63 - 1

SortKind = Literal["text", "number", "moment"]
SortValue = str | int | datetime


@dataclass(frozen=True)
class TabSpec:
    """A tab; the first of a table is the one without a value, which shows everything."""

    value: str
    label: str


@dataclass(frozen=True)
class FilterSpec:
    """A filter with one value at a time. ``choices`` (value and label) may also come with each answer."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ColumnSpec:
    """A column. One with ``sort`` can be sorted by; a fixed one cannot be hidden; ``is_shown`` False hides it first."""

    name: str
    label: str
    sort: SortKind | None = None
    descends_first: bool = False
    is_fixed: bool = False
    is_shown: bool = True
    is_number: bool = False


@dataclass(frozen=True)
class TableSpec:
    """A table. ``default_sort`` is a column's name, with a minus in front for descending."""

    name: str
    path: str
    columns: tuple[ColumnSpec, ...]
    default_sort: str
    tabs: tuple[TabSpec, ...] = ()
    filters: tuple[FilterSpec, ...] = ()
    search: str = ""
    export_path: str = ""

    def column(self, name: str) -> ColumnSpec:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def hidden_at_first(self) -> tuple[str, ...]:
        """Return the columns that are hidden until somebody asks for them."""
        return tuple(column.name for column in self.columns if not column.is_shown)


@dataclass(frozen=True)
class Cursor:
    """The edge of a page: rows behind it (``is_before`` False) or in front of it are asked for."""

    value: SortValue
    id: UUID
    is_before: bool = False


@dataclass(frozen=True)
class TableQuery:
    """What is asked of a table; ``sort`` as in ``TableSpec.default_sort``."""

    tab: str = ""
    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    hidden: tuple[str, ...] = ()
    is_compact: bool = False
    cursor: Cursor | None = None

    @property
    def sort_name(self) -> str:
        """Return the column that is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descends(self) -> bool:
        """Return whether the largest comes first."""
        return self.sort.startswith("-")

    def of(self, name: str) -> str:
        """Return a filter's value, nothing where it is not in force."""
        return self.filters.get(name, "")


def parse_table(spec: TableSpec, pairs: Iterable[tuple[str, str]]) -> TableQuery:
    """Return what the parameters of an address ask for; of several with one name the first counts."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(name, _printable(value))
    sort = given.get("sort", "")
    if sort.removeprefix("-") not in {column.name for column in spec.columns if column.sort}:
        sort = spec.default_sort
    tab = given.get("tab", "")
    hidden = spec.hidden_at_first if "hide" not in given else _hidden(spec, given["hide"])
    query = TableQuery(
        tab=tab if tab in {one.value for one in spec.tabs} else "",
        q=given.get("q", "").strip()[:MAX_QUERY],
        filters={one.name: given[one.name][:MAX_QUERY] for one in spec.filters if given.get(one.name)},
        sort=sort,
        hidden=hidden,
        is_compact=given.get("density") == "compact",
    )
    kind = spec.column(query.sort_name).sort or "text"
    for name in ("after", "before"):
        if name in given:
            return replace(query, cursor=read_cursor(given[name], kind, is_before=name == "before"))
    return query


def table_parameters(spec: TableSpec, query: TableQuery) -> list[tuple[str, str]]:
    """Return the parameters that ask for exactly ``query``, in one order, defaults left out."""
    pairs = [("tab", query.tab), ("q", query.q), *((one.name, query.of(one.name)) for one in spec.filters)]
    pairs.append(("sort", "" if query.sort == spec.default_sort else query.sort))
    found = [(name, value) for name, value in pairs if value]
    if set(query.hidden) != set(spec.hidden_at_first):
        found.append(("hide", ",".join(query.hidden)))
    if query.is_compact:
        found.append(("density", "compact"))
    if query.cursor is not None:
        found.append(("before" if query.cursor.is_before else "after", write_cursor(query.cursor)))
    return found


def table_address(spec: TableSpec, query: TableQuery, path: str = "") -> str:
    """Return the address that asks for ``query``."""
    text = urlencode(table_parameters(spec, query))
    return f"{path or spec.path}?{text}" if text else path or spec.path


def write_cursor(cursor: Cursor) -> str:
    """Return a cursor as it stands in an address."""
    value = cursor.value.isoformat() if isinstance(cursor.value, datetime) else cursor.value
    return base64.urlsafe_b64encode(json.dumps([value, str(cursor.id)]).encode()).decode().rstrip("=")


def read_cursor(text: str, kind: SortKind, *, is_before: bool = False) -> Cursor | None:
    """Return the cursor that ``write_cursor`` wrote for a sort of that kind, None for anything else."""
    try:
        padded = text[:MAX_CURSOR] + "=" * (-len(text[:MAX_CURSOR]) % 4)
        value, known = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        cursor = Cursor(_sort_value(value, kind), UUID(known), is_before)
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return cursor


def _sort_value(value: object, kind: SortKind) -> SortValue:
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
            raise ValueError("not a number that a row can have")
        return value
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("not a text that a row can have")
    if kind == "text":
        return value
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("not a moment")
    return moment


def _hidden(spec: TableSpec, text: str) -> tuple[str, ...]:
    asked = set(text.split(","))
    return tuple(column.name for column in spec.columns if column.name in asked and not column.is_fixed)


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
