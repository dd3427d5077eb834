"""What the first row of a product says of the product itself."""

from collections.abc import Sequence
from dataclasses import replace

from shophub.domain.import_columns import OF_PRODUCT, OPTIONS
from shophub.domain.import_rows import ImportLine, Problems, description, short_text
from shophub.domain.import_shop import ImportProduct, ImportShop, ImportTerms
from shophub.domain.statuses import ProductStatus
from shophub.lib.ids import new_id
from shophub.lib.plain_text import plain_text
from shophub.lib.slugs import is_slug, slugify

MAX_TAGS = 30
LONGEST_TAG = 40
STATUSES = frozenset(status.value for status in ProductStatus)


def blank_product(slug: str) -> ImportProduct:
    """Return a product that is not there yet."""
    return ImportProduct(new_id(), slug, "", ProductStatus.DRAFT.value, "", "", (), "")


def written_product(
    line: ImportLine, before: ImportProduct, shop: ImportShop, terms: ImportTerms, problems: Problems
) -> ImportProduct:
    """Return the product as a row has it; what the row does not say stays. Options are seen to with the variants."""
    is_new = before.id not in shop.products
    if is_new and not is_slug(before.slug):
        problems.add("slug", "An address has small letters, digits and single hyphens between them.")
    name = short_text(line, "name", before.name, problems) or before.name
    if not name:
        problems.add("name", "Give the product a name.")
    category = _category(line, before.category, shop, terms, problems)
    if not category:
        problems.add("category", "Give the product a category.")
    return replace(
        before,
        name=name,
        status=_status(line, before.status, problems),
        category=category or before.category,
        brand=short_text(line, "brand", before.brand, problems) if "brand" in terms.columns else before.brand,
        tags=_tags(line, before.tags, problems) if "tags" in terms.columns else before.tags,
        description=description(line, before.description, problems)
        if "description" in terms.columns
        else before.description,
    )


def category_slug(given: str, shop: ImportShop) -> str | None:
    """Return the slug of the category that is meant, None where two have that name, nothing where there is none."""
    if given in shop.category_slugs:
        return given
    if given.casefold() in shop.category_names:
        return shop.category_names[given.casefold()] or None
    return slugify(given) if slugify(given) in shop.category_slugs else ""


def option_names(lines: Sequence[ImportLine], before: ImportProduct, problems: Problems) -> tuple[str, ...] | None:
    """Return what a product's options are called; None where the rows do not say, and they stay as they are."""
    known = [name for name, _ in before.options]
    names: list[str] = []
    for place in range(1, OPTIONS + 1):
        column = f"option{place}_name"
        has_values = any(line.text(f"option{place}_value") for line in lines)
        now = known[place - 1] if place <= len(known) else ""
        given = short_text(lines[0], column, now, problems)
        names.append(given or (now if has_values else ""))
        if has_values and not names[-1]:
            problems.add(column, f"Say what option {place} is called, such as Size.")
    if not any(names):
        return None if known else ()
    filled = tuple(name for name in names if name)
    if names[: len(filled)] != list(filled):
        problems.add("option1_name", "Options are filled in from the first on.")
    if len({name.casefold() for name in filled}) < len(filled):
        problems.add("option1_name", "Two options have the same name.")
    return filled


def differing_columns(line: ImportLine, first: ImportLine) -> list[str]:
    """Return what a later row of a product says otherwise than its first; an empty cell says nothing."""
    return [name for name in OF_PRODUCT if line.text(name) and line.text(name) != first.text(name)]


def _status(line: ImportLine, now: str, problems: Problems) -> str:
    given = line.text("status").lower()
    if given and given not in STATUSES:
        problems.add("status", f"“{given[:40]}” is no status: write draft, active or archived.")
        return now
    return given or now


def _category(line: ImportLine, now: str, shop: ImportShop, terms: ImportTerms, problems: Problems) -> str:
    given = short_text(line, "category", now, problems)
    if not given or given == now:
        return now
    found = category_slug(given, shop)
    if found is None:
        problems.add("category", f"Two categories are called “{given}”: write the address (slug) of the one you mean.")
        return now
    if found:
        return found
    if not terms.creates_categories:
        problems.add("category", f"There is no category “{given}”.")
        return now
    made = slugify(given)
    if not made:
        problems.add("category", f"No address can be made of “{given}”: it has no letters that can stand in one.")
    return made


def _tags(line: ImportLine, now: tuple[str, ...], problems: Problems) -> tuple[str, ...]:
    if line.cells.get("tags") == ", ".join(now):
        return now
    tags = tuple(dict.fromkeys(" ".join(tag.split()).lower() for tag in line.text("tags").split(",") if tag.strip()))
    if len(tags) > MAX_TAGS:
        problems.add("tags", f"A product has at most {MAX_TAGS} tags.")
    if any(len(tag) > LONGEST_TAG or plain_text(tag) != tag for tag in tags):
        problems.add("tags", f"A tag has at most {LONGEST_TAG} characters that can be shown.")
    return tags
