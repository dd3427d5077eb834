"""What a row says of a variant, and which variant that is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from shophub.domain.import_rows import ImportLine, Problems, price, short_text, whole_number
from shophub.domain.import_shop import ImportProduct, ImportShop, ImportTerms, ImportVariant
from shophub.lib.ids import new_id

NUMBERS = ("price", "compare_at_price", "stock", "image")


@dataclass
class Row:
    """A row on its way: what is wrong with it, which variant it is about, and what that becomes."""

    line: ImportLine
    problems: Problems
    before: ImportVariant | None = None
    after: ImportVariant | None = None


def speaks_of_product_alone(line: ImportLine, product: ImportProduct, *, is_new: bool) -> bool:
    """Return whether a row names no variant and says nothing that a variant has."""
    if is_new or line.text("sku") or any(line.text(name) for name in NUMBERS):
        return False
    return not product.variants or not any(line.text(f"option{place}_value") for place in (1, 2, 3))


def read_variant(
    row: Row,
    product: ImportProduct,
    names: tuple[str, ...] | None,
    taken: Mapping[UUID, int],
    named: frozenset[str],
    shop: ImportShop,
    terms: ImportTerms,
) -> None:
    """Find the row's variant and make of it what the row says.

    ``taken``: which rows variants belong to already; ``named``: the SKUs of all rows of the product.
    """
    line, problems = row.line, row.problems
    values = _values(line, product, names, problems)
    row.before = _find(line, product, values, named, shop, problems)
    if problems.found:
        _numbers(line, None, product, terms, problems)
        return
    if row.before is not None and row.before.id in taken:
        problems.add("sku", f"Row {taken[row.before.id]:,} is about the same variant.")
        return
    before = row.before or ImportVariant(new_id(), values or (), -1, "", 0, None, 0)
    after = _numbers(line, row.before, product, terms, problems)
    sku = short_text(line, "sku", before.sku, problems) or before.sku
    if not sku:
        problems.add("sku", "Give it an SKU.")
    row.after = replace(
        after, id=before.id, position=before.position, sku=sku, values=before.values if values is None else values
    )


def _values(
    line: ImportLine, product: ImportProduct, names: tuple[str, ...] | None, problems: Problems
) -> tuple[str, ...] | None:
    """Return the choices of a row, None where it does not say any. Those that the product has are right as they are."""
    if names is None:
        return None
    found: list[str] = []
    for place in range(1, len(names) + 1):
        column = f"option{place}_value"
        known = product.options[place - 1][1] if place <= len(product.options) else ()
        given = line.cells.get(column, "")
        found.append(short_text(line, column, given if given in known else "", problems))
    values = tuple(found)
    if not any(values) and line.text("sku"):
        return None if names else ()
    for place, value in enumerate(values, 1):
        if not value:
            problems.add(f"option{place}_value", f"Say which {names[place - 1]} it is.")
    return values


def _find(
    line: ImportLine,
    product: ImportProduct,
    values: tuple[str, ...] | None,
    named: frozenset[str],
    shop: ImportShop,
    problems: Problems,
) -> ImportVariant | None:
    sku = line.text("sku")
    owner = shop.sku_owners.get(sku)
    if owner is not None and owner != product.id:
        problems.add("sku", f"Another product has the SKU {sku}.")
        return None
    for variant in product.variants:
        if sku and variant.sku == sku:
            return variant
    for variant in product.variants:
        if variant.sku not in named and variant.values == (values or ()) and (values is not None or not sku):
            return variant
    if values is None and product.options:
        problems.add("sku", "Say which variant it is: by its SKU or by its options.")
    return None


def _numbers(
    line: ImportLine, now: ImportVariant | None, product: ImportProduct, terms: ImportTerms, problems: Problems
) -> ImportVariant:
    """Return price, price before, stock and picture as the row has them; what it does not say stays."""
    before = now or ImportVariant(product.id, (), -1, "", 0, None, 0)
    currency = line.text("currency").upper()
    if currency and currency != terms.currency:
        problems.add("currency", f"The shop sells in {terms.currency}, and the row says {currency[:10]}.")
        return before
    amount = price(line, "price", terms.currency, problems) or before.price_minor
    if not amount:
        problems.add("price", "Give it a price.")
    compare = before.compare_at_minor
    if "compare_at_price" in terms.columns:
        compare = price(line, "compare_at_price", terms.currency, problems)
    if not problems.found and compare is not None and compare <= amount:
        problems.add("compare_at_price", "The price before is higher than the price, or empty.")
    stock = whole_number(line, "stock", problems)
    if stock is not None and stock < before.reserved:
        problems.add("stock", f"{before.reserved:,} are being paid for right now: it cannot go below that.")
    return replace(
        before,
        price_minor=amount,
        compare_at_minor=compare,
        stock=before.stock if stock is None else stock,
        image=_image(line, before, product, problems) if "image" in terms.columns else before.image,
    )


def _image(line: ImportLine, before: ImportVariant, product: ImportProduct, problems: Problems) -> str:
    given = line.text("image")
    if given and given != before.image and given not in product.images:
        problems.add("image", "The product has no picture with this public id. Pictures are added in its editor.")
    return given
