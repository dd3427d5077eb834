"""Importing products from a table: choosing a file, saying which column is which, checking, importing.

A file is checked as a whole before anything is written (``services/flows/product_import``). What is imported is what
was checked: the same file, never changed, and the same mapping. The format is that of ``product_export``.
"""

from collections.abc import Mapping
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.import_columns import BY_NAME, find_columns, mapping_problem
from shophub.domain.permissions import Permission
from shophub.domain.statuses import WorkState
from shophub.errors import ConflictError, ImportNotFoundError, InvalidInputError, UnauthenticatedError
from shophub.lib.csv_cells import table
from shophub.lib.csv_reading import ReadTable
from shophub.lib.ids import new_id
from shophub.lib.money import decimal_string, exponent
from shophub.lib.plain_text import plain_text
from shophub.repositories import product_imports
from shophub.repositories.product_imports import ImportRow
from shophub.services import long_jobs, stores
from shophub.services.audit import Actor
from shophub.services.long_jobs import WorkKind
from shophub.services.product_export import COLUMNS

CHECK = WorkKind("products.import_check", Permission.MANAGE_PRODUCTS)
IMPORT = WorkKind("products.import", Permission.MANAGE_PRODUCTS)
SAMPLE_ROWS = 3
LONGEST_SAMPLE = 60
LONGEST_NAME = 100
LATEST = 5
MAX_COLUMNS = 100


async def keep_file(session: AsyncSession, actor: Actor, file_name: str, data: bytes, read: ReadTable) -> UUID:
    """Keep a file that was read, for a week; returns its id. Its columns are found by their names, as far as possible.

    Raises:
        UnauthenticatedError: Nobody's file.
        InvalidInputError: More than 100 columns.
    """
    if actor.user_id is None:
        raise UnauthenticatedError("Please sign in first.")
    if len(read.header) > MAX_COLUMNS:
        raise InvalidInputError(f"The file has more than {MAX_COLUMNS} columns. Take out those that are no part of it.")
    import_id = new_id()
    name = " ".join(plain_text(file_name).split())[-LONGEST_NAME:] or "products.csv"
    await product_imports.insert(
        session,
        id=import_id,
        owner_id=actor.user_id,
        file_name=name,
        content=data,
        delimiter=read.delimiter,
        row_count=len(read.rows),
        header=[_shown(cell) for cell in read.header],
        samples=[[_shown(cell) for cell in row.cells] for row in read.rows[:SAMPLE_ROWS]],
        mapping=find_columns(read.header),
    )
    return import_id


async def get(session: AsyncSession, owner_id: UUID, import_id: UUID) -> ImportRow:
    """Return one's own file.

    Raises:
        ImportNotFoundError: There is none, or it is not theirs.
    """
    found = await product_imports.find_own(session, import_id, owner_id)
    if found is None:
        raise ImportNotFoundError("That file is not here any more: files are kept for a week. Choose it again.")
    return found


async def list_latest(session: AsyncSession, owner_id: UUID) -> list[ImportRow]:
    """Return somebody's latest files."""
    return await product_imports.list_own(session, owner_id, LATEST)


async def set_mapping(
    session: AsyncSession, owner_id: UUID, import_id: UUID, mapping: Mapping[str, int], *, creates_categories: bool
) -> ImportRow:
    """Say which column is which; a check of another mapping counts no more. Returns the file as it then stands.

    Raises:
        ImportNotFoundError: See ``get``.
        InvalidInputError: Not a column of the file, or not one that an import knows.
        ConflictError: The file is being imported.
    """
    found = await _locked(session, owner_id, import_id)
    width = len(found.header)
    if any(name not in BY_NAME or not 0 <= place < width for name, place in mapping.items()):
        raise InvalidInputError("That column is not in the file.")
    if found.import_job_id is not None:
        raise ConflictError("The file was imported with these columns already. Choose it again to import it otherwise.")
    if (dict(mapping), creates_categories) != (found.mapping, found.creates_categories):
        await product_imports.set_mapping(session, import_id, mapping, creates_categories=creates_categories)
    return await get(session, owner_id, import_id)


