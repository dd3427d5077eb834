"""The demo catalog: read from the TOML files in ``data/`` and checked.

Files hold what a person writes; what follows from it (slugs, SKUs, variants, pictures per colour, reviewers) is
worked out here, the same way every time.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product as combinations
from pathlib import Path
from typing import Any

from shophub.services.demo.recipes import BACKDROPS, SHOTS, TINTS, PictureRecipe

CURRENCY = "USD"
LONGEST_COMMENT = 2000
MAX_OPTIONS = 3
_DATA = Path(__file__).parent / "data"
# The order in which categories stand in the shop.
_FIELDS = frozenset(
    "name brand sku price compare_at stock tags subject shots lying alt options extra tints text specs reviews".split()
)
_FILES = ("electronics", "home", "kitchen", "clothing", "bags-shoes", "sport", "play", "desk")


class DemoDataError(ValueError):
    """A data file says something that cannot be; the message names the product."""


@dataclass(frozen=True)
class DemoPicture:
    """A picture of a product; ``option_value`` is the colour it shows, if it shows one of several."""

    name: str
    recipe: PictureRecipe
    alt_text: str
    option_value: str | None = None


_GROUP = ("1fab4", "1f3a7", "1fad6@marigold", "1f4f7")
# For the front page (4:3), and for links to it in messages and feeds (Open Graph's 1200 × 630).
HERO = DemoPicture(
    "hero",
    PictureRecipe("1f392@clay", "petrol", size=(1600, 1200), companions=_GROUP),
    "A backpack, a plant, headphones, a teapot and a camera",
)
LINK_PREVIEW = replace(HERO, name="link-preview", recipe=replace(HERO.recipe, size=(1200, 630)))


@dataclass(frozen=True)
class DemoOption:
    """A choice, such as Size, and what can be chosen."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class DemoVariant:
    """What is sold: one value per option, SKU, prices in minor units, stock; ``picture`` is a ``DemoPicture.name``."""

    sku: str
    option_values: tuple[str, ...]
    price_minor: int
    compare_at_minor: int | None
    stock: int
    picture: str | None


@dataclass(frozen=True)
class DemoReview:
    """What a customer wrote, ``age_days`` before today."""

    rating: int
    comment: str
    reviewer: str
    age_days: int


@dataclass(frozen=True)
class DemoProduct:
    """A product, on sale since ``age_days`` days; ``description`` is Markdown."""

    slug: str
    name: str
    brand: str
    category_slug: str
    tags: tuple[str, ...]
    description: str
    options: tuple[DemoOption, ...]
    variants: tuple[DemoVariant, ...]
    pictures: tuple[DemoPicture, ...]
    reviews: tuple[DemoReview, ...]
    age_days: int


@dataclass(frozen=True)
class DemoCategory:
    """A category with the picture of its tile (4:5)."""

    slug: str
    name: str
    description: str
    picture: DemoPicture


@dataclass(frozen=True)
class DemoSubcategory:
    """A category below another, with the picture of its first product; ``product_slugs`` stand in it."""

    slug: str
    name: str
    description: str
    parent_slug: str
    picture: DemoPicture
    product_slugs: tuple[str, ...]


@dataclass(frozen=True)
class DemoReviewer:
    """A customer of the demo store who writes reviews."""

    name: str
    email: str


@dataclass(frozen=True)
class DemoCatalog:
    """Everything on the demo store's shelves; products in the order of their files."""

    categories: tuple[DemoCategory, ...]
    subcategories: tuple[DemoSubcategory, ...]
    products: tuple[DemoProduct, ...]
    reviewers: tuple[DemoReviewer, ...]
    hero: DemoPicture
    link_preview: DemoPicture


