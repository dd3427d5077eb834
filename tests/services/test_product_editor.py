"""The product editor: what it takes, what it refuses, and that two admins do not undo each other's work unseen."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import StockReason
from shophub.errors import InvalidInputError
from shophub.lib.ids import new_id
from shophub.models.catalog import Category, Product
from shophub.schemas.product_editor import EditorView, ProductForm
from shophub.services import catalog, product_editor
from shophub.services.audit import SHOP, Actor
from shophub.services.product_checks import ProductChangedError
from tests.factories import make_category, make_order, make_product, make_user, variants_of
from tests.rows import execute, rows
from tests.statements import counted_statements


def row(**values: Any) -> dict[str, Any]:
    """Return a row of the grid as the page sends it."""
    return {"choices": [], "sku": "MUG", "price": "24.50", "compare_at": "", "stock": 5, **values}


def new_form(category: Category, **values: Any) -> ProductForm:
    """Return a form that can be saved as it is."""
    form = {"id": str(new_id()), "name": "Blue Mug", "category_id": str(category.id), "variants": [row()], **values}
    return ProductForm.model_validate(form)


def form_of(view: EditorView, **values: Any) -> ProductForm:
    """Return what the page sends of a product that nothing was changed of but these values."""
    variants = [
        {
            "id": one.id,
            "version": one.version,
            "choices": list(one.choices),
            "sku": one.sku,
            "price": one.price,
            "compare_at": one.compare_at,
            "stock": one.stock,
            "stock_was": one.stock,
            "picture": one.picture,
        }
        for one in view.variants
    ]
    whole = {
        "id": view.id,
        "version": view.version,
        "name": view.name,
        "slug": view.slug,
        "description": view.description,
        "category_id": view.category_id,
        "brand": view.brand,
        "tags": list(view.tags),
        "status": view.status,
        "options": [{"name": one.name, "choices": list(one.choices)} for one in view.options],
        "pictures": [
            {"public_id": one.public_id, "alt": one.alt, "width": one.width, "height": one.height}
            for one in view.pictures
        ],
        "variants": variants,
    }
    return ProductForm.model_validate({**whole, **values})


def with_rows(view: EditorView, *changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the grid as it is sent, with each row's changes."""
    kept = [one.model_dump(mode="json") for one in form_of(view).variants]
    return [{**one, **change} for one, change in zip(kept, changes, strict=True)]


async def found(session: AsyncSession, sql: str) -> list[tuple[object, ...]]:
    """Return what the test's own transaction sees."""
    return [tuple(one) for one in await session.execute(text(sql))]


async def opened(session: AsyncSession, product: Product) -> EditorView:
    """Return a product as the editor shows it."""
    return await product_editor.get_product(session, product.id, "USD")


async def save(session: AsyncSession, form: ProductForm, actor: Actor = SHOP) -> EditorView:
    """Save a form."""
    return await product_editor.save(session, form, actor=actor)


async def refused(session: AsyncSession, form: ProductForm) -> dict[str, str]:
    """Return what is said of a form that cannot be saved."""
    with pytest.raises(InvalidInputError) as error:
        await save(session, form)
    return error.value.fields


async def test_new_product_is_on_sale_with_its_pictures_options_and_stock(session: AsyncSession) -> None:
    category = await make_category(session)
    form = new_form(
        category,
        status="active",
        brand="Kiln",
        tags=["Blue", "blue", "cup"],
        description="Holds **tea**.",
        options=[{"name": "Size", "choices": ["S", "L"]}],
        variants=[
            row(choices=["S"], sku="MUG-S", picture="shop/b"),
            row(choices=["L"], sku="MUG-L", price="30", compare_at="40"),
        ],
        pictures=[{"public_id": "shop/a", "alt": "From above"}, {"public_id": "shop/b", "alt": "From the side"}],
    )

    view = await save(session, form)

    shown = await catalog.get_product(session, "blue-mug", {"Size": "L"})
    assert (view.slug, view.version, view.tags) == ("blue-mug", 1, ("blue", "cup"))
    assert (shown.price_text, shown.compare_at_text, shown.available) == ("$30.00", "$40.00", 5)
    assert [image.alt for image in shown.images] == ["From above", "From the side"]
    assert [one.picture for one in view.variants] == ["shop/b", ""]
    assert await found(session, "SELECT delta, reason FROM stock_ledger") == [(5, StockReason.INITIAL)] * 2


