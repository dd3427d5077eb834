"""A file of products on its way into the catalog, in words."""

from datetime import datetime

from shophub.domain.import_columns import COLUMNS, mapping_problem
from shophub.repositories.product_imports import ImportRow
from shophub.schemas.product_import import PATH, ColumnChoice, HeaderPick, ImportView
from shophub.services.views.moments import date_text, recent_text

CHOICES = tuple(ColumnChoice(column.name, column.label) for column in COLUMNS)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def import_view(row: ImportRow, now: datetime) -> ImportView:
    """Return a file with what its columns are taken for."""
    taken = {place: name for name, place in row.mapping.items()}
    rows = "1 row" if row.row_count == 1 else f"{row.row_count:,} rows"
    return ImportView(
        id=str(row.id),
        file_name=row.file_name,
        size_text=f"{rows}, separated by {_DELIMITERS.get(row.delimiter, 'commas')}",
        when_iso=row.created_at.isoformat(),
        when_text=recent_text(row.created_at, now) or date_text(row.created_at),
        url=f"{PATH}?file={row.id}",
        headers=tuple(_header(row, place, taken.get(place, "")) for place in range(len(row.header))),
        problem=mapping_problem(row.mapping, len(row.header)),
        creates_categories=row.creates_categories,
        check_job_id=str(row.check_job_id or ""),
        import_job_id=str(row.import_job_id or ""),
    )


def _header(row: ImportRow, place: int, column: str) -> HeaderPick:
    samples = [cells[place] for cells in row.samples if place < len(cells) and cells[place]]
    label = row.header[place] or f"Column {place + 1}"
    return HeaderPick(str(place), label, column, " · ".join(dict.fromkeys(samples)))
