"""Importing products: what rows come to, what is refused, what stays as it is."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import event, text

from shophub.db import get_database, transaction
from shophub.domain.statuses import ProductStatus
from shophub.errors import ConflictError, ImportNotFoundError, InvalidInputError
from shophub.services import long_jobs, product_import
from shophub.services.flows.long_work import run_work
from shophub.services.flows.product_import import upload
from tests.factories import make_category, make_image, make_product, variants_of
from tests.rows import rows
from tests.services.imports import as_file, begin, checked, exported, imported, make_admin, result_of, work_of

FULL = "slug name status category brand tags description option1_name option1_value sku price compare_at_price stock"


async def standing() -> list[list[tuple[object, ...]]]:
    """Return whatever an import could change of products, with the moments of their changes."""
    return [
        await rows("SELECT to_jsonb(p) - 'in_stock' FROM products p ORDER BY id"),  # a job's own number
        await rows("SELECT * FROM variants ORDER BY id"),
        await rows("SELECT * FROM product_options ORDER BY id"),
        await rows("SELECT * FROM categories ORDER BY id"),
        await rows("SELECT * FROM stock_ledger ORDER BY id"),
        await rows("SELECT * FROM audit_log ORDER BY id"),
    ]


async def odd_catalog() -> None:
    async with transaction() as session:
        shelf = await make_category(session, name="Odd things", slug="odd-things")
        await make_product(session, name="=1+1", slug="formula", category=shelf, brand="'=2", tags=["-a", "b c"])
        await make_product(
            session, name='A "quoted", thing', slug="quoted", description=" one\r\n\ttwo;\n", category=shelf
        )
        await make_product(
            session,
            name="Shirt",
            slug="shirt",
            options={"Size": ("S", "M"), "Colour": ("+red", "deep  blue")},
            compare_at_minor=9_999,
            category=shelf,
        )
        await make_product(session, name="Empty", slug="empty", with_variants=False, status=ProductStatus.DRAFT)
        await make_product(session, name="Gone", slug="gone", status=ProductStatus.ARCHIVED, stock=0)
        await session.execute(text("UPDATE product_options SET values = values || '{Unused}' WHERE name = 'Size'"))


async def test_export_and_import_change_nothing(database: str):
    await odd_catalog()
    actor = await make_admin()
    file, before = await exported(), await standing()

    import_id, check = await checked(actor, file.encode())

    assert (check.state, check.problems, check.counts) == ("done", 0, {"created": 0, "updated": 0, "unchanged": 8})
    with pytest.raises(InvalidInputError, match="nothing to import"):
        await begin(actor, import_id)
    async with transaction() as session:  # also where the check is got around
        check_job = (await rows("SELECT check_job_id FROM product_imports"))[0][0]
        await session.execute(
            text("UPDATE long_jobs SET kind = 'products.import', state = 'queued', done = 0 WHERE id = :id"),
            {"id": check_job},
        )
    await run_work(UUID(str(check_job)))
    assert (await work_of(actor, UUID(str(check_job)))).state == "done"
    assert await exported() == file
    assert await standing() == before


async def test_new_products_come_with_options_stock_ledger_and_one_audit_entry(database: str):
    actor = await make_admin()
    async with transaction() as session:
        await make_category(session, name="Cups and mugs", slug="mugs")
    data = as_file(
        FULL,
        ("", "Blue mug", "active", "cups and Mugs", "Kiln", "Blue, gift,blue", "Big.", "", "", "MUG", "12.50", "", "7"),
        ("shirt", "Shirt", "active", "mugs", "", "", "", "Size", "S", "S-S", "$1,020", "1030.00", "0"),
        ("shirt", "", "", "", "", "", "", "", "M", "S-M", "20", "", "1,000"),
    )

    done = await imported(actor, data)

    assert (done.state, done.done, done.problems, done.error) == ("done", 3, 0, "")
    assert done.counts == {"created": 3, "updated": 0, "unchanged": 0}
    assert await rows(
        """SELECT p.slug, p.name, p.status, c.slug, p.brand, p.tags, p.description, p.price_from_minor, p.in_stock,
             p.search @@ to_tsquery('english', 'mug | shirt')
           FROM products p JOIN categories c ON c.id = p.category_id ORDER BY p.slug"""
    ) == [
        ("blue-mug", "Blue mug", "active", "mugs", "Kiln", ["blue", "gift"], "Big.", 1_250, True, True),
        ("shirt", "Shirt", "active", "mugs", None, [], "", 2_000, True, True),
    ]
    assert await rows("SELECT sku, option_values, price_minor, compare_at_minor, stock FROM variants ORDER BY sku") == [
        ("MUG", [], 1_250, None, 7),
        ("S-M", ["M"], 2_000, None, 1_000),
        ("S-S", ["S"], 102_000, 103_000, 0),
    ]
    assert await rows("SELECT name, values FROM product_options") == [("Size", ["S", "M"])]
    assert await rows("SELECT delta, reason, reference, actor_id FROM stock_ledger ORDER BY delta") == [
        (7, "import", str(done.id), actor.user_id),
        (1_000, "import", str(done.id), actor.user_id),
    ]
    ((action, target_id, after),) = await rows("SELECT action, target_id, after FROM audit_log")
    assert (action, target_id) == ("product.import", str(done.id))
    assert isinstance(after, dict)
    assert (after["created"], after["errors"], after["ended"], after["file"]) == (3, 0, "done", "products.csv")


async def test_what_an_import_changes_stands_in_the_audit_log_as_it_was_and_is(database: str):
    actor = await make_admin()
    async with transaction() as session:
        product = await make_product(session, slug="mug", name="Mug", stock=5, price_minor=900)
        same = await make_product(session, slug="cup", stock=5, price_minor=900)
        variant, kept = (await variants_of(session, product))[0], (await variants_of(session, same))[0]

    await imported(
        actor,
        as_file("slug name sku price stock", ("mug", "Jug", variant.sku, "7", "9"), ("cup", "", kept.sku, "9", "5")),
    )

    ((target_id, actor_id, before, after),) = await rows(
        "SELECT target_id, actor_id, before, after FROM audit_log WHERE action = 'product.update'"
    )
    assert (target_id, actor_id) == (str(product.id), actor.user_id)
    assert before == {"name": "Mug", f"variant {variant.id}": [variant.sku, "", "900", "", "5"]}
    assert after == {"name": "Jug", f"variant {variant.id}": [variant.sku, "", "700", "", "9"]}


async def test_what_a_file_does_not_say_stays(database: str):
    actor = await make_admin()
    async with transaction() as session:
        product = await make_product(session, slug="mug", name="Mug", brand="Kiln", stock=5, price_minor=900)
        variant = (await variants_of(session, product))[0]
        other = await make_product(session, options={"Size": ("S", "M")}, stock=3)
        small, middle = await variants_of(session, other)
    before = await rows("SELECT name, brand, description, tags, category_id FROM products ORDER BY id")

    done = await imported(actor, as_file("sku stock", (variant.sku, "9"), (small.sku, "3"), (middle.sku, "")))

    assert done.counts == {"created": 0, "updated": 1, "unchanged": 2}
    assert await rows("SELECT name, brand, description, tags, category_id FROM products ORDER BY id") == before
    assert await rows("SELECT stock, price_minor, version FROM variants ORDER BY id") == [
        (9, 900, 2),
        (3, 2_000, 1),
        (3, 2_000, 1),
    ]
    assert await rows("SELECT delta FROM stock_ledger WHERE reason = 'import'") == [(4,)]


async def test_variants_swap_their_skus_and_get_new_company(database: str):
    actor = await make_admin()
    async with transaction() as session:
        product = await make_product(session, slug="shirt", name="Shirt", options={"Size": ("S", "M")})
        small, middle = await variants_of(session, product)
    data = as_file(
        "slug option1_name option1_value sku price",
        ("shirt", "Size", "M", small.sku, "20.00"),
        ("shirt", "Size", "S", middle.sku, "20.00"),
        ("shirt", "Size", "L", "LARGE", "21"),
    )

    done = await imported(actor, data)

    assert done.counts == {"created": 1, "updated": 2, "unchanged": 0}
    assert await rows("SELECT id, sku, option_values FROM variants ORDER BY position") == [
        (small.id, small.sku, ["M"]),
        (middle.id, middle.sku, ["S"]),
        ((await rows("SELECT id FROM variants WHERE sku = 'LARGE'"))[0][0], "LARGE", ["L"]),
    ]
    assert await rows("SELECT values FROM product_options") == [(["S", "M", "L"],)]


BAD_HEADER = "slug name status category tags option1_name option1_value sku price compare_at_price currency stock image"
GOOD = ("x", "X", "", "mugs", "", "", "", "X-{}", "1", "", "usd", "", "")


def row(number: int, **cells: str) -> tuple[str, ...]:
    names = BAD_HEADER.split()
    return tuple(
        cells.get(name, GOOD[place].format(number) if name != "slug" else f"x-{number}")
        for place, name in enumerate(names)
    )


def bad_rows(taken_sku: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return a row for each thing that can be wrong, by the column that is to be named."""
    return {
        ("Address (slug)", ""): row(2, slug="Not A Slug"),
        ("Name", ""): row(3, name=""),
        ("Name", "long"): row(4, name="x" * 201),
        ("Status", ""): row(5, status="sold"),
        ("Category", ""): row(6, category="Nowhere"),
        ("Category", "twin"): row(7, category="twin"),
        ("Category", "empty"): row(8, category=""),
        ("Tags", ""): row(9, tags="a" * 41),
        ("Option 1", " name"): row(10, option1_value="S"),
        ("Option 1", " value"): row(11, option1_name="Size", sku=""),
        ("SKU", ""): row(12, sku=""),
        ("SKU", "taken"): row(13, sku=taken_sku),
        ("SKU", "doubled"): row(14, sku="X-2"),
        ("Price", ""): row(15, price="12,50"),
        ("Price", "zero"): row(16, price="0"),
        ("Price", "none"): row(17, price=""),
        ("Price", "decimals"): row(18, price="1.999"),
        ("Price before", ""): row(19, compare_at_price="0.5"),
        ("Currency", ""): row(20, currency="EUR"),
        ("Stock", ""): row(21, stock="-1"),
        ("Stock", "part"): row(22, stock="1.5"),
        ("Stock", "reserved"): row(23, slug="taken", sku=taken_sku + "-B", stock="2"),
        ("Picture (its public id)", ""): row(24, image="https://example.com/a.jpg"),
        ("Option 1: name", "others"): row(25, slug="sized", name="", option1_name="Hue", option1_value="Red"),
        ("", ""): (*row(26), "one cell too many"),
    }  # fmt: skip


