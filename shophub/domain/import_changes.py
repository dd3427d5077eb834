"""What an import changes of products that are there, as the audit log keeps it."""

from shophub.domain.import_shop import ImportPlan, ImportProduct, ImportVariant, Options

Facts = dict[str, str | int | bool | list[str] | None]
FIELDS = ("name", "description", "category", "brand", "status")


def changes_of(plan: ImportPlan) -> dict[str, tuple[Facts, Facts]]:
    """Return by product what differs, before and after. Products that the import makes are not among them."""
    changes: dict[str, tuple[Facts, Facts]] = {}
    made = {product.id for product in plan.new_products}
    for old, new in plan.changed_products:
        _note(changes, old, new)
    for product in plan.optioned_products:
        if product.id not in made and product.options != plan.options[product.id]:
            before, after = changes.setdefault(str(product.id), ({}, {}))
            before["options"], after["options"] = _options(product.options), _options(plan.options[product.id])
    for product_id, was, becomes in plan.changed_variants:
        before, after = changes.setdefault(str(product_id), ({}, {}))
        before[f"variant {was.id}"], after[f"variant {was.id}"] = _variant(was), _variant(becomes)
    for product_id, one in plan.new_variants:
        if product_id not in made:
            changes.setdefault(str(product_id), ({}, {}))[1][f"variant {one.id}"] = _variant(one)
    return changes


def _note(changes: dict[str, tuple[Facts, Facts]], old: ImportProduct, new: ImportProduct) -> None:
    before, after = changes.setdefault(str(old.id), ({}, {}))
    for name in FIELDS:
        if getattr(old, name) != getattr(new, name):
            before[name], after[name] = getattr(old, name), getattr(new, name)
    if old.tags != new.tags:
        before["tags"], after["tags"] = list(old.tags), list(new.tags)


def _options(options: Options) -> list[str]:
    return [f"{name}: {', '.join(values)}" for name, values in options]


def _variant(one: ImportVariant) -> list[str]:
    return [one.sku, " / ".join(one.values), str(one.price_minor), str(one.compare_at_minor or ""), str(one.stock)]
