"""What must hold of a product before it is saved, with a sentence for each place in the form where it does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shophub.errors import ConflictError, InvalidInputError
from shophub.lib.money import parse_amount
from shophub.lib.slugs import is_slug, slugify
from shophub.schemas.product_editor import MAX_DESCRIPTION, MAX_NAME, MAX_STOCK, ProductForm, VariantForm

LARGEST_PRICE = 10**11
MENDED = "Some details are missing or not right."


class ProductChangedError(ConflictError):
    """Somebody else changed the product since it was read; ``changed_by`` is their name, empty where nobody's."""

    code = "product_changed"

    def __init__(self, message: str, changed_by: str = "") -> None:
        """Keep who it was."""
        super().__init__(message)
        self.changed_by = changed_by


@dataclass(frozen=True)
class Prices:
    """A row's prices in minor units."""

    price_minor: int
    compare_at_minor: int | None


@dataclass(frozen=True)
class Checked:
    """What the form says once it holds together; ``prices`` in the order of its rows."""

    name: str
    slug: str
    tags: list[str]
    options: tuple[tuple[str, tuple[str, ...]], ...]
    prices: tuple[Prices, ...]


def check(form: ProductForm, currency: str) -> Checked:
    """Return the form's contents, tidied.

    Raises:
        InvalidInputError: ``fields`` maps each wrong place (``name``, ``price-2``) to how it is mended.
    """
    problems = dict(_product_problems(form))
    problems |= dict(_option_problems(form))
    problems |= dict(_variant_problems(form))
    prices: list[Prices] = []
    for place, variant in enumerate(form.variants):
        try:
            prices.append(_prices(variant, currency))
        except InvalidInputError as error:
            problems |= {f"{name}-{place}": sentence for name, sentence in error.fields.items()}
    if problems:
        raise InvalidInputError(MENDED, problems)
    name = " ".join(form.name.split())
    options = tuple((option.name, tuple(option.choices)) for option in form.options)
    return Checked(name, form.slug or slugify(name), _without_repeats(form.tags), options, tuple(prices))


def _product_problems(form: ProductForm) -> Iterator[tuple[str, str]]:
    name = " ".join(form.name.split())
    if not name:
        yield "name", "Give the product a name."
    elif len(name) > MAX_NAME:
        yield "name", f"A name has at most {MAX_NAME} characters."
    elif not form.slug and not slugify(name):
        yield "slug", "Type an address: this name has no letters that can stand in one."
    if form.slug and not is_slug(form.slug):
        yield "slug", "An address has small letters, digits and single hyphens between them."
    if not form.category_id:
        yield "category", "Choose a category."
    if len(form.description) > MAX_DESCRIPTION:
        yield "description", f"A description has at most {MAX_DESCRIPTION:,} characters."
    for place, picture in enumerate(form.pictures):
        if not picture.alt:
            yield f"alt-{place}", "Say in a few words what the picture shows."
    if len({picture.public_id for picture in form.pictures}) < len(form.pictures):
        yield "pictures", "The same picture stands there twice."


def _option_problems(form: ProductForm) -> Iterator[tuple[str, str]]:
    names = [option.name.casefold() for option in form.options]
    for place, option in enumerate(form.options):
        if not option.name:
            yield f"option-{place}", "Name the option, such as Size."
        elif names.index(option.name.casefold()) != place:
            yield f"option-{place}", "Another option has that name."
        folded = [choice.casefold() for choice in option.choices]
        if not folded:
            yield f"choices-{place}", "Add at least one choice."
        elif "" in folded:
            yield f"choices-{place}", "A choice cannot be empty."
        elif len(set(folded)) < len(folded):
            yield f"choices-{place}", "The same choice stands there twice."


def _variant_problems(form: ProductForm) -> Iterator[tuple[str, str]]:
    if not form.variants:
        yield "variants", "There is nothing to sell yet: keep at least one row."
    allowed = [set(option.choices) for option in form.options]
    seen: set[tuple[str, ...]] = set()
    skus: set[str] = set()
    for place, variant in enumerate(form.variants):
        choices = tuple(variant.choices)
        fits = len(choices) == len(allowed) and all(one in values for one, values in zip(choices, allowed, strict=True))
        if not fits or choices in seen:
            yield f"price-{place}", "This combination is not one of the options’ choices, or stands there twice."
        seen.add(choices)
        if not variant.sku:
            yield f"sku-{place}", "Give it an SKU."
        elif variant.sku in skus:
            yield f"sku-{place}", "Another row has that SKU."
        skus.add(variant.sku)
        if not 0 <= variant.stock <= MAX_STOCK:
            yield f"stock-{place}", "Stock is a whole number, 0 or more."


def _prices(variant: VariantForm, currency: str) -> Prices:
    problems: dict[str, str] = {}
    price = _amount(variant.price, currency, "price", problems)
    before = _amount(variant.compare_at, currency, "compare", problems) if variant.compare_at else None
    if "price" not in problems and price <= 0:
        problems["price"] = "A price is more than 0."
    elif not problems and before is not None and before <= price:
        problems["compare"] = "The price before is higher than the price, or empty."
    if problems:
        raise InvalidInputError(MENDED, problems)
    return Prices(price, before)


def _amount(typed: str, currency: str, place: str, problems: dict[str, str]) -> int:
    try:
        amount = parse_amount(typed, currency)
    except InvalidInputError as error:
        problems[place] = error.message if typed else "Give it a price."
        return 0
    if amount > LARGEST_PRICE:
        problems[place] = "That is more than can be charged."
    return amount


def _without_repeats(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tag.lower() for tag in tags if tag))
