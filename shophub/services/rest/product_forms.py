"""What a program writes of a product, made into the form that the editor saves: whole, or parts into what there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shophub.errors import InvalidInputError
from shophub.lib.slugs import slugify
from shophub.repositories.product_editing import ProductState, VariantState
from shophub.schemas.api.products import OptionIn, PictureIn, PictureRef, ProductIn, ProductPatch, VariantPatch

WRONG = "Some details of the product are not right."
MAX_SKU = 64
LAID = "/image/upload/"


@dataclass(frozen=True)
class Row:
    """A variant as it is to be; ``was`` is the one that it is already, ``place`` where it stands in what was sent."""

    choices: tuple[str, ...]
    price_minor: int
    compare_at_minor: int | None
    stock: int
    sku: str = ""
    was: VariantState | None = None
    place: int | None = None


@dataclass(frozen=True)
class Picture:
    """A picture as it is to be; sizes are 0 where nobody said."""

    public_id: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Wanted:
    """A product as it is to be. ``category`` is a slug, None where it stays."""

    name: str
    description: str
    category: str | None
    brand: str
    tags: tuple[str, ...]
    status: str
    options: tuple[tuple[str, tuple[str, ...]], ...]
    rows: tuple[Row, ...]
    pictures: tuple[Picture, ...]


def whole(form: ProductIn, before: ProductState | None) -> Wanted:
    """Return what a whole product comes to; ``before`` is what it replaces.

    Raises:
        InvalidInputError: Options without variants, no stock, or variants that are not among the options.
    """
    options = _options(form.options)
    return Wanted(
        name=form.name,
        description=form.description,
        category=form.category,
        brand=form.brand or "",
        tags=tuple(form.tags),
        status=(form.status or (before.status if before else "active")),
        options=options,
        rows=_whole_rows(form, options, before),
        pictures=_pictures(form.image, form.images),
    )


def changed(patch: ProductPatch, before: ProductState) -> Wanted:
    """Return a product with what a program names of it changed.

    Raises:
        InvalidInputError: A number of the only variant where there are several, or a variant that cannot be.
    """
    named = patch.model_fields_set
    options = _options(patch.options) if "options" in named else before.options
    kept = tuple(Picture(one.public_id, one.alt, one.width, one.height) for one in before.pictures)
    pictures = _pictures(None, patch.images) if "images" in named else kept
    if "image" in named:
        first = _picture(patch.image)
        same = next((one for one in pictures if one.public_id == first.public_id), first)
        rest = tuple(one for one in pictures if one.public_id != first.public_id)
        pictures = (replace(same, alt=first.alt or same.alt), *rest)
    return Wanted(
        name=patch.name if "name" in named else before.name,
        description=patch.description if "description" in named else before.description,
        category=patch.category if "category" in named else None,
        brand=(patch.brand or "") if "brand" in named else before.brand,
        tags=tuple(patch.tags) if "tags" in named else before.tags,
        status=patch.status if "status" in named else before.status,
        options=options,
        rows=_changed_rows(patch, options, before),
        pictures=pictures,
    )


def sku_of(slug: str, row: Row) -> str:
    """Return an SKU for a variant that was given none: the product's address and the variant's values."""
    return "-".join([slug, *(slugify(value) or "x" for value in row.choices)]).upper()[:MAX_SKU]


def _whole_rows(form: ProductIn, options: Any, before: ProductState | None) -> tuple[Row, ...]:
    rows = before.variants if before else ()
    if not form.variants:
        if options:
            raise InvalidInputError(WRONG, {"variants": "Say which combinations of the options there are."})
        if form.stock is None:
            raise InvalidInputError(WRONG, {"stock": "Say how many there are."})
        was = rows[0] if len(rows) == 1 and not rows[0].values else None
        sku = form.sku or (was.sku if was else "")
        return (Row((), form.price, form.compare_at_price, form.stock, sku, was),)
    found: list[Row] = []
    for place, one in enumerate(form.variants):
        choices = _choices(one.options, options, place)
        was = _known(rows, one.id, choices, place)
        own = one.price is not None
        sku = one.sku or (was.sku if was else "") or (form.sku if len(form.variants) == 1 and form.sku else "")
        compare = one.compare_at_price if own or one.compare_at_price is not None else form.compare_at_price
        found.append(Row(choices, one.price or form.price, compare, one.stock, sku, was, place))
    return tuple(found)


def _changed_rows(patch: ProductPatch, options: Any, before: ProductState) -> tuple[Row, ...]:
    names = [name for name, _ in before.options]
    rows: list[Row] = []
    for was in before.variants:
        values = dict(zip(names, was.values, strict=True))
        choices = tuple(values.get(name, "") for name, _ in options)
        rows.append(Row(choices, was.price_minor, was.compare_at_minor, was.stock, was.sku, was))
    for place, one in enumerate(patch.variants):
        _put(rows, _changed_row(one, options, before, rows, patch, place))
    return _with_own_numbers(rows, patch)


def _changed_row(
    one: VariantPatch, options: Any, before: ProductState, rows: Sequence[Row], patch: ProductPatch, place: int
) -> Row:
    named = one.model_fields_set
    choices = _choices(one.options, options, place) if "options" in named or one.id is None else None
    was = _known(before.variants, one.id, choices, place)
    if was is None:
        missing = {"stock", *(() if "price" in patch.model_fields_set else ("price",))} - named
        if missing:
            raise InvalidInputError(
                WRONG, {f"variants.{place}.{name}": "A new variant needs this." for name in sorted(missing)}
            )
        price = one.price if "price" in named else patch.price
        return Row(choices or (), price, one.compare_at_price, one.stock, one.sku, place=place)
    row = next(row for row in rows if row.was is not None and row.was.id == was.id)
    return Row(
        choices=row.choices if choices is None else choices,
        price_minor=one.price if "price" in named else row.price_minor,
        compare_at_minor=one.compare_at_price if "compare_at_price" in named else row.compare_at_minor,
        stock=one.stock if "stock" in named else row.stock,
        sku=one.sku if "sku" in named else row.sku,
        was=was,
        place=place,
    )


def _with_own_numbers(rows: Sequence[Row], patch: ProductPatch) -> tuple[Row, ...]:
    """Put the numbers that stand in the product itself into its only variant."""
    named = patch.model_fields_set
    fields = {
        "price": "price_minor",
        "compare_at_price": "compare_at_minor",
        "stock": "stock",
        "sku": "sku",
    }
    given = {inside: getattr(patch, field) for field, inside in fields.items() if field in named}
    if not given:
        return tuple(rows)
    if len(rows) == 1:
        return (replace(rows[0], **given),)
    spare = {"price"} if any(row.was is None for row in rows) else set()  # it is the price of those that are new
    if wrong := (named & fields.keys()) - spare:
        sentence = "It has several variants: say it of each in variants."
        raise InvalidInputError(WRONG, {_sent_as(name): sentence for name in sorted(wrong)})
    return tuple(rows)


def _put(rows: list[Row], row: Row) -> None:
    for place, one in enumerate(rows):
        if row.was is not None and one.was is not None and one.was.id == row.was.id:
            rows[place] = row
            return
    rows.append(row)


def _options(options: Sequence[OptionIn]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((one.name, tuple(one.values)) for one in options)


def _choices(given: Mapping[str, str], options: Any, place: int) -> tuple[str, ...]:
    names = [name for name, _ in options]
    if set(given) != set(names):
        sentence = f"Give a value for each of {', '.join(names)}." if names else "The product has no options."
        raise InvalidInputError(WRONG, {f"variants.{place}.options": sentence})
    return tuple(given[name] for name in names)


def _known(
    rows: Sequence[VariantState], variant_id: UUID | None, choices: tuple[str, ...] | None, place: int
) -> VariantState | None:
    """Return the variant that is meant, None where it is a new one."""
    if variant_id is None:
        return next((row for row in rows if row.values == choices), None)
    found = next((row for row in rows if row.id == variant_id), None)
    if found is None:
        raise InvalidInputError(WRONG, {f"variants.{place}.id": "The product has no such variant."})
    return found


def _pictures(first: PictureRef | None, others: Sequence[PictureRef]) -> tuple[Picture, ...]:
    found = {one.public_id: one for one in (_picture(ref) for ref in others)}
    if first is None:
        return tuple(found.values())
    front = _picture(first)
    same = found.pop(front.public_id, front)
    return (replace(same, alt=front.alt or same.alt), *found.values())


def _picture(ref: PictureRef) -> Picture:
    if isinstance(ref, PictureIn):
        return Picture(_named(ref.public_id), ref.alt_text, ref.width or 0, ref.height or 0)
    return Picture(_named(ref))


def _named(text: str) -> str:
    """Return a public id, also from an address that was built of one: behind its folder, sizes and version."""
    if LAID not in text:
        return text
    parts = text.partition("?")[0].partition(LAID)[2].split("/")
    version = next((place for place, part in enumerate(parts) if part[:1] == "v" and part[1:].isdigit()), -1)
    return "/".join(parts[version + 1 :])


def _sent_as(name: str) -> str:
    return "compareAtPrice" if name == "compare_at_price" else name
