"""The product editor: reading a product as it stands, and saving the whole of it at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import StockReason
from shophub.errors import InvalidInputError, ProductNotFoundError
from shophub.integrations.cloudinary import image_url
from shophub.lib.ids import new_id
from shophub.lib.money import decimal_string, exponent
from shophub.repositories import catalog, inventory, product_editing
from shophub.repositories.product_editing import (
    PictureState,
    ProductContent,
    ProductState,
    VariantContent,
    VariantState,
)
from shophub.schemas.product_editor import (
    ChoiceView,
    EditorSurroundings,
    EditorView,
    OptionEdit,
    PictureEdit,
    ProductForm,
    VariantEdit,
    VariantForm,
)
from shophub.services import audit, stores
from shophub.services.audit import Actor
from shophub.services.product_checks import MENDED, Checked, ProductChangedError, check
from shophub.settings import get_settings

SMALL = 240
CHANGED = "{who} changed this product after you opened it. Nothing of yours was saved yet."


async def get_surroundings(session: AsyncSession) -> EditorSurroundings:
    """Return the categories, brands and the store's currency. Three statements."""
    store = await stores.get_store(session)
    rows = await catalog.list_categories(session)
    by_id = {row.id: row for row in rows}

    def label(row: catalog.CategoryRow) -> str:
        names, seen = [row.name], {row.id}
        while row.parent_id is not None and row.parent_id not in seen:
            row = by_id[row.parent_id]
            seen.add(row.id)
            names.insert(0, row.name)
        return " › ".join(names)

    choices = sorted((ChoiceView(str(row.id), label(row)) for row in rows), key=lambda one: one.label.casefold())
    return EditorSurroundings(
        categories=tuple(choices),
        brands=await product_editing.list_brands(session),
        currency=store.currency,
        decimals=exponent(store.currency),
        store_name=store.name,
        address=get_settings().public_url.rstrip("/").partition("://")[2],
    )


def new_product() -> EditorView:
    """Return an empty product with the id that it will have, so that saving it twice makes it once."""
    return EditorView(id=str(new_id()), variants=(VariantEdit(),))


async def get_product(session: AsyncSession, product_id: UUID, currency: str) -> EditorView:
    """Return a product for the editor. One statement.

    Raises:
        ProductNotFoundError: There is none.
    """
    return _view(_given(await product_editing.find(session, product_id)), currency)


async def save(session: AsyncSession, form: ProductForm, *, actor: Actor) -> EditorView:
    """Make the product what the form says, or leave it as it is. Returns it as it then stands.

    Raises:
        InvalidInputError: Something in the form is wrong; ``fields`` says where.
        ProductChangedError: Somebody else changed it since it was read (and ``form.force`` does not say: all the same).
        ProductNotFoundError: It was deleted meanwhile.
    """
    currency = await stores.hold_currency(session)
    checked = check(form, currency)
    before = await product_editing.lock(session, form.id)
    await _compare_versions(session, form, before)
    await _refuse_taken(session, form, checked)
    rows = {variant.id: variant for variant in before.variants} if before else {}
    await _write_product(session, form, checked, before)
    await _remove_variants(session, form, rows)
    await _write_variants(session, form, checked, rows, actor)
    after = _given(await product_editing.find(session, form.id))
    await _record(session, actor, before, after)
    return _view(after, currency)


async def _compare_versions(session: AsyncSession, form: ProductForm, before: ProductState | None) -> None:
    if before is None:
        if form.version:
            raise ProductNotFoundError("Somebody deleted this product meanwhile.")
        return
    now = {variant.id: variant for variant in before.variants}
    known = {variant.id: variant for variant in form.variants if variant.id}
    same = before.version == form.version and all(
        one.id in now and now[one.id].version == one.version for one in known.values() if isinstance(one.id, UUID)
    )
    if not same and not form.force:
        who = await product_editing.find_last_editor(session, before.id)
        raise ProductChangedError(CHANGED.format(who=who or "Somebody"), who)
    for place, variant in enumerate(form.variants):
        row = now.get(variant.id) if isinstance(variant.id, UUID) else None
        if row is not None and variant.stock != variant.stock_was and row.stock != variant.stock_was:
            sentence = f"There are {row.stock} now, not {variant.stock_was}: look again."
            raise InvalidInputError(MENDED, {f"stock-{place}": sentence})


async def _refuse_taken(session: AsyncSession, form: ProductForm, checked: Checked) -> None:
    problems: dict[str, str] = {}
    owner = await product_editing.find_slug_owner(session, checked.slug)
    if owner is not None and owner != form.id:
        problems["slug"] = "Another product has that address."
    taken = await product_editing.list_taken_skus(session, form.id, [one.sku for one in form.variants])
    for place, variant in enumerate(form.variants):
        if variant.sku in taken:
            problems[f"sku-{place}"] = "Another product has that SKU."
    if form.category_id not in {row.id for row in await catalog.list_categories(session)}:
        problems["category"] = "That category is not there any more."
    if problems:
        raise InvalidInputError(MENDED, problems)


async def _write_product(
    session: AsyncSession, form: ProductForm, checked: Checked, before: ProductState | None
) -> None:
    if not isinstance(form.category_id, UUID):  # checked before; says so to the type checker
        raise InvalidInputError(MENDED, {"category": "Choose a category."})
    content = ProductContent(
        id=form.id,
        name=checked.name,
        slug=checked.slug,
        description=form.description,
        category_id=form.category_id,
        brand=form.brand or None,
        tags=checked.tags,
        status=form.status,
    )
    await product_editing.write_product(session, content, is_new=before is None)
    if before is None or before.options != checked.options:
        await product_editing.write_options(session, form.id, checked.options)
    pictures = tuple(PictureState(one.public_id, one.alt, one.width, one.height) for one in form.pictures)
    if not await product_editing.write_pictures(session, form.id, pictures):
        raise InvalidInputError(MENDED, {"pictures": "One of these pictures belongs to another product."})


