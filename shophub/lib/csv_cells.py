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
    bare = text.lstrip(" \u00a0\ufeff\u200b")
    return f"'{text}" if bare[:1] in _STARTERS and bare else text


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV (RFC 4180), every cell in quotes, with a mark that tells spreadsheets it is UTF-8."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "\ufeff" + target.getvalue()
