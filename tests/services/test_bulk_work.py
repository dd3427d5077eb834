"""Changes of more products than go through at once: done as long work, in steps that are kept."""

from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.domain.price_changes import PriceChange
from shophub.domain.statuses import ProductStatus, Role
from shophub.errors import InvalidInputError
from shophub.jobs import worker
from shophub.lib.tables import TableQuery
from shophub.services import long_jobs
from shophub.services.audit import Actor
from shophub.services.bulk_work import BulkChange, change_now_or_later
from shophub.services.product_bulk import Changed
from tests.factories import make_product, make_user
from tests.rows import execute, rows

MANY_PRODUCTS = """
INSERT INTO products (id, name, slug, description, category_id, status)
SELECT gen_random_uuid(), 'More', 'more-' || n, '', category_id, 'active' FROM products, generate_series(1, 5000) n
"""
ALL = TableQuery(sort="-created")


async def staff() -> Actor:
    """Return somebody who may change products."""
    async with transaction() as session:
        return Actor((await make_user(session, role=Role.ADMIN)).id)


async def many() -> None:
    """Fill the shop with 5,001 products."""
    async with transaction() as session:
        await make_product(session, price_minor=1_000, stock=0)
        await execute(session, MANY_PRODUCTS)


async def begin(change: BulkChange, actor: Actor) -> UUID:
    """Have all products changed; returns the work."""
    async with transaction() as session:
        job_id = await change_now_or_later(session, ALL, (), change, actor, is_all=True, seen=5_001)
    assert isinstance(job_id, UUID)
    return job_id


async def test_thousands_are_archived_as_work_with_a_file_of_what_they_were(database: str):
    await many()
    actor = await staff()

    job_id = await begin(BulkChange(status=ProductStatus.ARCHIVED), actor)
    before = await rows("SELECT DISTINCT status FROM products")
    await worker.run_due()

    assert before == [("active",)]
    assert await rows("SELECT status, count(*) FROM products GROUP BY 1") == [("archived", 5_001)]
    assert await rows("SELECT title, state, done, total, counts ->> 'changed' FROM long_jobs") == [
        ("Archive 5,001 products", "done", 5_001, 5_001, "5001")
    ]
    assert await rows("SELECT count(*) FROM audit_log WHERE action = 'product.status'") == [(5_001,)]
    assert actor.user_id is not None
    async with transaction() as session:
        file = await long_jobs.get_result(session, actor.user_id, Role.ADMIN, job_id)
    lines = file.content.decode().splitlines()
    assert (len(lines), lines[0], lines[1].split(",")[1:]) == (
        5_002, '\ufeff"id","field","before","after"', ['"status"', '"active"', '"archived"']
    )  # fmt: skip


async def test_cancelled_work_keeps_what_it_did_and_goes_no_further(database: str):
    await many()
    actor = await staff()
    job_id = await begin(BulkChange(add=("summer",)), actor)
    async with transaction() as session:
        await execute(session, "UPDATE long_jobs SET state = 'running', cancel_requested = true")

    await worker.run_due()

    assert await rows("SELECT state, done FROM long_jobs WHERE id = :id", id=job_id) == [("cancelled", 0)]
    assert await rows("SELECT count(*) FROM products WHERE 'summer' = ANY(tags)") == [(0,)]


async def test_what_is_wrong_with_a_change_is_said_before_it_begins(database: str):
    await many()
    actor = await staff()

    with pytest.raises(InvalidInputError, match="Type a tag"):
        await begin(BulkChange(add=(" ",)), actor)
    with pytest.raises(InvalidInputError, match="currency was changed"):
        await begin(BulkChange(price=PriceChange("exact", 500), currency="JPY"), actor)
    assert await rows("SELECT count(*) FROM long_jobs") == [(0,)]


async def test_few_are_changed_at_once(database: str):
    async with transaction() as session:
        product = await make_product(session, price_minor=1_000)
    actor = await staff()

    async with transaction() as session:
        change = BulkChange(price=PriceChange("exact", 500), currency="USD")
        done = await change_now_or_later(session, ALL, (product.id,), change, actor, is_all=False)

    assert isinstance(done, Changed)
    assert (done.count, await rows("SELECT price_minor FROM variants")) == (1, [(500,)])


@pytest.mark.parametrize(
    "change",
    [
        BulkChange(status=ProductStatus.DRAFT),
        BulkChange(add=("a", "b"), remove=("c",)),
        BulkChange(price=PriceChange("percent", -750), currency="EUR"),
    ],
    ids=["status", "tags", "price"],
)
def test_change_comes_back_from_its_parameters(change: BulkChange):
    assert BulkChange.from_parameters(change.as_parameters()) == change
    assert change.title.format("9 products").count("9 products") == 1
