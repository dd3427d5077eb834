"""The catalog: products, categories, the front page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus
from shophub.errors import ProductGoneError, ProductNotFoundError, SlugMovedError
from shophub.models.catalog import SlugRedirect
from shophub.models.community import Review
from shophub.schemas.catalog import HistogramBar, LinkView
from shophub.services import catalog
from shophub.services.views.products import delivery_text
from tests.factories import make_category, make_image, make_product, make_user, make_variant, variants_of
from tests.statements import counted_statements


async def test_simple_product_shows_its_only_variant(session: AsyncSession) -> None:
    category = await make_category(session, name="Lamps", slug="lamps")
    product = await make_product(
        session,
        name="Reading Lamp",
        slug="reading-lamp",
        category=category,
        price_minor=7_999,
        compare_at_minor=9_999,
        stock=42,
        brand="Lumen",
        description="Warm *light*.",
    )

    view = await catalog.get_product(session, "reading-lamp", {})

    (variant,) = await variants_of(session, product)
    assert (view.name, view.brand, view.url) == ("Reading Lamp", "Lumen", "/products/reading-lamp")
    assert (view.variant_id, view.sku) == (str(variant.id), variant.sku)
    assert (view.price_minor, view.currency) == (7_999, "USD")
    assert (view.price_text, view.compare_at_text, view.saving_text) == ("$79.99", "$99.99", "Save 20%")
    assert (view.available, view.max_quantity, view.stock_note, view.stock_level) == (42, 42, "In stock", "in")
    assert (view.description_html, view.summary) == ("<p>Warm <em>light</em>.</p>\n", "Warm light.")
    assert view.options == ()
    assert (view.rating_text, view.stars, view.review_count) == ("", 0, 0)
    assert view.breadcrumbs == (
        LinkView("Home", "/"),
        LinkView("Lamps", "/categories/lamps"),
        LinkView("Reading Lamp", "/products/reading-lamp", is_current=True),
    )


async def test_product_page_takes_three_statements_whatever_it_holds(session: AsyncSession) -> None:
    category = await make_category(session)
    product = await make_product(
        session, slug="full", category=category, options={"Size": ["S", "M", "L"], "Colour": ["Red", "Blue"]}
    )
    for position in range(4):
        await make_image(session, product, position=position)
    for _ in range(10):
        await make_product(session, category=category)

    with counted_statements(session) as statements:
        view = await catalog.get_product(session, "full", {})

    assert len(statements) == 3
    assert (len(view.images), len(view.options), len(view.related)) == (4, 2, 8)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, ("S", "Red")),
        ({"size": "m"}, ("M", "Red")),
        ({"Colour": "Blue"}, ("S", "Blue")),
        ({"Size": "M", "Colour": "Blue"}, ("M", "Blue")),
        ({"Size": "XXL", "Colour": "Blue", "page": "2"}, ("S", "Blue")),
        ({"Size": "\x00", "Colour": "b" * 5_000}, ("S", "Red")),
    ],
)
async def test_selection_chooses_the_variant_that_fits_best(
    session: AsyncSession, selection: dict[str, str], expected: tuple[str, str]
) -> None:
    await make_product(session, slug="shirt", options={"Size": ["S", "M"], "Colour": ["Red", "Blue"]})

    view = await catalog.get_product(session, "shirt", selection)

    assert tuple(option.selected for option in view.options) == expected


async def test_sold_out_combination_is_shown_and_avoided_by_default(session: AsyncSession) -> None:
    product = await make_product(session, slug="shirt", options={"Size": ["S", "M"]}, stock=5)
    small, medium = await variants_of(session, product)
    small.stock = 0
    await session.flush()

    default = await catalog.get_product(session, "shirt", {})
    sold_out = await catalog.get_product(session, "shirt", {"size": "S"})

    assert default.variant_id == str(medium.id)
    assert [(value.value, value.is_available, value.is_selected) for value in default.options[0].values] == [
        ("S", False, False),
        ("M", True, True),
    ]
    assert default.options[0].values[0].url == "/products/shirt?size=S"
    assert (sold_out.variant_id, sold_out.stock_note, sold_out.stock_level) == (str(small.id), "Out of stock", "out")
    assert (sold_out.max_quantity, sold_out.delivery_text) == (0, "")


async def test_value_without_that_combination_links_to_the_nearest_variant(session: AsyncSession) -> None:
    product = await make_product(session, slug="desk", options={"Size": ["S", "L"], "Colour": ["Oak", "Black"]})
    variants = await variants_of(session, product)
    await session.delete(next(one for one in variants if one.option_values == ["L", "Oak"]))
    await session.flush()

    view = await catalog.get_product(session, "desk", {"Size": "S", "Colour": "Oak"})

    large = view.options[0].values[1]
    assert (large.value, large.is_available, large.url) == ("L", False, "/products/desk?size=L&colour=Black")
    assert [value.swatch for value in view.options[1].values] == ["#c8a06a", "#1c1c1e"]


@pytest.mark.parametrize(
    ("stock", "reserved", "note", "level"),
    [
        (11, 0, "In stock", "in"),
        (10, 0, "Only 10 left", "low"),
        (13, 10, "Only 3 left", "low"),
        (5, 5, "Out of stock", "out"),
        (0, 0, "Out of stock", "out"),
    ],
)
async def test_stock_note_counts_what_is_not_reserved(
    session: AsyncSession, stock: int, reserved: int, note: str, level: str
) -> None:
    product = await make_product(session, slug="thing", with_variants=False)
    await make_variant(session, product, stock=stock, reserved=reserved)

    view = await catalog.get_product(session, "thing", {})

    assert (view.available, view.stock_note, view.stock_level) == (stock - reserved, note, level)


async def test_low_stock_threshold_is_the_stores(session: AsyncSession) -> None:
    await make_product(session, slug="thing", stock=4)
    await session.execute(text("UPDATE store_settings SET low_stock_threshold = 3"))

    assert (await catalog.get_product(session, "thing", {})).stock_note == "In stock"


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ARCHIVED])
async def test_product_not_on_sale_is_not_found(session: AsyncSession, status: ProductStatus) -> None:
    await make_product(session, slug="hidden", status=status)

    with pytest.raises(ProductNotFoundError):
        await catalog.get_product(session, "hidden", {})


@pytest.mark.parametrize("slug", ["", "nope", "UPPER", "a--b", "../etc", "a\x00b", "a" * 5_000, "'; --", "\ud800"])
async def test_unknown_or_hostile_slug_is_not_found(session: AsyncSession, slug: str) -> None:
    with pytest.raises(ProductNotFoundError):
        await catalog.get_product(session, slug, {})


async def test_old_slug_names_the_new_one(session: AsyncSession) -> None:
    product = await make_product(session, slug="new-name")
    session.add(SlugRedirect(slug="old-name", product_id=product.id))
    await session.flush()

    with pytest.raises(SlugMovedError) as moved:
        await catalog.get_product(session, "old-name", {})

    assert moved.value.slug == "new-name"


async def test_old_slug_of_a_withdrawn_product_is_not_found(session: AsyncSession) -> None:
    product = await make_product(session, slug="new-name", status=ProductStatus.ARCHIVED)
    session.add(SlugRedirect(slug="old-name", product_id=product.id))
    await session.flush()

    with pytest.raises(ProductNotFoundError):
        await catalog.get_product(session, "old-name", {})


async def test_reviews_make_rating_and_histogram_and_hidden_ones_do_not(session: AsyncSession) -> None:
    product = await make_product(session, slug="rated")
    written = datetime(2026, 3, 4, 12, tzinfo=UTC)
    for day, (rating, hidden) in enumerate([(5, False), (4, False), (4, False), (1, True)]):
        user = await make_user(session)
        session.add(
            Review(
                product_id=product.id,
                user_id=user.id,
                author_name="Mia K.",
                rating=rating,
                comment=f"Review {day}",
                is_hidden=hidden,
                created_at=written + timedelta(days=day),
            )
        )
    await session.flush()

    view = await catalog.get_product(session, "rated", {})

    assert (view.rating_text, view.stars, view.review_count) == ("4.3", 4, 3)
    assert view.histogram == (
        HistogramBar(5, 1, 33),
        HistogramBar(4, 2, 67),
        HistogramBar(3, 0, 0),
        HistogramBar(2, 0, 0),
        HistogramBar(1, 0, 0),
    )
    assert [(review.comment, review.created_text) for review in view.reviews] == [
        ("Review 2", "6 March 2026"),
        ("Review 1", "5 March 2026"),
        ("Review 0", "4 March 2026"),
    ]
    assert not view.reviews[0].is_verified


async def test_chosen_variants_picture_comes_first(session: AsyncSession) -> None:
    product = await make_product(session, slug="mug", options={"Colour": ["Red", "Blue"]})
    await make_image(session, product, public_id="products/red", alt="Red mug", position=0)
    blue_picture = await make_image(session, product, public_id="products/blue", alt="", position=1)
    _, blue = await variants_of(session, product)
    blue.image_id = blue_picture.id
    await session.flush()

    first, second = (await catalog.get_product(session, "mug", {"colour": "Blue"})).images

    assert ("products/blue" in first.url, first.alt) == (True, product.name)
    assert ("products/red" in second.url, second.alt) == (True, "Red mug")
    assert (first.width, first.height, first.srcset.count(" 1280w")) == (960, 1200, 1)


async def test_related_products_are_best_sellers_of_the_same_category(session: AsyncSession) -> None:
    category = await make_category(session)
    await make_product(session, slug="one", category=category, sold_count=99)
    await make_product(session, name="Second", category=category, sold_count=5)
    await make_product(session, name="First", category=category, sold_count=50)
    await make_product(session, name="Draft", category=category, sold_count=80, status=ProductStatus.DRAFT)
    await make_product(session, name="Elsewhere", sold_count=90)

    view = await catalog.get_product(session, "one", {})

    assert [card.name for card in view.related] == ["First", "Second"]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "Arrives Wed 25 – Fri 27 Nov"),
        (datetime(2026, 11, 26, tzinfo=UTC), "Arrives Mon 30 Nov – Wed 2 Dec"),
    ],
)
def test_delivery_is_given_in_dates(now: datetime, words: str) -> None:
    assert delivery_text(now, "US") == words


async def test_home_shows_newest_offers_and_best_sellers(session: AsyncSession) -> None:
    now = datetime.now(UTC)
    category = await make_category(session, name="Lamps", slug="lamps")
    child = await make_category(session, name="Desk lamps", slug="desk-lamps", parent=category)
    old = await make_product(
        session, name="Old hit", category=category, sold_count=9, created_at=now - timedelta(days=90)
    )
    await make_product(
        session, name="Marked down", category=child, compare_at_minor=4_000, created_at=now - timedelta(days=60)
    )
    await make_product(session, name="Fresh", category=child, created_at=now - timedelta(days=1))
    await make_product(session, name="Draft", category=child, status=ProductStatus.DRAFT)
    await make_image(session, old)
    hero = '{"hero": {"public_id": "store/hero", "alt": "Things", "colour": "#fff"}}'
    await session.execute(text("UPDATE store_settings SET pages = CAST(:pages AS jsonb)"), {"pages": hero})

    with counted_statements(session) as statements:
        view = await catalog.get_home(session)

    assert len(statements) == 5
    assert [card.name for card in view.new_arrivals] == ["Fresh", "Marked down", "Old hit"]
    assert [(card.name, card.badge) for card in view.offers] == [("Marked down", "Save 50%")]
    assert view.best_sellers[0].name == "Old hit"
    assert [card.badge for card in view.new_arrivals] == ["New", "Save 50%", ""]
    assert [(one.slug, one.product_count) for one in view.categories] == [("lamps", 3)]
    assert "store/hero" in view.hero.url
    assert (view.hero.alt, view.hero.width, view.hero.height) == ("Things", 960, 720)


async def test_empty_store_has_a_home_page(session: AsyncSession) -> None:
    view = await catalog.get_home(session)

    assert (view.store_name, view.hero.url, view.categories, view.new_arrivals) == ("ShopHub", "", (), ())


async def test_archived_product_is_gone_and_names_its_shelf(session: AsyncSession) -> None:
    category = await make_category(session, name="Lamps", slug="lamps")
    product = await make_product(session, name="Old Lamp", slug="old-lamp", category=category)
    product.status, product.slug = ProductStatus.ARCHIVED, "older-lamp"
    await session.flush()

    for slug in ("older-lamp", "old-lamp"):
        with pytest.raises(ProductGoneError, match=r"We do not sell Old Lamp any more\.") as gone:
            await catalog.get_product(session, slug, {})
        assert (gone.value.category_slug, gone.value.category_name) == ("lamps", "Lamps")


async def test_old_slugs_are_kept_by_the_database_whoever_changes_them(session: AsyncSession) -> None:
    category = await make_category(session, name="Lamps", slug="lamps")
    await make_product(session, slug="first", category=category)
    for slug in ("second", "third"):
        await session.execute(text("UPDATE products SET slug = :slug"), {"slug": slug})
        await session.execute(text("UPDATE categories SET slug = :slug"), {"slug": f"{slug}-lamps"})

    for slug in ("first", "second"):
        with pytest.raises(SlugMovedError) as moved:
            await catalog.get_product(session, slug, {})
        assert moved.value.slug == "third"
    for slug in ("lamps", "second-lamps"):
        with pytest.raises(SlugMovedError) as moved:
            await catalog.list_listing(session, catalog.ListingQuery(category_slug=slug))
        assert moved.value.slug == "third-lamps"


async def test_slug_that_is_used_again_leads_to_who_uses_it(session: AsyncSession) -> None:
    product = await make_product(session, slug="first")
    for slug in ("second", "first"):
        product.slug = slug
        await session.flush()

    assert (await catalog.get_product(session, "first", {})).slug == "first"
    with pytest.raises(SlugMovedError) as moved:
        await catalog.get_product(session, "second", {})
    assert moved.value.slug == "first"
