"""Numbers that the staff change in a list, one at a time and many at once: exactness, conflicts, the way back."""

from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.price_changes import PriceChange, percent_bp
from shophub.domain.statuses import ProductStatus, Role
from shophub.errors import InvalidInputError, NumberChangedError, ProductNotFoundError
from shophub.lib.ids import new_id
from shophub.lib.tables import TableQuery
from shophub.models.catalog import Product, Variant
from shophub.services import product_bulk, product_changes
from shophub.services.audit import Actor
from tests.factories import make_product, make_user, make_variant, variants_of


async def actor(session: AsyncSession, name: str = "Ana Admin") -> Actor:
    return Actor((await make_user(session, full_name=name, role=Role.ADMIN)).id, "127.0.0.1")


async def only(session: AsyncSession, product: Product) -> Variant:
    (variant,) = await variants_of(session, product)
    return variant


async def log(session: AsyncSession) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    rows = await session.execute(text("SELECT action, before, after FROM audit_log ORDER BY id"))
    return [(row.action, row.before, row.after) for row in rows]


async def test_stock_that_is_set_has_its_row_in_the_ledger_and_in_the_log(session: AsyncSession):
    product = await make_product(session, stock=20)
    variant, ana = await only(session, product), await actor(session)

    changed = await product_changes.set_stock(session, variant.id, 12, seen=20, actor=ana)

    after = await only(session, product)
    movements = await session.execute(
        text("SELECT delta, reason, actor_id FROM stock_ledger WHERE variant_id = :id ORDER BY id"), {"id": variant.id}
    )
    assert (changed, after.stock, after.version) == (product.id, 12, 2)
    assert [tuple(row) for row in movements] == [(20, "initial", None), (-8, "correction", ana.user_id)]
    assert await log(session) == [
        ("product.stock", {"sku": variant.sku, "stock": 20}, {"sku": variant.sku, "stock": 12})
    ]


async def test_who_saw_another_number_is_told_whose_it_is_and_changes_nothing(session: AsyncSession):
    product = await make_product(session, stock=20, price_minor=2_000)
    variant, ana, ben = await only(session, product), await actor(session), await actor(session, "Ben")
    await product_changes.set_stock(session, variant.id, 15, seen=20, actor=ana)
    await product_changes.set_price(session, variant.id, 2_500, seen_minor=2_000, currency="USD", actor=ana)

    with pytest.raises(NumberChangedError, match=r"Changed by Ana Admin: 15 now\.") as stock:
        await product_changes.set_stock(session, variant.id, 30, seen=20, actor=ben)
    with pytest.raises(NumberChangedError, match=r"Changed by Ana Admin: \$25\.00 now\.") as price:
        await product_changes.set_price(session, variant.id, 900, seen_minor=2_000, currency="USD", actor=ben)

    after = await only(session, product)
    assert (stock.value.current, price.value.current) == (15, 2_500) == (after.stock, after.price_minor)
    assert len(await log(session)) == 2


async def test_stock_cannot_fall_below_what_checkouts_hold(session: AsyncSession):
    product = await make_product(session, with_variants=False)
    variant = await make_variant(session, product, stock=10, reserved=4)

    for stock in (3, -1, 1_000_000_001):
        with pytest.raises(InvalidInputError):
            await product_changes.set_stock(session, variant.id, stock, seen=10, actor=await actor(session))

    assert (await only(session, product)).stock == 10
    await product_changes.set_stock(session, variant.id, 4, seen=10, actor=await actor(session))
    assert (await only(session, product)).stock == 4


async def test_reduced_price_stays_below_the_old_one(session: AsyncSession):
    product = await make_product(session, price_minor=2_000, compare_at_minor=3_000)
    variant, ana = await only(session, product), await actor(session)

    for price in (3_000, 0):
        with pytest.raises(InvalidInputError):
            await product_changes.set_price(session, variant.id, price, seen_minor=2_000, currency="USD", actor=ana)
    await product_changes.set_price(session, variant.id, 2_999, seen_minor=2_000, currency="USD", actor=ana)

    assert (await only(session, product)).price_minor == 2_999


async def test_variant_that_is_gone_is_not_found(session: AsyncSession):
    with pytest.raises(ProductNotFoundError):
        await product_changes.set_stock(session, new_id(), 1, seen=0, actor=await actor(session))


async def test_status_of_many_can_be_undone_where_nobody_changed_it_since(session: AsyncSession):
    ids = [(await make_product(session, status=status)).id for status in (ProductStatus.ACTIVE, ProductStatus.DRAFT)]
    other = (await make_product(session, status=ProductStatus.ARCHIVED)).id
    ana = await actor(session)

    done = await product_bulk.set_status(session, [*ids, other, new_id()], ProductStatus.ARCHIVED, ana)
    await session.execute(text("UPDATE products SET status = 'active' WHERE id = :id"), {"id": ids[1]})
    undone = await product_bulk.undo(session, done.undo, ana)

    assert (done.count, undone) == (2, 1)
    assert await statuses(session) == {ids[0]: "active", ids[1]: "active", other: "archived"}
    assert [action for action, _, _ in await log(session)] == ["product.status"] * 3


async def test_prices_of_many_change_exactly_and_come_back(session: AsyncSession):
    first = await make_product(session, price_minor=1_995, options={"Size": ["S", "M"]})
    reduced = await make_product(session, price_minor=2_000, compare_at_minor=2_100)
    ana = await actor(session)

    raised = PriceChange("percent", percent_bp("7.5 %"))
    done = await product_bulk.change_prices(session, [first.id, reduced.id], raised, ana)
    after = [variant.price_minor for product in (first, reduced) for variant in await variants_of(session, product)]
    undone = await product_bulk.undo(session, done.undo, ana)

    assert (done.count, done.left_alone, undone) == (1, 1, 1)
    assert after == [2_145, 2_145, 2_000]  # 1,995 × 1.075 = 2,144.625
    assert {variant.price_minor for variant in await variants_of(session, first)} == {1_995}


async def test_tags_are_added_and_taken_away_whatever_their_case(session: AsyncSession):
    product = await make_product(session, tags=["Summer", "gift"])
    ana = await actor(session)

    done = await product_bulk.change_tags(
        session, [product.id], add=[" New  in ", "GIFT"], remove=["summer"], actor=ana
    )
    assert await tags(session, product.id) == ["gift", "New in"]
    await product_bulk.undo(session, done.undo, ana)

    assert await tags(session, product.id) == ["Summer", "gift"]
    for add in ([""], ["x" * 41]):
        with pytest.raises(InvalidInputError):
            await product_bulk.change_tags(session, [product.id], add=add, remove=[], actor=ana)


async def test_all_that_a_search_finds_is_chosen_by_the_search(session: AsyncSession):
    lamps = {(await make_product(session, name=f"Lamp {number}")).id for number in range(3)}
    await make_product(session, name="Mug")

    found = await product_bulk.chosen_ids(session, TableQuery(q="lamp", sort="-created"), (), is_all=True)

    assert set(found) == lamps


async def tags(session: AsyncSession, product_id: UUID) -> list[str]:
    return list(
        (await session.execute(text("SELECT tags FROM products WHERE id = :id"), {"id": product_id})).scalar_one()
    )


async def statuses(session: AsyncSession) -> dict[UUID, str]:
    return {row.id: row.status for row in await session.execute(text("SELECT id, status FROM products"))}


@pytest.mark.parametrize("typed", ["7.²", "1.٣", "٣", "1e2", "--5", ""])
def test_percentage_in_signs_that_are_no_digits_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError):
        percent_bp(typed)