async def test_draft_is_not_shown_to_shoppers(session: AsyncSession) -> None:
    view = await save(session, new_form(await make_category(session)))

    assert await found(session, "SELECT status FROM products") == [("draft",)]
    assert view.status == "draft"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "茶"}, "slug"),
        ({"slug": "Blue Mug"}, "slug"),
        ({"category_id": ""}, "category"),
        ({"category_id": str(new_id())}, "category"),
        ({"pictures": [{"public_id": "shop/a", "alt": " "}]}, "alt-0"),
        ({"variants": []}, "variants"),
        ({"variants": [row(sku="")]}, "sku-0"),
        ({"variants": [row(price="")]}, "price-0"),
        ({"variants": [row(price="0")]}, "price-0"),
        ({"variants": [row(price="1.234")]}, "price-0"),
        ({"variants": [row(compare_at="24.50")]}, "compare-0"),
        ({"variants": [row(stock=-1)]}, "stock-0"),
        ({"variants": [row(), row()]}, "sku-1"),
        ({"variants": [row(choices=["S"])]}, "price-0"),
        ({"options": [{"name": "", "choices": ["S"]}], "variants": [row(choices=["S"])]}, "option-0"),
        ({"options": [{"name": "Size", "choices": []}], "variants": [row(choices=[""])]}, "choices-0"),
        ({"options": [{"name": "Size", "choices": ["S", "s"]}], "variants": [row(choices=["S"])]}, "choices-0"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
async def test_what_is_wrong_is_said_at_its_place(session: AsyncSession, values: dict[str, Any], place: str) -> None:
    form = new_form(await make_category(session), **values)

    assert place in await refused(session, form)


async def test_address_and_sku_of_another_product_are_refused(session: AsyncSession) -> None:
    other = await make_product(session, slug="blue-mug")
    taken = (await variants_of(session, other))[0].sku
    form = new_form(await make_category(session), variants=[row(sku=taken)])

    assert set(await refused(session, form)) == {"slug", "sku-0"}


async def test_picture_of_another_product_is_refused(session: AsyncSession) -> None:
    category = await make_category(session)
    pictures = [{"public_id": "shop/a", "alt": "A mug"}]
    await save(session, new_form(category, pictures=pictures))

    form = new_form(category, name="Other", pictures=pictures, variants=[row(sku="OTHER")])
    assert set(await refused(session, form)) == {"pictures"}


async def test_old_address_leads_to_the_new_one(session: AsyncSession) -> None:
    view = await opened(session, await make_product(session, slug="old-name"))

    await save(session, form_of(view, slug="new-name"))

    assert await found(session, "SELECT slug FROM slug_redirects") == [("old-name",)]


async def test_rows_can_swap_their_choices_skus_and_places(session: AsyncSession) -> None:
    product = await make_product(session, options={"Size": ["S", "L"]})
    view = await opened(session, product)
    first, second = with_rows(view, {}, {})
    swapped = [
        {**second, "choices": first["choices"], "sku": first["sku"]},
        {**first, "choices": second["choices"], "sku": second["sku"]},
    ]

    after = await save(session, form_of(view, variants=swapped))

    assert [one.id for one in after.variants] == [view.variants[1].id, view.variants[0].id]
    assert [(one.choices, one.sku) for one in after.variants] == [(one.choices, one.sku) for one in view.variants]


async def test_stock_is_corrected_with_a_row_in_the_ledger(session: AsyncSession) -> None:
    product, owner = await make_product(session, stock=20), await make_user(session)
    view = await opened(session, product)

    await save(session, form_of(view, variants=with_rows(view, {"stock": 12})), Actor(owner.id))

    told = await found(session, "SELECT delta, reason, actor_id FROM stock_ledger ORDER BY id")
    assert told == [(20, "initial", None), (-8, "correction", owner.id)]
    assert (await variants_of(session, product))[0].stock == 12


async def test_what_was_sold_meanwhile_stays_sold_where_the_stock_was_not_touched(session: AsyncSession) -> None:
    product = await make_product(session, stock=20)
    view = await opened(session, product)
    await execute(session, "UPDATE variants SET stock = 17")

    await save(session, form_of(view, variants=with_rows(view, {"price": "9.99"})))

    variant = (await variants_of(session, product))[0]
    assert (variant.stock, variant.price_minor) == (17, 999)


async def test_stock_that_was_typed_over_a_sale_is_asked_for_again(session: AsyncSession) -> None:
    view = await opened(session, await make_product(session, stock=20))
    await execute(session, "UPDATE variants SET stock = 17")

    said = await refused(session, form_of(view, variants=with_rows(view, {"stock": 30})))

    assert said == {"stock-0": "There are 17 now, not 20: look again."}


async def test_stock_cannot_go_below_what_is_being_paid_for(session: AsyncSession) -> None:
    view = await opened(session, await make_product(session, stock=20))
    await execute(session, "UPDATE variants SET reserved = 4")

    said = await refused(session, form_of(view, variants=with_rows(view, {"stock": 3})))

    assert said == {"stock-0": "4 are being paid for right now: it cannot go below that."}


@pytest.mark.parametrize("why", ["reserved", "ordered"])
async def test_row_that_somebody_bought_stays(session: AsyncSession, why: str) -> None:
    product = await make_product(session, options={"Size": ["S", "L"]})
    large = (await variants_of(session, product))[1]
    if why == "ordered":
        await make_order(session, variants=[large])
    else:
        await execute(session, "UPDATE variants SET reserved = 1 WHERE id = :id", id=large.id)
    view = await opened(session, product)
    options = [{"name": "Size", "choices": ["S"]}]

    said = await refused(session, form_of(view, options=options, variants=with_rows(view, {}, {})[:1]))

    assert set(said) == {"variants"}


async def test_row_that_nobody_bought_can_go(session: AsyncSession) -> None:
    product = await make_product(session, options={"Size": ["S", "L"]})
    view = await opened(session, product)
    options = [{"name": "Size", "choices": ["S"]}]

    after = await save(session, form_of(view, options=options, variants=with_rows(view, {}, {})[:1]))

    assert [one.choices for one in after.variants] == [("S",)]


async def test_second_of_two_admins_is_told_who_was_first(database: str) -> None:
    async with transaction() as session:
        ana = await make_user(session, full_name="Ana Admin")
        view = await opened(session, await make_product(session, name="Mug"))
    async with transaction() as session:
        await save(session, form_of(view, name="Ana’s mug"), Actor(ana.id))

    async with transaction() as session:
        with pytest.raises(ProductChangedError, match="Ana Admin changed this product") as told:
            await save(session, form_of(view, name="Ben’s mug"))
    assert told.value.changed_by == "Ana Admin"
    assert await rows("SELECT name FROM products") == [("Ana’s mug",)]

    async with transaction() as session:
        await save(session, form_of(view, name="Ben’s mug", force=True))
    assert await rows("SELECT name, version FROM products") == [("Ben’s mug", 3)]


async def test_price_that_was_changed_in_the_list_counts_as_a_change(session: AsyncSession) -> None:
    view = await opened(session, await make_product(session))
    await execute(session, "UPDATE variants SET price_minor = 1, version = version + 1")

    with pytest.raises(ProductChangedError, match="Somebody changed this product"):
        await save(session, form_of(view))


async def test_saving_a_new_product_twice_makes_it_once(session: AsyncSession) -> None:
    form = new_form(await make_category(session))
    await save(session, form)

    with pytest.raises(ProductChangedError):
        await save(session, form)
    assert await found(session, "SELECT count(*) FROM products") == [(1,)]


async def test_log_keeps_what_changed_and_no_more(session: AsyncSession) -> None:
    owner = await make_user(session)
    view = await opened(session, await make_product(session, name="Mug"))

    await save(session, form_of(view, name="Cup"), Actor(owner.id))

    told = await found(session, "SELECT action, actor_id, before, after FROM audit_log")
    assert told == [("product.update", owner.id, {"name": "Mug"}, {"name": "Cup"})]


async def test_reading_takes_as_many_statements_for_many_rows_as_for_one(session: AsyncSession) -> None:
    sizes: Sequence[str] = [f"Size {number}" for number in range(40)]
    large = await make_product(session, options={"Size": sizes})

    with counted_statements(session) as statements:
        view = await opened(session, large)
        await product_editor.get_surroundings(session)

    assert (len(view.variants), len(statements)) == (40, 4)