async def _remove_variants(session: AsyncSession, form: ProductForm, rows: dict[UUID, VariantState]) -> None:
    kept = {variant.id for variant in form.variants}
    gone = [row for row in rows.values() if row.id not in kept]
    for row in gone:
        what = " / ".join(row.values) or row.sku
        if row.reserved:
            raise InvalidInputError(MENDED, {"variants": f"{what} is being paid for right now. Try again later."})
        if row.is_ordered:
            sentence = f"{what} has been ordered, so it stays: set its stock to 0 instead."
            raise InvalidInputError(MENDED, {"variants": sentence})
    if gone:
        await product_editing.delete_variants(session, form.id, [row.id for row in gone])


async def _write_variants(
    session: AsyncSession, form: ProductForm, checked: Checked, rows: dict[UUID, VariantState], actor: Actor
) -> None:
    """Write what differs, in the order of the ids that are there already."""
    written = [
        (place, _content(place, variant, checked, rows), variant.id not in rows)
        for place, variant in enumerate(form.variants)
    ]
    changed = [one for one in written if one[2] or _differs(one[1], rows[one[1].id])]
    await product_editing.step_aside(session, form.id, [content.id for _, content, is_new in changed if not is_new])
    for place, content, is_new in sorted(changed, key=lambda one: one[1].id):
        if not await product_editing.write_variant(session, form.id, content, is_new=is_new):
            reserved = rows[content.id].reserved
            sentence = f"{reserved} are being paid for right now: it cannot go below that."
            raise InvalidInputError(MENDED, {f"stock-{place}": sentence})
    for reason, is_first in ((StockReason.INITIAL, True), (StockReason.CORRECTION, False)):
        deltas = {one.id: one.stock_change for _, one, is_new in changed if one.stock_change and is_new is is_first}
        if deltas:
            await inventory.record_movements(session, deltas, reason=reason, reference="editor", actor_id=actor.user_id)


def _content(place: int, variant: VariantForm, checked: Checked, rows: dict[UUID, VariantState]) -> VariantContent:
    row = rows.get(variant.id) if isinstance(variant.id, UUID) else None
    prices = checked.prices[place]
    return VariantContent(
        id=row.id if row else new_id(),
        values=tuple(variant.choices),
        position=place,
        sku=variant.sku,
        price_minor=prices.price_minor,
        compare_at_minor=prices.compare_at_minor,
        picture=variant.picture,
        stock_change=variant.stock - variant.stock_was if row else variant.stock,
    )


def _differs(content: VariantContent, row: VariantState) -> bool:
    return content.stock_change != 0 or any(
        getattr(content, name) != getattr(row, name)
        for name in ("values", "position", "sku", "price_minor", "compare_at_minor", "picture")
    )


async def _record(session: AsyncSession, actor: Actor, before: ProductState | None, after: ProductState) -> None:
    """Keep what changed: of the product each field, of its variants each row."""
    old, new = (product_facts(before) if before else {}), product_facts(after)
    changed = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    await audit.record(
        session,
        actor,
        "product.update" if before else "product.create",
        target="product",
        target_id=str(after.id),
        before={name: old[name] for name in changed if name in old} if before else None,
        after={name: new[name] for name in changed if name in new},
    )


def product_facts(product: ProductState) -> dict[str, audit.Value]:
    """Return what the audit log keeps of a product."""
    facts: dict[str, audit.Value] = {
        "name": product.name,
        "slug": product.slug,
        "description": product.description,
        "category": str(product.category_id),
        "brand": product.brand,
        "tags": list(product.tags),
        "status": product.status,
        "options": [f"{name}: {', '.join(values)}" for name, values in product.options],
        "pictures": [f"{one.public_id} ({one.alt})" for one in product.pictures],
    }
    for one in product.variants:
        facts[f"variant {one.id}"] = [
            one.sku, " / ".join(one.values), str(one.price_minor), str(one.compare_at_minor or ""), str(one.stock)
        ]  # fmt: skip
    return facts


def _given(found: ProductState | None) -> ProductState:
    if found is None:
        raise ProductNotFoundError("There is no such product.")
    return found


def _view(product: ProductState, currency: str) -> EditorView:
    return EditorView(
        id=str(product.id),
        version=product.version,
        name=product.name,
        slug=product.slug,
        description=product.description,
        category_id=str(product.category_id),
        brand=product.brand,
        tags=product.tags,
        status=product.status,
        pictures=tuple(
            PictureEdit(
                one.public_id, image_url(one.public_id, width=SMALL, height=SMALL), one.alt, one.width, one.height
            )
            for one in product.pictures
        ),
        options=tuple(OptionEdit(name, values) for name, values in product.options),
        variants=_variants(product.variants, currency),
        created_text=_moment(product.created_at),
        updated_text=_moment(product.updated_at),
    )


def _variants(rows: Sequence[VariantState], currency: str) -> tuple[VariantEdit, ...]:
    return tuple(
        VariantEdit(
            id=str(row.id),
            version=row.version,
            choices=row.values,
            sku=row.sku,
            price=decimal_string(row.price_minor, currency),
            compare_at=decimal_string(row.compare_at_minor, currency) if row.compare_at_minor else "",
            stock=row.stock,
            reserved=row.reserved,
            picture=row.picture,
            is_ordered=row.is_ordered,
        )
        for row in rows
    )


def _moment(moment: datetime) -> str:
    there = moment.astimezone(UTC)
    return f"{there.day} {there:%b %Y, %H:%M} UTC"