async def test_every_kind_of_bad_row_says_what_to_do(database: str):
    actor = await make_admin()
    async with transaction() as session:
        shelf = await make_category(session, name="Mugs", slug="mugs")
        await make_category(session, name="Twin", slug="twin-1")
        await make_category(session, name="Twin", slug="twin-2")
        taken = await make_product(session, slug="taken", name="Taken", category=shelf, stock=5)
        (variant,) = await variants_of(session, taken)
        await session.execute(text("UPDATE variants SET reserved = 3 WHERE id = :id"), {"id": variant.id})
        sized = await make_product(session, slug="sized", name="Sized", category=shelf, options={"Size": ("S", "M")})
        await variants_of(session, sized)
        await make_image(session, taken, public_id="shop/taken-1")
    cases = bad_rows(variant.sku)
    data = as_file(BAD_HEADER, *cases.values())
    before = await standing()

    import_id, check = await checked(actor, data)

    found = {row[0]: row for row in await result_of(actor, check.id)}
    assert check.problems == len(cases)
    assert {outcome for _, outcome, *_ in found.values()} == {"error"}
    for number, (label, case) in enumerate(cases, 2):
        *_, columns, reason = found[str(number)]
        assert label in columns, (case, columns, reason)
        assert reason.endswith("."), (label, case, reason)
    assert await standing() == before
    with pytest.raises(InvalidInputError, match="rows that have errors"):
        async with transaction() as session:
            await product_import.start_import(session, actor, import_id, skips_errors=False)


