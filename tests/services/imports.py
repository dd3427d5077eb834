"""Files of products, checked and imported as the pages do it."""

import csv
import io
from collections.abc import Sequence
from uuid import UUID

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.csv_cells import table
from shophub.lib.tables import parse_table
from shophub.repositories.long_jobs import LongJobRow
from shophub.schemas.product_list import PRODUCTS
from shophub.services import long_jobs, product_export, product_import
from shophub.services.audit import Actor
from shophub.services.flows.long_work import run_work
from shophub.services.flows.product_import import upload
from tests.factories import make_user


async def make_admin() -> Actor:
    """Make somebody who may import."""
    async with transaction() as session:
        return Actor((await make_user(session, role=Role.ADMIN)).id, "203.0.113.7")


def as_file(header: str, *rows: Sequence[str]) -> bytes:
    """Return a file; the header's names are separated by spaces."""
    return table(header.split(), rows).encode()


async def work_of(actor: Actor, job_id: UUID) -> LongJobRow:
    """Return work as it stands."""
    assert actor.user_id is not None
    async with transaction() as session:
        return await long_jobs.get(session, actor.user_id, job_id)


async def result_of(actor: Actor, job_id: UUID) -> list[list[str]]:
    """Return the rows of a result without its header."""
    assert actor.user_id is not None
    async with transaction() as session:
        file = await long_jobs.get_result(session, actor.user_id, Role.ADMIN, job_id)
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))[1:]


async def checked(actor: Actor, data: bytes, *, creates_categories: bool = False) -> tuple[UUID, LongJobRow]:
    """Upload and check a file; returns its id and the check."""
    assert actor.user_id is not None
    import_id = await upload(data, "products.csv", actor)
    async with transaction() as session:
        found = await product_import.get(session, actor.user_id, import_id)
        await product_import.set_mapping(
            session, actor.user_id, import_id, found.mapping, creates_categories=creates_categories
        )
        job_id = await product_import.start_check(session, actor, import_id)
    await run_work(job_id)
    return import_id, await work_of(actor, job_id)


async def begin(actor: Actor, import_id: UUID) -> UUID:
    """Start the import of a file that was checked; returns the work's id."""
    async with transaction() as session:
        return await product_import.start_import(session, actor, import_id, skips_errors=True)


async def imported(actor: Actor, data: bytes, *, creates_categories: bool = False) -> LongJobRow:
    """Upload, check and import a file; returns the work that imported it."""
    import_id, _ = await checked(actor, data, creates_categories=creates_categories)
    job_id = await begin(actor, import_id)
    await run_work(job_id)
    return await work_of(actor, job_id)


async def exported() -> str:
    """Return the whole catalog as its export."""
    async with transaction() as session:
        return "".join([part async for part in product_export.csv_parts(session, parse_table(PRODUCTS, []))])
