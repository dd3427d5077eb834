"""Tables for spreadsheets, in which no text becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_STARTERS = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
Cell = str | int | bool | None


def safe_cell(value: Cell) -> str:
    """Return a cell's text. One that a spreadsheet would compute gets an apostrophe before it and stays a text.

    Numbers are ours, negative ones too, and stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    text = value.replace("\x00", "")
    return f"'{text}" if _is_computed(text) else text


def original_cell(text: str) -> str:
    """Return what ``safe_cell`` was given, of a text that it returned or that a program of others wrote."""
    return text[1:] if text[:1] == "'" and _is_computed(text[1:]) else text


def _is_computed(text: str) -> bool:
    """Return whether a spreadsheet would compute a text, or would if the apostrophes before it were not there.

    The latter so that a text that begins with an apostrophe by itself gets another one, and can be told apart.
    """
    bare = text.lstrip("'").lstrip(" \u00a0\ufeff\u200b")
    return bare[:1] in _STARTERS and bool(bare)


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV (RFC 4180), every cell in quotes, with a mark that tells spreadsheets it is UTF-8."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "\ufeff" + target.getvalue()