async def test_new_categories_are_made_only_where_that_was_asked_for(database: str):
    actor = await make_admin()
    data = as_file(
        "name category sku price",
        ("Mug", "New Shelf", "M", "1"),
        ("Cup", "new-shelf", "C", "1"),
        ("Bad", "Other", "B", "x"),
    )

    _, check = await checked(actor, data)
    assert check.problems == 3
    done = await imported(actor, data, creates_categories=True)

    assert (done.problems, done.counts) == (1, {"created": 2, "updated": 0, "unchanged": 0, "categories": 1})
    assert await rows("SELECT name, slug FROM categories") == [("New Shelf", "new-shelf")]
    assert [row[1] for row in await result_of(actor, done.id)] == ["created", "created", "error"]


async def test_only_what_was_checked_is_imported_and_only_once(database: str):
    actor, other = await make_admin(), await make_admin()
    assert actor.user_id is not None
    async with transaction() as session:
        await make_category(session, slug="mugs")
    data = as_file("name category sku price stock", ("Mug", "mugs", "M", "1", "2"))
    import_id, _ = await checked(actor, data)
    async with transaction() as session:
        found = await product_import.get(session, actor.user_id, import_id)
        mapping = {name: place for name, place in found.mapping.items() if name != "stock"}
        await product_import.set_mapping(session, actor.user_id, import_id, mapping, creates_categories=False)

    with pytest.raises(ConflictError, match="Check the file first"):
        await begin(actor, import_id)
    with pytest.raises(ImportNotFoundError):
        await begin(other, import_id)
    async with transaction() as session:
        job_id = await product_import.start_check(session, actor, import_id)
    with pytest.raises(ConflictError, match="Check the file first"):
        await begin(actor, import_id)  # it is not done yet
    await run_work(job_id)
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET currency = 'EUR'"))
    with pytest.raises(ConflictError, match="Check the file first"):
        await begin(actor, import_id)
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET currency = 'USD'"))
    first, second = await begin(actor, import_id), await begin(actor, import_id)

    await run_work(first)
    assert first == second
    assert await rows("SELECT sku, stock FROM variants") == [("M", 0)]


