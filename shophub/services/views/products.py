"""How a product's page shows it: one variant chosen, the others a link away."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from shophub.domain.delivery import delivery_window
from shophub.lib.colours import swatch
from shophub.lib.money import allocate, format_money
from shophub.lib.rich_text import plain_summary, render_markdown
from shophub.repositories.catalog import ImageRow, ProductRow, ReviewRow, VariantRow
from shophub.schemas.catalog import (
    CardView,
    HistogramBar,
    ImageView,
    LinkView,
    OptionValueView,
    OptionView,
    ProductView,
    ReviewView,
)
from shophub.schemas.stores import StoreView
from shophub.services.views.cards import rating_text, saving_text, stock_note, whole_stars
from shophub.services.views.pictures import picture

MAX_QUANTITY = 99
GALLERY_WIDTHS = (320, 480, 640, 960, 1280)


def choose_variant(row: ProductRow, selection: Mapping[str, str]) -> VariantRow:
    """Return the variant that fits most of the selection (option name to value, case aside).

    Among equals one that can be had comes first, then the merchant's order. A complete selection therefore gives
    exactly that variant, sold out or not; nothing selected gives the first that can be had.
    """
    wanted = {name.casefold(): value.casefold() for name, value in selection.items()}
    names = [option.name.casefold() for option in row.options]

    def fit(variant: VariantRow) -> tuple[int, bool]:
        values = zip(names, variant.values, strict=False)
        return sum(wanted.get(name) == value.casefold() for name, value in values), variant.available > 0

    return max(row.variants, key=fit)


def product_view(
    row: ProductRow, related: tuple[CardView, ...], store: StoreView, selection: Mapping[str, str], now: datetime
) -> ProductView:
    """Return the page of a product with the selected variant."""
    variant = choose_variant(row, selection)
    currency, available = store.currency, max(0, variant.available)
    note = stock_note(available, store.low_stock_threshold)
    url = f"/products/{row.slug}"
    has_reviews = store.reviews_enabled
    return ProductView(
        store_name=store.name,
        logo_url=store.logo_url,
        id=str(row.id),
        slug=row.slug,
        url=url,
        name=row.name,
        brand=row.brand or "",
        description_html=render_markdown(row.description),
        summary=plain_summary(row.description),
        category=LinkView(row.category_name, f"/categories/{row.category_slug}"),
        breadcrumbs=_breadcrumbs(row, url),
        images=_gallery(row, variant),
        options=_options(row, variant, url),
        variant_id=variant.id,
        sku=variant.sku,
        price_minor=variant.price_minor,
        currency=currency,
        price_text=format_money(variant.price_minor, currency),
        compare_at_text=format_money(variant.compare_at_minor, currency) if variant.compare_at_minor else "",
        saving_text=saving_text(variant.price_minor, variant.compare_at_minor),
        available=available,
        max_quantity=min(MAX_QUANTITY, available),
        stock_note=note or "In stock",
        stock_level="out" if available == 0 else "low" if note else "in",
        delivery_text=delivery_text(now, store.home_country) if available else "",
        shipping_text=store.shipping_text,
        rating_text=rating_text(row.rating_sum, row.rating_count) if has_reviews else "",
        stars=whole_stars(row.rating_sum, row.rating_count) if has_reviews else 0,
        review_count=row.rating_count if has_reviews else 0,
        histogram=histogram_view(row.histogram) if has_reviews else (),
        reviews=tuple(review_view(review) for review in row.reviews) if has_reviews else (),
        related=related,
        has_reviews=has_reviews,
        has_wishlist=store.wishlist_enabled,
    )


def delivery_text(now: datetime, country: str) -> str:
    """Return the days on which a parcel ordered now arrives: ``Arrives Tue 3 – Thu 5 Dec``."""
    first, last = delivery_window(now, country)
    start = f"{first:%a} {first.day}" if first.month == last.month else day_text(first)
    return f"Arrives {start} – {day_text(last)}"


def day_text(day: date) -> str:
    """Return a day without its year: ``Thu 5 Dec``."""
    return f"{day:%a} {day.day} {day:%b}"


def _breadcrumbs(row: ProductRow, url: str) -> tuple[LinkView, ...]:
    trail = [LinkView("Home", "/")]
    if row.parent_slug and row.parent_name:
        trail.append(LinkView(row.parent_name, f"/categories/{row.parent_slug}"))
    trail.append(LinkView(row.category_name, f"/categories/{row.category_slug}"))
    return (*trail, LinkView(row.name, url, is_current=True))


def _gallery(row: ProductRow, variant: VariantRow) -> tuple[ImageView, ...]:
    """Return all pictures, the chosen variant's own first."""
    ordered = sorted(row.images, key=lambda image: image.id != variant.image_id)
    return tuple(_large(image, row.name) for image in ordered)