@lru_cache(maxsize=1)
def load_catalog() -> DemoCatalog:
    """Return the demo catalog.

    Raises:
        DemoDataError: A data file is wrong.
    """
    reviewers = tuple(_reviewer(name) for name in _read("reviewers")["names"])
    categories: list[DemoCategory] = []
    subcategories: list[DemoSubcategory] = []
    products: list[DemoProduct] = []
    for slug in _FILES:
        data = _read(slug)
        categories.append(_category(slug, data["category"]))
        for row in data["product"]:
            try:
                products.append(_product(slug, row, reviewers))
            except (KeyError, TypeError, ValueError) as error:
                raise DemoDataError(f"{slug}.toml, {row.get('name', 'a product without name')}: {error}") from error
        subcategories += _subcategories(slug, data["below"], [one for one in products if one.category_slug == slug])
    catalog = DemoCatalog(tuple(categories), tuple(subcategories), tuple(products), reviewers, HERO, LINK_PREVIEW)
    _check_unique("slug", [product.slug for product in products])
    _check_unique("category", [one.slug for one in categories] + [one.slug for one in subcategories])
    _check_unique("SKU", [variant.sku for product in products for variant in product.variants])
    _check_unique("e-mail address", [reviewer.email for reviewer in reviewers])
    return catalog


