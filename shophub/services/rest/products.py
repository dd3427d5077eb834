"""Products for the staff's programs, over what the editor saves: one transaction, one entry in the audit log.

Whoever changes stock has to know both halves of the ``version``; for anything else a sale in between is no reason to
begin again.
"""

import re
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus
from shophub.errors import (
    InvalidInputError,
    ProductNotFoundError,
    SkuTakenError,
    StockReservedError,
    VariantKeptError,
    VersionRequiredError,
)
from shophub.lib.ids import new_id
from shophub.lib.money import decimal_string
from shophub.lib.pagination import PageRequest
from shophub.lib.slugs import slugify
from shophub.lib.tables import TableQuery
from shophub.repositories import admin_products, product_editing
from shophub.repositories.product_editing import ProductState
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.products import AdminProductOut, ProductIn, ProductPatch, ProductPut, ProductSort
from shophub.schemas.product_editor import ProductForm
from shophub.services import product_editor, stores
from shophub.services.audit import Actor
from shophub.services.product_checks import ProductChangedError
from shophub.services.rest.product_forms import WRONG, Picture, Row, Wanted, changed, sku_of, whole
from shophub.services.rest.product_views import product_out, version_of
from shophub.services.search_text import clean_query, words_of

SOLD = "Stock changed after you read it, by a sale perhaps: read the product again."
READ_FIRST = "To change stock, send the version of the product that you read."
# Places in the editor's form, by those in what programs send.
PLACES = {
    "alt": "images.{}.altText",
    "option": "options.{}.name",
    "choices": "options.{}.values",
    "price": "variants.{}.price",
    "compare": "variants.{}.compareAtPrice",
    "sku": "variants.{}.sku",
    "stock": "variants.{}.stock",
}
FIELDS = {"slug": "name", "pictures": "images"}


async def list_products(
    session: AsyncSession,
    q: str,
    *,
    status: ProductStatus | None,
    category: str,
    in_stock: bool | None,
    sort: ProductSort,
    page: PageRequest,
) -> PageOut[AdminProductOut]:
    """Return a page of products, whatever their status. Four statements, whatever is found."""
    stock = {None: "", True: "in", False: "out"}[in_stock]
    query = TableQuery(tab=status or "", q=clean_query(q), filters={"category": category, "stock": stock})
    words = words_of(query.q)
    currency = (await stores.get_store(session)).currency
    total = await admin_products.count_products(session, query, words)
    ids = await admin_products.list_ids(
        session, query, words, sort=sort, limit=page.page_size, offset=page.offset
    )  # fmt: skip
    return PageOut(
        items=[product_out(one, currency) for one in await admin_products.read(session, ids)],
        total=min(total, admin_products.COUNT_LIMIT),
        total_is_exact=total <= admin_products.COUNT_LIMIT,
        page=page.page,
        page_size=page.page_size,
    )


async def get_product(session: AsyncSession, product_id: UUID) -> AdminProductOut:
    """Return a product, whatever its status. Two statements.

    Raises:
        ProductNotFoundError: There is none.
    """
    currency = (await stores.get_store(session)).currency
    for row in await admin_products.read(session, [product_id]):
        return product_out(row, currency)
    raise ProductNotFoundError("There is no such product.")


async def create_product(session: AsyncSession, form: ProductIn, actor: Actor) -> AdminProductOut:
    """Make a product, with the first rows of its stock ledger. Its address is made of its name, and is nobody else's.

    Raises:
        InvalidInputError: Something is wrong; ``fields`` says where.
        SkuTakenError: Another product has one of the SKUs.
    """
    currency = await stores.hold_currency(session)
    wanted = whole(form, None)
    product_id = new_id()
    slug = await _free_slug(session, wanted.name, product_id)
    return await _save(session, product_id, slug, wanted, None, currency, actor)


async def replace_product(session: AsyncSession, product_id: UUID, form: ProductPut, actor: Actor) -> AdminProductOut:
    """Make a product what a program says, whole; refuses what ``change_product`` does, and one thing more.

    Raises:
        VariantKeptError: A variant was to go that was ordered or is being paid for.
    """
    currency = await stores.hold_currency(session)
    before = await _locked(session, product_id)
    wanted = whole(form, before)
    await _compare(session, before, wanted, form.version)
    return await _save(session, product_id, before.slug, wanted, before, currency, actor)


async def change_product(session: AsyncSession, product_id: UUID, patch: ProductPatch, actor: Actor) -> AdminProductOut:
    """Change what a program names of a product.

    Raises:
        InvalidInputError: Something is wrong, or nothing was named; ``fields`` says where.
        ProductNotFoundError: There is none.
        ProductChangedError: It is not what was read; nothing has changed.
        VersionRequiredError: Stock was to change, and nothing says what was read.
        StockReservedError: Below what checkouts have set aside.
        SkuTakenError: Another product has one of the SKUs.
    """
    if not patch.model_fields_set - {"version"}:
        raise InvalidInputError("Name at least one field to change.")
    currency = await stores.hold_currency(session)
    before = await _locked(session, product_id)
    wanted = changed(patch, before)
    await _compare(session, before, wanted, patch.version)
    return await _save(session, product_id, before.slug, wanted, before, currency, actor)


async def _locked(session: AsyncSession, product_id: UUID) -> ProductState:
    before = await product_editing.lock(session, product_id)
    if before is None:
        raise ProductNotFoundError("There is no such product.")
    return before


