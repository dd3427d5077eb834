"""What rows come to, without a database."""

from uuid import UUID

from shophub.domain.import_plan import MAX_VARIANTS, plan_import
from shophub.domain.import_rows import ImportLine, LineGroup, Outcome, batches, group_lines
from shophub.domain.import_shop import ImportPlan, ImportProduct, ImportShop, ImportTerms, ImportVariant
from shophub.lib.ids import new_id

HEADER = ("slug", "name", "category", "option1_name", "option1_value", "sku", "price")
TERMS = ImportTerms("USD", frozenset(HEADER))


def line(number: int, *cells: str) -> ImportLine:
    return ImportLine(number, dict(zip(HEADER, cells, strict=True)))


def shirt(*sizes: str) -> ImportProduct:
    variants = tuple(
        ImportVariant(new_id(), (size,), place, f"S-{size}", 2_000, None, 5) for place, size in enumerate(sizes)
    )
    return ImportProduct(
        new_id(), "shirt", "Shirt", "active", "shelf", "", (), "", (("Size", sizes),), variants, frozenset()
    )


def plan(product: ImportProduct | None, *lines: ImportLine) -> ImportPlan:
    products: dict[UUID, ImportProduct] = {product.id: product} if product else {}
    owners = {variant.sku: product.id for variant in product.variants} if product else {}
    shop = ImportShop(products, owners, frozenset({"shelf"}), {})
    return plan_import(group_lines(lines), shop, TERMS)


def outcomes(made: ImportPlan) -> list[tuple[int, str]]:
    return [(result.number, result.outcome.value) for result in made.results]


def test_row_that_is_refused_keeps_its_place_from_others():
    """M becomes S where S becomes L, but there is an L: then S stays, and M cannot become S either."""
    made = plan(
        shirt("S", "M", "L"),
        line(2, "shirt", "", "", "Size", "S", "S-M", "20"),
        line(3, "shirt", "", "", "Size", "L", "S-S", "20"),
    )

    assert outcomes(made) == [(2, "error"), (3, "error")]
    assert (made.changed_variants, made.options) == ([], {})
    assert [result.reason for result in made.results] == ["These are the options of a variant that stays as it is."] * 2


def test_options_are_renamed_where_every_variant_comes_along():
    product = shirt("S", "M")

    made = plan(
        product,
        line(2, "shirt", "", "", "Fit", "Small", "S-S", ""),
        line(3, "shirt", "", "", "Fit", "Medium", "S-M", ""),
    )

    assert outcomes(made) == [(2, "updated"), (3, "updated")]
    assert made.options == {product.id: (("Fit", ("Small", "Medium")),)}


def test_new_product_needs_its_first_row_and_a_variant():
    made = plan(
        None,
        line(2, "hat", "Hat", "nowhere", "Size", "S", "H-S", "1"),
        line(3, "hat", "", "", "", "M", "H-M", "1"),
        line(4, "cap", "Cap", "shelf", "", "", "C", "free"),
    )

    assert outcomes(made) == [(2, "error"), (3, "error"), (4, "error")]
    assert made.results[1].reason == "Row 2, the first of this product, has to be right first."
    assert (made.new_products, made.new_variants, made.new_categories) == ([], [], {})


def test_wrong_row_leaves_its_neighbours_alone():
    made = plan(
        None,
        line(2, "hat", "Hat", "shelf", "Size", "S", "H-S", "1"),
        line(3, "hat", "Other", "", "Size", "M", "H-M", "1"),
        line(4, "hat", "", "", "Size", "S", "H-X", "1"),
        line(5, "hat", "Hat", "shelf", "Size", "L", "H-L", "2"),
    )

    assert outcomes(made) == [(2, "created"), (3, "error"), (4, "error"), (5, "created")]
    assert [variant.position for _, variant in made.new_variants] == [0, 1]
    assert list(made.options.values()) == [(("Size", ("S", "L")),)]


def test_product_has_no_more_variants_than_its_editor_takes():
    lines = [line(n + 2, "hat", "Hat", "shelf", "Size", f"{n}", f"H-{n}", "1") for n in range(MAX_VARIANTS + 2)]

    made = plan(None, *lines)

    assert len(made.new_variants) == MAX_VARIANTS
    assert len([one for one in made.results if one.outcome is Outcome.ERROR]) == 2


def test_batches_keep_products_together_and_go_on_where_they_were():
    groups = [LineGroup(f"p{n}", False, tuple(line(n * 3 + k, *[""] * 7) for k in range(3))) for n in range(5)]

    whole = [[group.slug for group in batch] for batch in batches(groups, 6, 0)]

    assert whole == [["p0", "p1"], ["p2", "p3"], ["p4"]]
    assert [[group.slug for group in batch] for batch in batches(groups, 6, 6)] == whole[1:]
