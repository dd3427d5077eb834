"""Reading tables that people's spreadsheets wrote: UTF-8 with or without its mark, commas, semicolons or tabs."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from shophub.errors import InvalidInputError
from shophub.lib.csv_cells import original_cell

DELIMITERS = (",", ";", "\t")
_SAMPLE_ROWS = 20
_LONGEST_CELL = 131_072
_SAVE_AS = "Save it as “CSV UTF-8” and choose it again."


@dataclass(frozen=True)
class TableRow:
    """A row with its number as a spreadsheet counts: the header is row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ReadTable:
    """What a file holds. Rows without any text are left out; the others have as many cells as their file gave them."""

    delimiter: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(data: bytes, *, max_rows: int) -> ReadTable:
    """Return the table in a file; texts that were protected from spreadsheets come back as they were.

    Raises:
        InvalidInputError: No text, no header, no rows, too many of them, or quotes that do not match.
    """
    text = _text(data)
    delimiter = _delimiter(text)
    rows: list[TableRow] = []
    header: tuple[str, ...] = ()
    number = 0
    try:
        for number, written in enumerate(_records(text, delimiter), 1):
            cells = tuple(original_cell(cell) for cell in written)
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = tuple(cell.strip() for cell in cells)
                continue
            rows.append(TableRow(number, cells))
            if len(rows) > max_rows:
                raise InvalidInputError(f"The file has more than {max_rows:,} rows. Import it in parts.")
    except csv.Error as error:
        sentence = "has a cell that is too long" if "field larger" in str(error) else "has quotes that do not match"
        raise InvalidInputError(f"Row {number + 1:,} {sentence}, so nothing after it can be read.") from error
    if not header:
        raise InvalidInputError("The file is empty.")
    if not rows:
        raise InvalidInputError("The file has a header and no rows.")
    return ReadTable(delimiter, header, tuple(rows))


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidInputError(f"The file is in UTF-16, which cannot be read. {_SAVE_AS}")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InvalidInputError(f"That is a spreadsheet's own file and not a table of text. {_SAVE_AS}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInputError(f"Line {line:,} of the file is not UTF-8. {_SAVE_AS}") from error
    if "\x00" in text:
        raise InvalidInputError(f"The file holds characters that no text has. {_SAVE_AS}")
    return text


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str) -> str:
    """Return the sign under which most of the first rows have the same number of cells, and more than one."""
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(cells) for cells in islice(_records(text, delimiter), _SAMPLE_ROWS) if cells)
        except csv.Error:
            continue
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        if width > 1 and (count, width) > best_score:
            best, best_score = delimiter, (count, width)
    return best