async def _compare(session: AsyncSession, before: ProductState, wanted: Wanted, version: str | None) -> None:
    """Refuse what was decided on other numbers than there are, and what would go below what is being paid for."""
    kept = {row.was.id: row for row in wanted.rows if row.was is not None}
    gone = [one for one in before.variants if one.id not in kept]
    moves_stock = any(one.stock for one in gone) or any(row.was and row.stock != row.was.stock for row in wanted.rows)
    if version is not None:
        written, _, stock = version.partition(".")
        now = version_of(before.version, before.variants).partition(".")
        if written != now[0]:
            who = await product_editing.find_last_editor(session, before.id)
            raise ProductChangedError(product_editor.CHANGED.format(who=who or "Somebody"), who)
        if moves_stock and stock != now[2]:
            raise ProductChangedError(SOLD)
    elif moves_stock:
        raise VersionRequiredError(READ_FIRST)
    for one in gone:
        if one.reserved or one.is_ordered:
            why = "is being paid for right now" if one.reserved else "has been ordered"
            raise VariantKeptError(f"{' / '.join(one.values) or one.sku} {why}, so it stays: set its stock to 0.")
    for row in kept.values():
        if row.was is not None and row.stock < row.was.reserved:
            raise StockReservedError(f"{row.was.reserved} of {row.was.sku} are set aside: it cannot be fewer.")


async def _save(
    session: AsyncSession,
    product_id: UUID,
    slug: str,
    wanted: Wanted,
    before: ProductState | None,
    currency: str,
    actor: Actor,
) -> AdminProductOut:
    rows = await _with_skus(session, product_id, slug, wanted.rows)
    category_id = before.category_id if before else None
    if wanted.category is not None:
        category_id = await admin_products.find_category_id(session, wanted.category)
    if category_id is None:
        raise InvalidInputError(WRONG, {"category": "There is no category with this slug."})
    form = ProductForm.model_validate({
        "id": product_id,
        "version": before.version if before else 0,
        "name": wanted.name,
        "slug": slug,
        "description": wanted.description,
        "category_id": category_id,
        "brand": wanted.brand,
        "tags": list(wanted.tags),
        "status": str(wanted.status),
        "options": [{"name": name, "choices": list(values)} for name, values in wanted.options],
        "pictures": await _pictures(session, product_id, wanted),
        "variants": [_variant(row, currency) for row in rows],
    })  # fmt: skip
    try:
        await product_editor.save(session, form, actor=actor)
    except InvalidInputError as error:
        fields = {_place(name, rows): sentence for name, sentence in error.fields.items()}
        raise InvalidInputError(WRONG, fields) from error
    return product_out((await admin_products.read(session, [product_id]))[0], currency)


async def _with_skus(
    session: AsyncSession, product_id: UUID, slug: str, rows: tuple[Row, ...]
) -> tuple[tuple[Row, str], ...]:
    """Return the variants with an SKU each: their own, or one that is free.

    Raises:
        SkuTakenError: Another product has one.
    """
    made = [row.sku or sku_of(slug, row) for row in rows]
    taken = await product_editing.list_taken_skus(session, product_id, made)
    found: list[tuple[Row, str]] = []
    for row, sku in zip(rows, made, strict=True):
        if row.sku and sku in taken:
            raise SkuTakenError(f"Another product has the SKU {sku}.")
        is_free = row.sku or (sku not in taken and made.count(sku) == 1)
        found.append((row, sku if is_free else f"{sku[:51]}-{new_id().hex[-12:].upper()}"))
    return tuple(found)


async def _free_slug(session: AsyncSession, name: str, product_id: UUID) -> str:
    base = slugify(name) or "product"
    slugs = [base, *(f"{base}-{number}" for number in range(2, 30))]
    taken = await admin_products.list_taken_slugs(session, slugs)
    return next((slug for slug in slugs if slug not in taken), f"{base}-{product_id.hex}")


async def _pictures(session: AsyncSession, product_id: UUID, wanted: Wanted) -> list[dict[str, str | int]]:
    known = await admin_products.list_known_pictures(session, product_id, [one.public_id for one in wanted.pictures])
    if unknown := [one.public_id for one in wanted.pictures if one.public_id not in known]:
        sentence = f"There is no picture “{unknown[0]}” that this product could show: upload it first."
        raise InvalidInputError(WRONG, {"images": sentence})
    return [_picture(one, wanted.name) for one in wanted.pictures]


def _picture(one: Picture, name: str) -> dict[str, str | int]:
    sizes = {"width": one.width, "height": one.height} if one.width and one.height else {}
    return {"public_id": one.public_id, "alt": one.alt or name, **sizes}


def _variant(given: tuple[Row, str], currency: str) -> dict[str, object]:
    row, sku = given
    compare = row.compare_at_minor
    return {
        "id": row.was.id if row.was else "",
        "version": row.was.version if row.was else 0,
        "choices": list(row.choices),
        "sku": sku,
        "price": decimal_string(row.price_minor, currency),
        "compare_at": "" if compare is None else decimal_string(compare, currency),
        "stock": row.stock,
        "stock_was": row.was.stock if row.was else 0,
        "picture": row.was.picture if row.was else "",
    }


def _place(name: str, rows: tuple[tuple[Row, str], ...]) -> str:
    """Return where something stands in what was sent: ``price-2`` of the form is ``variants.2.price``."""
    found = re.fullmatch(r"([a-z]+)-([0-9]+)", name)
    if found is None:
        return FIELDS.get(name, name)
    if found[1] not in ("price", "compare", "sku", "stock"):
        return PLACES[found[1]].format(found[2])
    place = rows[int(found[2])][0].place
    return PLACES[found[1]].format(place).removeprefix("variants.None.")