def _large(image: ImageRow, name: str) -> ImageView:
    return picture(image.public_id, image.alt or name, image.colour, widths=GALLERY_WIDTHS, width=960)


def _options(row: ProductRow, chosen: VariantRow, url: str) -> tuple[OptionView, ...]:
    names = [option.name for option in row.options]
    options = []
    for position, option in enumerate(row.options[: len(chosen.values)]):
        values = tuple(_option_value(row.variants, chosen, names, position, value, url) for value in option.values)
        options.append(OptionView(option.name, chosen.values[position], values, _reasons(values)))
    return tuple(options)


def _reasons(values: Sequence[OptionValueView]) -> str:
    """Return why some choices cannot be had, those with one reason together: ``S, M: sold out in Oak``."""
    by_reason: dict[str, list[str]] = {}
    for one in values:
        if one.reason:
            by_reason.setdefault(one.reason, []).append(one.value)
    return ". ".join(f"{', '.join(named)}: {reason}" for reason, named in by_reason.items())


def _reason(variants: Sequence[VariantRow], exact: VariantRow | None, position: int, value: str, others: str) -> str:
    """Return why a choice cannot be had together with the others, or nothing where it can."""
    if exact is not None and exact.available > 0:
        return ""
    if not any(one.available > 0 for one in variants if one.values[position : position + 1] == (value,)):
        return "sold out"
    return f"sold out in {others}" if exact is not None else f"not made in {others}"


def _option_value(
    variants: Sequence[VariantRow], chosen: VariantRow, names: Sequence[str], position: int, value: str, url: str
) -> OptionValueView:
    """Return one choice. Its link keeps the other values where such a variant exists, else the nearest one's."""
    wanted = (*chosen.values[:position], value, *chosen.values[position + 1 :])
    exact = next((variant for variant in variants if variant.values == wanted), None)
    target = wanted
    if exact is None:
        having = [variant for variant in variants if variant.values[position : position + 1] == (value,)]
        if having:
            target = max(
                having, key=lambda v: (sum(a == b for a, b in zip(v.values, wanted, strict=False)), v.available > 0)
            ).values
    return OptionValueView(
        value=value,
        is_selected=chosen.values[position] == value,
        is_available=exact is not None and exact.available > 0,
        url=f"{url}?{urlencode({name.lower(): one for name, one in zip(names, target, strict=False)})}",
        swatch=swatch(value) if names[position].casefold() in COLOUR_OPTIONS else "",
        reason=_reason(variants, exact, position, value, ", ".join(wanted[:position] + wanted[position + 1 :])),
    )


COLOUR_OPTIONS = frozenset({"colour", "color", "finish"})


def histogram_view(counts: Mapping[int, int]) -> tuple[HistogramBar, ...]:
    """Return five bars, most stars first, whose per cents add up to 100 (or all to 0)."""
    stars = (5, 4, 3, 2, 1)
    numbers = [counts.get(star, 0) for star in stars]
    percents = allocate(100 if sum(numbers) else 0, numbers)
    return tuple(HistogramBar(*bar) for bar in zip(stars, numbers, percents, strict=True))


def review_view(row: ReviewRow) -> ReviewView:
    """Return a published review."""
    return ReviewView(
        id=row.id,
        author=row.author_name,
        rating=row.rating,
        comment=row.comment,
        is_verified=row.is_verified,
        helpful=row.helpful_count,
        created_iso=row.created_at.isoformat(),
        created_text=review_day(row.created_at),
        is_edited=row.is_edited,
        is_voted=row.is_voted,
    )


def review_day(moment: datetime) -> str:
    """Return the day of a review: ``3 December 2026``."""
    return f"{moment.day} {moment:%B %Y}"