async def _shelf() -> None:
    async with transaction() as session:
        await make_category(session, slug="mugs")


def many(count: int) -> bytes:
    return as_file(
        "name category sku price stock", *((f"Mug {n}", "mugs", f"M-{n:04}", "1.00", "1") for n in range(count))
    )


async def _until(job_id: UUID, done: int) -> None:
    async with asyncio.timeout(30):
        while (await rows("SELECT done >= :done FROM long_jobs WHERE id = :id", id=job_id, done=done)) != [(True,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_worker_killed_in_the_middle_imports_each_row_once(database: str):
    actor = await make_admin()
    await _shelf()
    import_id, _ = await checked(actor, many(1_000))
    job_id = await begin(actor, import_id)
    running = asyncio.ensure_future(run_work(job_id))
    await _until(job_id, 200)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    reached = (await work_of(actor, job_id)).done
    assert 200 <= reached < 1_000

    await run_work(job_id)

    done = await work_of(actor, job_id)
    assert (done.state, done.counts) == ("done", {"created": 1_000, "updated": 0, "unchanged": 0})
    assert await rows("SELECT count(*), sum(stock) FROM variants") == [(1_000, 1_000)]
    assert await rows("SELECT count(*), sum(delta) FROM stock_ledger") == [(1_000, 1_000)]
    assert [row[0] for row in await result_of(actor, job_id)] == [str(number) for number in range(2, 1_002)]


async def test_cancelled_half_way_what_is_in_stays_and_the_result_says_which(database: str):
    actor = await make_admin()
    await _shelf()
    import_id, _ = await checked(actor, many(1_000))
    job_id = await begin(actor, import_id)
    running = asyncio.ensure_future(run_work(job_id))
    await _until(job_id, 200)
    async with transaction() as session:
        await long_jobs.cancel(session, actor, job_id)
    await running

    done = await work_of(actor, job_id)
    result = await result_of(actor, job_id)
    there = {sku for (sku,) in await rows("SELECT sku FROM variants")}
    assert done.state == "cancelled"
    assert 200 <= done.done == len(there) < 1_000
    assert {row[3] for row in result if row[1] == "created"} == there
    assert len([row for row in result if row[1] == "not reached"]) == 1_000 - done.done
    assert await rows("SELECT after->>'ended' FROM audit_log") == [("cancelled",)]


async def test_two_imports_of_the_same_products_at_once_leave_each_once(database: str):
    first, second = await make_admin(), await make_admin()
    await _shelf()
    jobs = [await begin(actor, (await checked(actor, many(500)))[0]) for actor in (first, second)]

    await asyncio.gather(*(run_work(job_id) for job_id in jobs))

    ended = [await work_of(actor, job_id) for actor, job_id in zip((first, second), jobs, strict=True)]
    assert [work.state for work in ended] == ["done", "done"]
    assert sum(work.counts["created"] for work in ended) == sum(work.counts["unchanged"] for work in ended) == 500
    assert await rows("SELECT count(*), sum(stock) FROM variants") == [(500, 500)]
    assert await rows("SELECT count(*), sum(delta) FROM stock_ledger") == [(500, 500)]


async def test_file_that_cannot_be_read_is_not_kept(database: str):
    actor = await make_admin()
    with pytest.raises(InvalidInputError, match="The file is empty"):
        await upload(b"", "empty.csv", actor)
    assert await rows("SELECT id FROM product_imports") == []


async def test_batch_takes_as_many_statements_whatever_is_in_it(database: str):
    actor = await make_admin()
    await _shelf()
    engine = get_database().engine.sync_engine
    counted: list[int] = []
    for first, count in ((0, 10), (1_000, 190)):
        numbers = range(first, first + count)
        data = as_file(
            "slug name category option1_name option1_value sku price stock",
            *((f"mug-{n // 2}", "Mug", "mugs", "Size", f"{n % 2}", f"M-{n}", "1.00", "1") for n in numbers),
        )
        job_id = await begin(actor, (await checked(actor, data))[0])
        statements: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_: object, into: list[str] = statements
        ) -> None:
            into.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        await run_work(job_id)
        event.remove(engine, "before_cursor_execute", note)
        counted.append(len(statements))

    assert counted[0] == counted[1] <= 30