def _read(name: str) -> dict[str, Any]:
    with (_DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _check_unique(what: str, values: Sequence[str]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise DemoDataError(f"The same {what} twice: {', '.join(twice)}")


def _category(slug: str, row: Mapping[str, Any]) -> DemoCategory:
    recipe = PictureRecipe(
        subject=row["subject"],
        backdrop=_one_of(row["backdrop"], BACKDROPS),
        shot="trio",
        companions=tuple(row["companions"]),
    )
    picture = DemoPicture(f"category-{slug}", recipe, f"Things from {row['name']}")
    return DemoCategory(slug, row["name"], row["description"], picture)


def _subcategories(
    parent: str, rows: Sequence[Mapping[str, Any]], products: Sequence[DemoProduct]
) -> list[DemoSubcategory]:
    """Return the categories below one; each of its products stands in exactly one of them."""
    by_name = {product.name: product for product in products}
    placed = [name for row in rows for name in row["products"]]
    if sorted(placed) != sorted(by_name):
        raise DemoDataError(f"{parent}.toml: in none or several of below: {sorted(set(by_name) ^ set(placed))}")
    return [
        DemoSubcategory(
            slug=_slug(row["name"]),
            name=row["name"],
            description=row["description"],
            parent_slug=parent,
            picture=by_name[row["products"][0]].pictures[0],
            product_slugs=tuple(by_name[name].slug for name in row["products"]),
        )
        for row in rows
    ]


def _product(category: str, row: Mapping[str, Any], reviewers: Sequence[DemoReviewer]) -> DemoProduct:
    if unknown := set(row) - _FIELDS:
        raise DemoDataError(f"unknown fields {sorted(unknown)}")
    slug = _slug(row["name"])
    options = tuple(DemoOption(name, tuple(values)) for name, values in row.get("options", {}).items())
    if len(options) > MAX_OPTIONS:
        raise DemoDataError("more than three options")
    pictures = _pictures(slug, row)
    age_days = 20 + _number(slug, 520)
    return DemoProduct(
        slug=slug,
        name=row["name"],
        brand=row["brand"],
        category_slug=category,
        tags=tuple(row["tags"]),
        description=_description(row["text"], row["specs"]),
        options=options,
        variants=_variants(row, options, pictures),
        pictures=pictures,
        reviews=_reviews(slug, row["reviews"], reviewers, age_days),
        age_days=age_days,
    )


def _description(text: str, specs: Sequence[str]) -> str:
    """Join paragraphs and the list of facts into Markdown."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    if not 2 <= len(paragraphs) <= 4 or len(specs) < 3:
        raise DemoDataError("2 to 4 paragraphs and 3 facts or more")
    return "\n\n".join(paragraphs) + "\n\n# Details\n\n" + "\n".join(f"- {fact}" for fact in specs)


def _pictures(slug: str, row: Mapping[str, Any]) -> tuple[DemoPicture, ...]:
    """Return the pictures written down, then one for each colour that is not the thing's own."""
    tints: Mapping[str, str] = row.get("tints", {})
    own = next((value for value, tint in tints.items() if not tint), None)
    alt = row.get("alt", row["name"])
    pictures = []
    for number, line in enumerate(row["shots"], 1):
        shot, backdrop = line.split()
        recipe = PictureRecipe(
            row["subject"], _one_of(backdrop, BACKDROPS), _one_of(shot, SHOTS), lying=row.get("lying", False)
        )
        text = {"front": alt, "close": f"{alt}, close up", "angle": f"{alt}, from another side"}
        pictures.append(DemoPicture(f"{slug}-{number}", recipe, text.get(shot, f"Several of: {alt}"), own))
    first = pictures[0].recipe
    for value, tint in tints.items():
        if tint:
            recipe = replace(first, tint=_one_of(tint, TINTS))
            pictures.append(DemoPicture(f"{slug}-{_slug(value)}", recipe, f"{alt} in {value.lower()}", value))
    return tuple(pictures)


def _variants(
    row: Mapping[str, Any], options: Sequence[DemoOption], pictures: Sequence[DemoPicture]
) -> tuple[DemoVariant, ...]:
    """Combine the options; ``stock`` has one number per combination, the last option changing fastest."""
    chosen = list(combinations(*(option.values for option in options)))
    stocks = row["stock"] if isinstance(row["stock"], list) else [row["stock"]]
    if len(stocks) != len(chosen):
        raise DemoDataError(f"{len(stocks)} stock numbers for {len(chosen)} variants")
    extra: Mapping[str, int] = row.get("extra", {})
    all_values = {value for option in options for value in option.values}
    if strangers := (set(extra) | set(row.get("tints", {}))) - all_values:
        raise DemoDataError(f"not values of an option: {sorted(strangers)}")
    variants = []
    for values, stock in zip(chosen, stocks, strict=True):
        more = sum(extra.get(value, 0) for value in values)
        price, before = row["price"] + more, row.get("compare_at")
        if price <= 0 or stock < 0 or (before is not None and before <= row["price"]):
            raise DemoDataError("prices above 0, compare-at above the price, stock 0 or more")
        picture = next((one.name for one in pictures if one.option_value in values), None)
        sku = "-".join([row["sku"], *(_code(value) for value in values)])
        variants.append(DemoVariant(sku, values, price, before + more if before else None, stock, picture))
    return tuple(variants)


def _reviews(
    slug: str, lines: Sequence[str], reviewers: Sequence[DemoReviewer], age_days: int
) -> tuple[DemoReview, ...]:
    """Read lines such as ``"4 Sturdy, a little loud."``; writers differ within a product, dates lie after its start."""
    start = _number(slug, len(reviewers))
    reviews = []
    for index, line in enumerate(lines):
        rating, comment = int(line[0]), " ".join(line[1:].split())
        if not 1 <= rating <= 5 or not 1 <= len(comment) <= LONGEST_COMMENT:
            raise DemoDataError(f"review {index + 1}: a rating of 1 to 5, then the comment")
        writer = reviewers[(start + index * 7) % len(reviewers)]
        age = 3 + _number(f"{slug} {index}", min(age_days, 340) - 8)
        reviews.append(DemoReview(rating, comment, writer.name, age))
    if len({review.reviewer for review in reviews}) != len(reviews):
        raise DemoDataError("more reviews than there are people to write them")
    return tuple(reviews)


def _reviewer(name: str) -> DemoReviewer:
    return DemoReviewer(name, f"{_slug(name).replace('-', '.')}@example.com")


def _one_of(value: str, known: Sequence[str]) -> Any:
    if value not in known:
        raise DemoDataError(f"“{value}” is none of {', '.join(known)}")
    return value


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("’", "").replace("é", "e")).strip("-")


def _code(value: str) -> str:
    """Return an option value as it stands in a SKU: ``Forest green`` becomes ``FORESTGREEN``."""
    return re.sub(r"[^A-Z0-9]+", "", value.upper().replace("½", "5"))


def _number(text: str, below: int) -> int:
    """Return a number from 0 that looks random and is always the same for ``text``."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % below
