"""Tables by their address: what is read leniently, what is written, and cursors that nobody can break."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from shophub.lib.ids import new_id
from shophub.lib.tables import (
    ColumnSpec,
    Cursor,
    FilterSpec,
    SortKind,
    TableQuery,
    TableSpec,
    TabSpec,
    parse_table,
    read_cursor,
    table_address,
    write_cursor,
)

SPEC = TableSpec(
    name="things",
    path="/admin/things",
    columns=(
        ColumnSpec("name", "Name", sort="text", is_fixed=True),
        ColumnSpec("size", "Size", sort="number"),
        ColumnSpec("note", "Note", is_shown=False),
    ),
    default_sort="name",
    tabs=(TabSpec("", "All"), TabSpec("new", "New")),
    filters=(FilterSpec("colour", "Colour"),),
)


def test_plain_address_asks_for_everything_in_the_first_order():
    query = parse_table(SPEC, [])

    assert query == TableQuery(sort="name", hidden=("note",))
    assert table_address(SPEC, query) == "/admin/things"


def test_address_and_query_are_two_forms_of_the_same():
    query = TableQuery(
        tab="new",
        q="oak & brass",
        filters={"colour": "red"},
        sort="-size",
        hidden=("size", "note"),
        is_compact=True,
        cursor=Cursor(12, new_id(), is_before=True),
    )

    address = table_address(SPEC, query)

    assert parse_table(SPEC, parse_qsl(urlsplit(address).query)) == query


def test_what_an_address_does_not_know_is_left_out():
    pairs = [("tab", "sold"), ("sort", "note"), ("after", "rubbish"), ("hide", "name,x"), ("q", "a\x00b"), ("q", "c")]

    assert parse_table(SPEC, pairs) == TableQuery(q="ab", sort="name")


@pytest.mark.parametrize(
    ("value", "kind"),
    [("Ünïcode", "text"), (-5, "number"), (datetime(2026, 5, 6, 7, 8, 9, 10, tzinfo=UTC), "moment")],
    ids=["text", "number", "moment"],
)
def test_cursor_comes_back_as_it_was(value: str | int | datetime, kind: SortKind):
    cursor = Cursor(value, new_id())

    assert read_cursor(write_cursor(cursor), kind) == cursor


@pytest.mark.parametrize("kind", ["text", "number", "moment"])
def test_broken_cursor_is_none(kind: SortKind):
    other = Cursor("x", new_id()) if kind != "text" else Cursor(1, new_id())
    texts = ["", "=", "a" * 5_000, "eyJhIjoxfQ", "WzFd", "bnVsbA", "\ud800", write_cursor(other)]

    assert [read_cursor(text, kind) for text in texts] == [None] * len(texts)
    assert read_cursor(write_cursor(Cursor(2**70, new_id())), "number") is None
    assert read_cursor(write_cursor(Cursor("2026-01-01", new_id())), "moment") is None
