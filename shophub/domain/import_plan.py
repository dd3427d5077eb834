"""What rows of an import come to, given what the shop has: pure, so that a dry run and the import decide alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shophub.domain.import_products import (
    blank_product,
    category_slug,
    differing_columns,
    option_names,
    written_product,
)
from shophub.domain.import_rows import ImportLine, LineGroup, LineResult, Outcome, Problems
from shophub.domain.import_shop import ImportPlan, ImportProduct, ImportShop, ImportTerms, ImportVariant, Options
from shophub.domain.import_variants import Row, read_variant, speaks_of_product_alone

MAX_VARIANTS = 250


@dataclass(frozen=True)
class _Found:
    """Rows and the product that they are about, which may not be there yet."""

    product: ImportProduct
    is_new: bool
    lines: tuple[ImportLine, ...]


def plan_import(groups: Iterable[LineGroup], shop: ImportShop, terms: ImportTerms) -> ImportPlan:
    """Decide what becomes of each row. A wrong row is left out; a product whose first row is wrong, as a whole."""
    plan = ImportPlan()
    for found in _resolved(groups, shop):
        _plan_product(found, shop, terms, plan)
    plan.results.sort(key=lambda result: result.number)
    return plan


def _resolved(groups: Iterable[LineGroup], shop: ImportShop) -> list[_Found]:
    """Return which product each group is about; groups that turn out to be about the same one are one."""
    by_slug = {product.slug: product for product in shop.products.values()}
    found: dict[str, _Found] = {}
    for group in groups:
        product = by_slug.get(group.slug) if group.slug else None
        if product is None and (group.is_implied or not group.slug):
            owners = (shop.sku_owners.get(line.text("sku")) for line in group.lines)
            owner = next((one for one in owners if one is not None), None)
            product = shop.products.get(owner) if owner is not None else None
        key = str(product.id) if product else group.slug or f"row {group.lines[0].number}"
        before = found.get(key)
        lines = tuple(sorted((*before.lines, *group.lines), key=lambda line: line.number)) if before else group.lines
        found[key] = _Found(before.product if before else product or blank_product(group.slug), product is None, lines)
    return list(found.values())


def _plan_product(found: _Found, shop: ImportShop, terms: ImportTerms, plan: ImportPlan) -> None:
    before, first = found.product, found.lines[0]
    rows = [Row(line, Problems()) for line in found.lines]
    for row in rows:
        _check_row(row, first, terms)
    for row in rows[MAX_VARIANTS:]:
        row.problems.add("", f"A product has at most {MAX_VARIANTS} variants.")
    of_product = Problems()
    if not before.slug:
        known = "No variant has this SKU. To make a product of the row it takes a name as well."
        of_product.add("sku", known if first.text("sku") else "Say which product it is: by its SKU, address or name.")
        names: tuple[str, ...] | None = None
        after = before
    else:
        after = written_product(first, before, shop, terms, of_product)
        names = option_names(found.lines, before, of_product)
    if rows[0].line.problem:
        of_product.add("", rows[0].line.problem)
    if not of_product.found:
        _read_variants(rows, before, names, shop, terms, is_new=found.is_new)
        _check_variants(rows, before, names)
    else:
        for row in rows[1:]:
            row.problems.add("", f"Row {first.number:,}, the first of this product, has to be right first.")
        rows[0].problems.found = {**of_product.found, **rows[0].problems.found}
    _write(plan, found, after, names, rows, shop)


def _check_row(row: Row, first: ImportLine, terms: ImportTerms) -> None:
    if row.line.problem:
        row.problems.add("", row.line.problem)
    if row.line.number in terms.repeated:
        row.problems.add("sku", f"Row {terms.repeated[row.line.number]:,} has this SKU already.")
    if row.line is not first:
        for column in differing_columns(row.line, first):
            row.problems.add(column, f"Row {first.number:,}, the first of this product, says otherwise.")


def _read_variants(
    rows: Sequence[Row],
    product: ImportProduct,
    names: tuple[str, ...] | None,
    shop: ImportShop,
    terms: ImportTerms,
    *,
    is_new: bool,
) -> None:
    named = frozenset(row.line.text("sku") for row in rows)
    taken: dict[UUID, int] = {}
    made: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.problems.found or speaks_of_product_alone(row.line, product, is_new=is_new):
            continue
        read_variant(row, product, names, taken, named, shop, terms)
        if row.problems.found or row.after is None:
            continue
        if row.before is not None:
            taken[row.before.id] = row.line.number
        elif row.after.values in made:
            place = "option1_value" if names else "sku"
            row.problems.add(place, f"Row {made[row.after.values]:,} is the same variant of this product.")
            row.after = None
        else:
            made[row.after.values] = row.line.number


def _check_variants(rows: Sequence[Row], product: ImportProduct, names: tuple[str, ...] | None) -> None:
    """Refuse rows after which two variants would be the same, or some would not fit the options any more.

    A variant whose row is refused stays as it is, which may be in the way of others: so until nothing is refused.
    """
    while any([_refuse(row, product, names, rows) for row in rows if row.after is not None]):
        pass


def _refuse(row: Row, product: ImportProduct, names: tuple[str, ...] | None, rows: Sequence[Row]) -> bool:
    """Refuse a row that cannot be beside what the others come to; returns whether it was."""
    written = [other for other in rows if other.after is not None]
    moved = {other.before.id for other in written if other.before is not None}
    staying = [variant for variant in product.variants if variant.id not in moved]
    values = row.after.values if row.after is not None else ()
    earlier = [other for other in written if other.line.number < row.line.number and other.after is not None]
    twin = next((other.line.number for other in earlier if other.after is not None and other.after.values == values), 0)
    if names is not None and names != tuple(name for name, _ in product.options) and staying:
        sentence = "The options of this product change, so each of its variants has to be in the file."
        row.problems.add("option1_name", sentence)
    elif names and len(values) != len(names):
        row.problems.add("option1_value", "Say which options it has.")
    elif twin or any(variant.values == values for variant in staying):
        whose = f"row {twin:,}" if twin else "a variant that stays as it is"
        row.problems.add("option1_value", f"These are the options of {whose}.")
    elif row.before is None and len(staying) + len(written) > MAX_VARIANTS:
        row.problems.add("", f"A product has at most {MAX_VARIANTS} variants.")
    else:
        return False
    row.after = None
    return True


def _write(
    plan: ImportPlan,
    found: _Found,
    after: ImportProduct,
    names: tuple[str, ...] | None,
    rows: Sequence[Row],
    shop: ImportShop,
) -> None:
    before = found.product
    good = [row for row in rows if not row.problems.found]
    written = [row for row in good if row.after is not None]
    options = _options(before, names, written)
    if found.is_new and not written:
        good = []
    changes = bool(good) and (found.is_new or replace(after, options=options) != before)
    if good and found.is_new:
        plan.new_products.append(after)
    elif changes and after != before:
        plan.changed_products.append((before, after))
    if good and options != before.options:
        plan.options[before.id] = options
        plan.optioned_products.append(after)
    if good and after.category and category_slug(after.category, shop) == "":
        plan.new_categories.setdefault(after.category, " ".join(rows[0].line.text("category").split()))
    position = max((variant.position for variant in before.variants), default=-1)
    for row in rows:
        outcome = Outcome.ERROR if row.problems.found else Outcome.UNCHANGED
        if outcome is Outcome.UNCHANGED and row.after is not None:
            if row.before is None:
                position += 1
                plan.new_variants.append((before.id, replace(row.after, position=position)))
                outcome = Outcome.CREATED
            elif row.after != row.before:
                plan.changed_variants.append((before.id, row.before, row.after))
                outcome = Outcome.UPDATED
        if outcome is Outcome.UNCHANGED and changes and row is good[0]:
            outcome = Outcome.UPDATED
        plan.results.append(_result(row, before, outcome))


def _options(before: ImportProduct, names: tuple[str, ...] | None, rows: Sequence[Row]) -> Options:
    """Return the product's options with the choices of its rows behind those that it has."""
    if names is None:
        return before.options
    kept = {name: values for name, values in before.options}
    is_same = tuple(kept) == names
    made: list[tuple[str, tuple[str, ...]]] = []
    for place, name in enumerate(names):
        given = [row.after.values[place] for row in rows if row.after is not None and len(row.after.values) > place]
        values = tuple(dict.fromkeys([*(kept[name] if is_same else ()), *given]))
        made.append((name, values))
    return tuple(made) if is_same or all(values for _, values in made) else before.options


def _result(row: Row, product: ImportProduct, outcome: Outcome) -> LineResult:
    variant: ImportVariant | None = row.after or row.before
    found = row.problems.found
    return LineResult(
        number=row.line.number,
        outcome=outcome,
        slug=product.slug or row.line.text("slug"),
        sku=row.line.text("sku") or (variant.sku if variant else ""),
        columns=tuple(name for name in found if name),
        reason=" ".join(dict.fromkeys(found.values())),
    )
