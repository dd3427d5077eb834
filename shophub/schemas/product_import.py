"""The pages that import products."""

from dataclasses import dataclass

PATH = "/admin/products/import"
UPLOAD_PATH = "/api/admin/imports"
TEMPLATE_PATH = "/api/admin/imports/template.csv"
FILE_FIELD = "file"
MAX_IMPORT_BYTES = 16 * 1024 * 1024
MAX_IMPORT_ROWS = 50_000


@dataclass(frozen=True)
class ColumnChoice:
    """A column that an import knows."""

    name: str = ""
    label: str = ""


@dataclass(frozen=True)
class HeaderPick:
    """A column of the file: its place, what it is called, what it is taken for (nothing: left out), what is in it."""

    place: str = ""
    label: str = ""
    column: str = ""
    sample: str = ""


@dataclass(frozen=True)
class ImportView:
    """A file and how far its import is. ``id`` is empty where none was chosen."""

    id: str = ""
    file_name: str = ""
    size_text: str = ""
    when_iso: str = ""
    when_text: str = ""
    url: str = ""
    headers: tuple[HeaderPick, ...] = ()
    problem: str = ""
    creates_categories: bool = False
    check_job_id: str = ""
    import_job_id: str = ""
