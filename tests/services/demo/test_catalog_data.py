import re
from collections import Counter

import pytest

from shophub.services.demo.catalog_data import CURRENCY, DemoCatalog, DemoDataError, DemoProduct, load_catalog
from shophub.services.demo.catalog_data import _product as read_product
from shophub.services.demo.drawn import SUBJECTS
from shophub.settings import get_settings

CLASSICS = {
    "Wireless Headphones": 29999,
    "Smart Watch": 39999,
    "Laptop Backpack": 7999,
    "Mechanical Keyboard": 14999,
    "Wireless Mouse": 4999,
    "Phone Stand": 2499,
    "USB-C Hub": 5999,
    "Cable Organizer": 1999,
}


@pytest.fixture(scope="module")
def catalog() -> DemoCatalog:
    return load_catalog()


def test_the_eight_classics_have_their_names_and_prices(catalog):
    prices = {product.name: product.variants[0].price_minor for product in catalog.products}

    assert {name: prices.get(name) for name in CLASSICS} == CLASSICS
    assert CURRENCY == "USD"


def test_there_are_eight_categories_with_eight_products_or_more(catalog):
    counts = Counter(product.category_slug for product in catalog.products)

    assert len(catalog.categories) == 8
    assert set(counts) == {category.slug for category in catalog.categories}
    assert "Electronics" in {category.name for category in catalog.categories}
    assert min(counts.values()) >= 8
    assert len(catalog.products) >= 64


def test_every_product_stands_in_one_category_below_its_own(catalog):
    parents = {slug: one.parent_slug for one in catalog.subcategories for slug in one.product_slugs}

    assert parents == {product.slug: product.category_slug for product in catalog.products}
    assert sum(len(one.product_slugs) for one in catalog.subcategories) == len(catalog.products)


def test_shelves_show_every_situation(catalog):
    stocks = {product.slug: sum(variant.stock for variant in product.variants) for product in catalog.products}

    assert sum(bool(product.options) for product in catalog.products) >= 15
    assert 1 <= sum(stock == 0 for stock in stocks.values()) <= 2
    assert sum(0 < stock <= 10 for stock in stocks.values()) >= 3
    assert sum(variant.stock == 0 for product in catalog.products for variant in product.variants) >= 5
    assert sum(product.variants[0].compare_at_minor is not None for product in catalog.products) >= 8


def test_variants_cover_all_combinations_once_with_unique_skus(catalog):
    skus = [variant.sku for product in catalog.products for variant in product.variants]

    assert len(skus) == len(set(skus))
    assert all(re.fullmatch(r"[A-Z0-9]+(?:-[A-Z0-9]+)+", sku) for sku in skus)
    for product in catalog.products:
        expected = 1
        for option in product.options:
            expected *= len(option.values)
        combinations = {variant.option_values for variant in product.variants}
        assert len(combinations) == len(product.variants) == expected


def test_prices_differ_where_the_option_says_so(catalog):
    laptop = find(catalog, "everyday-laptop")

    assert [(v.sku, v.price_minor, v.compare_at_minor) for v in laptop.variants] == [
        ("ELE-LAPTOP-16GB", 89900, 99900),
        ("ELE-LAPTOP-32GB", 105900, 115900),
    ]


def test_each_product_has_pictures_and_each_colour_its_own(catalog):
    names = [picture.name for product in catalog.products for picture in product.pictures]

    assert len(names) == len(set(names))
    assert all(2 <= len(product.pictures) <= 8 for product in catalog.products)
    for product in catalog.products:
        own = {picture.name for picture in product.pictures}
        assert {variant.picture for variant in product.variants} - {None} <= own
    scarf = find(catalog, "lambswool-scarf")
    assert [variant.picture for variant in scarf.variants] == [
        "lambswool-scarf-1",
        "lambswool-scarf-petrol",
        "lambswool-scarf-moss",
        "lambswool-scarf-ink",
    ]
    assert scarf.pictures[-1].alt_text == "Lambswool scarf with fringes in ink"


def test_reviews_are_many_mixed_and_by_different_people_within_a_product(catalog):
    reviews = [review for product in catalog.products for review in product.reviews]

    assert len(reviews) >= 220
    assert set(Counter(review.rating for review in reviews)) == {2, 3, 4, 5}
    assert len({review.comment for review in reviews}) == len(reviews)
    writers = {reviewer.name for reviewer in catalog.reviewers}
    for product in catalog.products:
        names = [review.reviewer for review in product.reviews]
        assert len(set(names)) == len(names)
        assert set(names) <= writers
        assert all(0 < review.age_days < product.age_days for review in product.reviews)


def test_descriptions_are_markdown_with_a_list_of_facts(catalog):
    for product in catalog.products:
        text, _, facts = product.description.partition("\n\n# Details\n\n")
        assert len(text) > 150, product.name
        assert len(facts.splitlines()) >= 3, product.name
        assert all(line.startswith("- ") for line in facts.splitlines())
        assert "<" not in text


def test_slugs_and_addresses_can_stand_in_urls(catalog):
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", product.slug) for product in catalog.products)
    assert find(catalog, "cooks-knife").name == "Cook’s Knife"
    assert all(re.fullmatch(r"[a-z.]+@example\.com", reviewer.email) for reviewer in catalog.reviewers)


def test_every_subject_exists(catalog):
    package = get_settings().npm_dir / "@lobehub" / "fluent-emoji-3d" / "assets"
    pictures = [catalog.hero, catalog.link_preview, *(category.picture for category in catalog.categories)]
    pictures += [picture for product in catalog.products for picture in product.pictures]
    subjects = {name for p in pictures for name in (p.recipe.subject, *p.recipe.companions)}

    for subject in subjects:
        kind, _, name = subject.partition("@")[0].partition(":")
        assert name in SUBJECTS if kind == "draw" else (package / f"{kind}.webp").is_file(), subject


def test_the_catalog_is_the_same_each_time(catalog):
    load_catalog.cache_clear()

    assert load_catalog() == catalog


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stock": [1, 2, 3]}, "3 stock numbers for 1 variants"),
        ({"price": 0}, "prices above 0"),
        ({"compare_at": 100}, "compare-at above the price"),
        ({"shots": ["front moon"]}, "“moon” is none of"),
        ({"shots": ["dance paper"]}, "“dance” is none of"),
        ({"reviews": ["9 Too good."]}, "a rating of 1 to 5"),
        ({"text": "Only one paragraph."}, "2 to 4 paragraphs"),
        ({"tints": {"Red": "clay"}}, "not values of an option"),
        ({"colour": "red"}, "unknown fields"),
    ],
)
def test_wrong_data_is_refused_with_the_reason(catalog, change, message):
    row = {
        "name": "Cup",
        "brand": "B",
        "sku": "C",
        "price": 900,
        "stock": 3,
        "tags": [],
        "subject": "2615",
        "shots": ["front paper"],
        "text": "One.\n\nTwo.",
        "specs": ["a", "b", "c"],
        "reviews": [],
    }
    assert read_product("kitchen", row, catalog.reviewers).slug == "cup"

    with pytest.raises(DemoDataError, match=message):
        read_product("kitchen", {**row, **change}, catalog.reviewers)


def find(catalog: DemoCatalog, slug: str) -> DemoProduct:
    [product] = [product for product in catalog.products if product.slug == slug]
    return product
