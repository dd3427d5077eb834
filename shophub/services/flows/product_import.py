"""Looking a file of products through, and importing it: batch by batch, each with its rows of the result."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.domain.import_changes import changes_of
from shophub.domain.import_columns import BY_NAME
from shophub.domain.import_plan import plan_import
from shophub.domain.import_rows import (
    ImportLine,
    LineGroup,
    LineResult,
    Outcome,
    batches,
    group_lines,
    repeated_skus,
)
from shophub.domain.import_shop import ImportPlan, ImportShop, ImportTerms
from shophub.domain.statuses import StockReason, WorkState
from shophub.errors import CatalogMovedError, ConflictError, ImportNotFoundError, WorkStoppedError
from shophub.lib.csv_cells import table
from shophub.lib.csv_reading import ReadTable, read_table
from shophub.repositories import catalog, import_writing, inventory, product_imports, stores
from shophub.schemas.product_import import MAX_IMPORT_ROWS
from shophub.services import audit, product_import, search_upkeep
from shophub.services.audit import Actor
from shophub.services.flows.long_work import Work, runs
from shophub.services.product_import import CHECK, IMPORT

BATCH = 200
TRIES = 5
RESULT_HEADER = ("row", "outcome", "slug", "sku", "columns", "reason")
OUTCOMES = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)


@dataclass(frozen=True)
class _Task:
    """What is to be imported, and by what."""

    groups: list[LineGroup]
    terms: ImportTerms
    writes: bool


async def upload(data: bytes, file_name: str, actor: Actor) -> UUID:
    """Read a file and keep it; returns its id.

    Raises:
        InvalidInputError: It cannot be read; the sentence says why.
        UnauthenticatedError: Nobody's file.
    """
    read = await asyncio.to_thread(read_table, data, max_rows=MAX_IMPORT_ROWS)
    async with transaction() as session:
        return await product_import.keep_file(session, actor, file_name, data, read)


@runs(CHECK)
async def check(work: Work) -> None:
    """Say of each row what an import would do."""
    await _go_through(work, await _task(work, writes=False))


async def record(session: AsyncSession, work: Work, state: WorkState) -> None:
    """Write down that an import ended, where it has changed anything."""
    if not any(work.counts.get(name) for name in ("created", "updated", "categories")):
        return
    facts: dict[str, audit.Value] = {
        "file": str(work.parameters["file_name"]),
        "job": str(work.id),
        "ended": state.value,
        "errors": work.problems,
        **work.counts,
    }
    await audit.record(session, work.actor, "product.import", target="import", target_id=str(work.id), after=facts)


@runs(IMPORT, closing=record)
async def import_products(work: Work) -> None:
    """Write what a file says into the catalog; rows with errors are left out, and the result says why."""
    task = await _task(work, writes=True)
    try:
        await _go_through(work, task)
    except WorkStoppedError:
        await _note_rest(work, task)
        await _refresh_stock()
        raise
    await _refresh_stock()


async def _task(work: Work, *, writes: bool) -> _Task:
    async with transaction() as session:
        owner = work.actor.user_id or UUID(int=0)
        content = await product_imports.read_content(session, UUID(str(work.parameters["import_id"])), owner)
    if content is None:
        raise ImportNotFoundError("The file is not here any more: files are kept for a week. Choose it again.")
    return await asyncio.to_thread(_prepare, content, work.parameters, writes)


def _prepare(content: bytes, parameters: Mapping[str, object], writes: bool) -> _Task:
    read = read_table(content, max_rows=MAX_IMPORT_ROWS)
    given = parameters["mapping"]
    mapping = {str(name): int(place) for name, place in given.items()} if isinstance(given, Mapping) else {}
    lines = list(_lines(read, mapping))
    terms = ImportTerms(
        currency=str(parameters["currency"]),
        columns=frozenset(mapping),
        creates_categories=bool(parameters["creates_categories"]),
        repeated=repeated_skus(lines),
    )
    return _Task(group_lines(lines), terms, writes)


def _lines(read: ReadTable, mapping: Mapping[str, int]) -> Iterable[ImportLine]:
    width = len(read.header)
    for row in read.rows:
        problem = ""
        if len(row.cells) != width:
            problem = f"The row has {len(row.cells)} cells and the header {width}: a quote or a separator is missing."
        cells = {name: row.cells[place] for name, place in mapping.items() if place < len(row.cells)}
        yield ImportLine(row.number, cells, problem)


async def _go_through(work: Work, task: _Task) -> None:
    for batch in batches(task.groups, BATCH, work.done):
        await _one_batch(work, task, batch)
        work.go_on()


async def _one_batch(work: Work, task: _Task, batch: Sequence[LineGroup]) -> None:
    """Decide about a batch and write it; once more where somebody else was quicker with the same products."""
    for left in reversed(range(TRIES)):
        try:
            async with transaction() as session:
                await _in_transaction(session, work, task, batch)
        except CatalogMovedError:
            if not left:
                raise
        else:
            return


async def _in_transaction(session: AsyncSession, work: Work, task: _Task, batch: Sequence[LineGroup]) -> None:
    # Imports take turns, and the currency stays what it is: its row is locked until the batch is in.
    store = await (stores.lock_store(session) if task.writes else stores.get_store(session))
    if store.currency != task.terms.currency:
        raise ConflictError("The shop's currency was changed meanwhile. Check the file again.")
    shop = await _shop(session, batch, locked=task.writes)
    plan = plan_import(batch, shop, task.terms)
    made = await _write(session, work, plan) if task.writes else 0
    counts = {name.value: work.counts.get(name.value, 0) for name in OUTCOMES}
    for result in plan.results:
        if result.outcome in OUTCOMES:
            counts[result.outcome.value] += 1
    if made or "categories" in work.counts:
        counts["categories"] = work.counts.get("categories", 0) + made
    wrong = [result for result in plan.results if result.outcome is Outcome.ERROR]
    await work.step(
        session,
        done=work.done + len(plan.results),
        problems=work.problems + len(wrong),
        counts=counts,
        samples=[(f"{one.number:,}", _labels(one), one.reason) for one in wrong],
        result=_result_part(plan.results, with_header=work.done == 0),
    )


async def _shop(session: AsyncSession, batch: Sequence[LineGroup], *, locked: bool) -> ImportShop:
    lines = [line for group in batch for line in group.lines]
    products = await import_writing.read_products(
        session,
        sorted({group.slug for group in batch if group.slug}),
        sorted({line.text("sku") for line in lines if line.text("sku")}),
        locked=locked,
    )
    names: dict[str, str] = {}
    categories = await catalog.list_categories(session)
    for category in categories:
        key = category.name.casefold()
        names[key] = "" if key in names else category.slug
    owners = {variant.sku: product.id for product in products.values() for variant in product.variants}
    return ImportShop(products, owners, frozenset(category.slug for category in categories), names)


async def _write(session: AsyncSession, work: Work, plan: ImportPlan) -> int:
    """Write a plan; returns how many categories it made."""
    made = await import_writing.insert_categories(session, plan.new_categories)
    await import_writing.insert_products(session, plan.new_products)
    known = {product.id for product in plan.new_products} | {after.id for _, after in plan.changed_products}
    touched = [product for product in plan.optioned_products if product.id not in known]
    await import_writing.update_products(session, [*(after for _, after in plan.changed_products), *touched])
    await import_writing.write_options(session, plan.options)
    await import_writing.update_variants(session, [(old, new) for _, old, new in plan.changed_variants])
    await import_writing.insert_variants(session, plan.new_variants)
    deltas = {one.id: one.stock for _, one in plan.new_variants}
    deltas |= {new.id: new.stock - old.stock for _, old, new in plan.changed_variants}
    deltas = {variant_id: delta for variant_id, delta in deltas.items() if delta}
    if deltas:
        await inventory.record_movements(
            session, deltas, reason=StockReason.IMPORT, reference=str(work.id), actor_id=work.actor.user_id
        )
    await audit.record_many(session, work.actor, "product.update", target="product", changes=changes_of(plan))
    return made


async def _note_rest(work: Work, task: _Task) -> None:
    """Say in the result which rows nobody came to."""
    rest = [line for batch in batches(task.groups, BATCH, work.done) for group in batch for line in group.lines]
    results = [LineResult(line.number, Outcome.NOT_REACHED, line.text("slug"), line.text("sku")) for line in rest]
    async with transaction() as session:
        await work.step(session, done=work.done, result=_result_part(results, with_header=work.done == 0))


async def _refresh_stock() -> None:
    """Let filters know at once what is in stock; the job that does so each minute finds less to do."""
    while True:
        async with transaction() as session:
            if not await search_upkeep.apply_turns(session):
                return


def _result_part(results: Iterable[LineResult], *, with_header: bool) -> str:
    rows = table(
        RESULT_HEADER,
        ((one.number, one.outcome.value, one.slug, one.sku, _labels(one), one.reason) for one in results),
    )
    return rows if with_header else rows.partition("\n")[2]


def _labels(result: LineResult) -> str:
    return ", ".join(BY_NAME[name].label for name in result.columns)
