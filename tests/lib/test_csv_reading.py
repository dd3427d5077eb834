"""Tables that spreadsheets wrote, and what is said of files that are none."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shophub.errors import InvalidInputError
from shophub.lib.csv_cells import original_cell, safe_cell, table
from shophub.lib.csv_reading import DELIMITERS, read_table

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''=1", "' =1", "'", "''", "\u200b=x", "a\r\nb", '"', ';,\t"', "-5", "\n", "\r"]
)


@given(TEXT)
def test_protected_cell_comes_back_as_it_was(text: str):
    assert original_cell(safe_cell(text)) == text


@example([("", "", "0"), ("", "", "\n")])
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=8))
def test_file_of_ours_comes_back_as_it_was(rows: list[tuple[str, str, str]]):
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    if not kept:
        return

    read = read_table(table(("one", "two", "three"), rows).encode(), max_rows=10)

    assert read.header == ("one", "two", "three")
    assert [row.cells for row in read.rows] == kept


@given(st.sampled_from(DELIMITERS), st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.booleans())
def test_files_of_others_are_read_by_whatever_separates_them(
    delimiter: str, rows: list[tuple[str, str]], has_mark: bool
):
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("sku", "name"), *rows, ("A-1", "Last one")])
    data = (("\ufeff" if has_mark else "") + target.getvalue()).encode()

    read = read_table(data, max_rows=10)

    assert (read.delimiter, read.header) == (delimiter, ("sku", "name"))
    assert read.rows[-1].cells == ("A-1", "Last one")
    assert read.rows[-1].number == len(rows) + 2  # as a spreadsheet counts, whatever breaks the cells have


def test_empty_rows_count_and_are_left_out():
    read = read_table(b"\nsku;name\n\nA;One\n;\nB;Two\n", max_rows=10)

    assert [(row.number, row.cells) for row in read.rows] == [(4, ("A", "One")), (6, ("B", "Two"))]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"sku,name\n", "a header and no rows"),
        ("sku,name\nA,Gr\u00fcn\n".encode("latin-1"), "Line 2 of the file is not UTF-8"),
        ("sku,name\nA,B\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet's own file"),
        (b"sku,name\nA,\x00\n", "characters that no text has"),
        (b'sku,name\nA,"one\nB,two\n', "Row 2 has quotes that do not match"),
        (b"sku,name\nA," + b"x" * 140_000 + b"\n", "Row 2 has a cell that is too long"),
        (b"sku,name\n" + b"A,B\n" * 11, "more than 10 rows"),
    ],
    ids=["empty", "header", "latin", "utf-16", "xlsx", "nul", "quote", "long", "rows"],
)
def test_what_cannot_be_read_is_said_in_words(data: bytes, sentence: str):
    with pytest.raises(InvalidInputError) as caught:
        read_table(data, max_rows=10)

    assert sentence in caught.value.message