async def start_check(session: AsyncSession, actor: Actor, import_id: UUID) -> UUID:
    """Have a file looked through, without writing anything to the catalog; returns the id of the work.

    Raises:
        ImportNotFoundError: See ``get``.
        InvalidInputError: The mapping cannot be used.
        ConflictError: The file is being imported.
        TooMuchWorkError: See ``long_jobs.start``.
    """
    owner_id = _owner(actor)
    found = await _locked(session, owner_id, import_id)
    _require_usable(found)
    if found.import_job_id is not None:
        raise ConflictError("The file was imported already. Choose it again to import it once more.")
    job_id = await long_jobs.start(
        session,
        actor,
        CHECK,
        title=f"Check of {found.file_name}",
        total=found.row_count,
        parameters=await _parameters(session, found),
        result_name="import-check.csv",
    )
    await product_imports.set_check(session, import_id, job_id)
    return job_id


async def start_import(session: AsyncSession, actor: Actor, import_id: UUID, *, skips_errors: bool) -> UUID:
    """Import a file that was checked as it stands; returns the id of the work. Twice asked, it is imported once.

    Raises:
        ImportNotFoundError: See ``get``.
        ConflictError: It was not checked as it stands.
        InvalidInputError: The check found rows with errors, and nobody said that they are to be left out; or no others.
        TooMuchWorkError: See ``long_jobs.start``.
    """
    owner_id = _owner(actor)
    found = await _locked(session, owner_id, import_id)
    _require_usable(found)
    if found.import_job_id is not None:
        return found.import_job_id
    parameters = await _parameters(session, found)
    check = await long_jobs.get(session, owner_id, found.check_job_id) if found.check_job_id else None
    if check is None or check.state != WorkState.DONE or check.parameters != parameters:
        raise ConflictError("Check the file first: it was not looked through as it stands now.")
    if check.problems and not skips_errors:
        raise InvalidInputError("Say what to do with the rows that have errors: tick the box, or mend the file.")
    if not check.counts.get("created") and not check.counts.get("updated"):
        raise InvalidInputError("There is nothing to import: no row would change anything.")
    job_id = await long_jobs.start(
        session,
        actor,
        IMPORT,
        title=f"Import of {found.file_name}",
        total=found.row_count,
        parameters=parameters,
        result_name="import-result.csv",
    )
    await product_imports.set_import(session, import_id, job_id)
    return job_id


async def template(session: AsyncSession) -> str:
    """Return a file to begin with: the header, a product of one variant and one of two."""
    currency = (await stores.get_store(session)).currency
    price, before = (decimal_string(whole * 10 ** exponent(currency), currency) for whole in (24, 30))
    plain = ("plain-mug", "Plain mug", "draft", "kitchen", "Example", "mug, gift", "Stoneware, 300 ml.")
    shirt = ("linen-shirt", "Linen shirt", "draft", "clothing", "Example", "linen", "Washed linen.")
    rest = ("", "", "", "")
    rows = (
        (*plain, "", "", *rest, "MUG-1", price, "", currency, 12),
        (*shirt, "Size", "S", *rest, "SHIRT-S", price, before, currency, 5),
        (*shirt, "Size", "M", *rest, "SHIRT-M", price, before, currency, 8),
    )
    return table(COLUMNS, rows)


async def _locked(session: AsyncSession, owner_id: UUID, import_id: UUID) -> ImportRow:
    await product_imports.lock_own(session, import_id, owner_id)
    return await get(session, owner_id, import_id)


async def _parameters(session: AsyncSession, found: ImportRow) -> dict[str, long_jobs.Value]:
    return {
        "import_id": str(found.id),
        "file_name": found.file_name,
        "mapping": found.mapping,
        "creates_categories": found.creates_categories,
        "currency": (await stores.get_store(session)).currency,
    }


def _owner(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise UnauthenticatedError("Please sign in first.")
    return actor.user_id


def _require_usable(found: ImportRow) -> None:
    problem = mapping_problem(found.mapping, len(found.header))
    if problem:
        raise InvalidInputError(problem)


def _shown(cell: str) -> str:
    text = " ".join(plain_text(cell).split())
    return text if len(text) <= LONGEST_SAMPLE else f"{text[: LONGEST_SAMPLE - 1]}…"
