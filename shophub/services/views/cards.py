"""How products and categories are shown in grids, rails and menus."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from shophub.integrations.cloudinary import image_url
from shophub.lib.money import format_money
from shophub.repositories.catalog import CategoryRow
from shophub.repositories.listings import CardRow
from shophub.schemas.catalog import CardView, CategoryView, SubcategoryView
from shophub.schemas.search import TextPart
from shophub.schemas.stores import StoreView
from shophub.services.views.pictures import picture

CARD_WIDTHS = (160, 320, 480, 640)
TILE_WIDTHS = (160, 320, 480, 640)
PLACEHOLDER = "#e8e4dc"
NEW_FOR = timedelta(days=30)


def card_view(row: CardRow, store: StoreView, now: datetime) -> CardView:
    """Return a product as a card, with the price of its cheapest variant."""
    public_id, alt, colour = row.images[0] if row.images else (None, row.name, PLACEHOLDER)
    price = format_money(row.price_from_minor, store.currency)
    return CardView(
        id=str(row.id),
        slug=row.slug,
        url=f"/products/{row.slug}",
        name=row.name,
        name_parts=marked_parts(row.name, row.marked_name),
        brand=row.brand or "",
        price_text=price if row.highest_minor == row.price_from_minor else f"From {price}",
        compare_at_text=format_money(row.compare_at_minor, store.currency) if row.compare_at_minor else "",
        badge=_badge(row, now),
        image=picture(public_id, alt or row.name, colour, widths=CARD_WIDTHS, width=480),
        hover_image_url=image_url(row.images[1][0], width=480, height=600) if len(row.images) > 1 else "",
        rating_text=rating_text(row.rating_sum, row.rating_count),
        stars=whole_stars(row.rating_sum, row.rating_count),
        review_count=row.rating_count if store.reviews_enabled else 0,
        has_reviews=store.reviews_enabled,
        options_text=" · ".join(_counted(name, count) for name, count in row.options if count > 1),
        stock_note=stock_note(row.available, store.low_stock_threshold),
        is_available=row.available > 0,
    )


def marked_parts(text: str, marked: str) -> tuple[TextPart, ...]:
    """Return ``text`` in pieces: what stands between the characters 2 and 3 of ``marked`` matches; nothing if none."""
    pieces = [piece.partition("\x03") for piece in marked.split("\x02")]
    parts = [TextPart(pieces[0][0])] + [
        part for match, _, rest in pieces[1:] for part in (TextPart(match, is_match=True), TextPart(rest))
    ]
    found = tuple(part for part in parts if part.text)
    is_whole = len(pieces) > 1 and "".join(part.text for part in found) == text
    return found if is_whole else ()


def _badge(row: CardRow, now: datetime) -> str:
    if row.compare_at_minor:
        return saving_text(row.price_from_minor, row.compare_at_minor)
    return "New" if row.created_at > now - NEW_FOR else ""


def saving_text(price_minor: int, compare_at_minor: int | None) -> str:
    """Return the saving in whole per cent, rounded down so that no more is promised than is given."""
    percent = 0 if compare_at_minor is None else (compare_at_minor - price_minor) * 100 // compare_at_minor
    return f"Save {percent}%" if percent > 0 else ""


def stock_note(available: int, low_stock_threshold: int) -> str:
    """Return what a shopper should know of the stock, or nothing where there is plenty."""
    if available <= 0:
        return "Out of stock"
    return f"Only {available} left" if available <= low_stock_threshold else ""


def rating_text(rating_sum: int, rating_count: int) -> str:
    """Return the average with one decimal, rounded half up, or nothing without a review."""
    if rating_count == 0:
        return ""
    tenths = (rating_sum * 20 + rating_count) // (rating_count * 2)
    return f"{tenths // 10}.{tenths % 10}"


def whole_stars(rating_sum: int, rating_count: int) -> int:
    """Return the average rounded half up to whole stars, 0 without a review."""
    return (rating_sum * 2 + rating_count) // (rating_count * 2) if rating_count else 0


def _counted(name: str, count: int) -> str:
    word = name.lower()
    if count == 1 or (word.endswith("s") and not word.endswith("ss")):  # named in the plural already
        return f"{count} {word}"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{count} {word[:-1]}ies"
    return f"{count} {word}{'es' if word.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def category_view(row: CategoryRow, product_count: int) -> CategoryView:
    """Return a category as a square tile."""
    return CategoryView(
        slug=row.slug,
        name=row.name,
        url=f"/categories/{row.slug}",
        image=picture(
            row.image_public_id, row.image_alt, row.image_colour, widths=TILE_WIDTHS, width=480, aspect=(1, 1)
        ),
        product_count=product_count,
    )


def category_views(rows: Sequence[CategoryRow]) -> tuple[CategoryView, ...]:
    """Return the top categories and those right below them, each with the number of products in it and below."""
    counts = {row.id: row.count for row in rows}

    def count(row: CategoryRow) -> int:
        return sum(counts[member] for member in family_ids(rows, row))

    return tuple(
        replace(
            category_view(row, count(row)),
            subcategories=tuple(
                SubcategoryView(one.slug, one.name, f"/categories/{one.slug}", count(one))
                for one in rows
                if one.parent_id == row.id
            ),
        )
        for row in rows
        if row.parent_id is None
    )


def family_ids(rows: Sequence[CategoryRow], top: CategoryRow) -> list[UUID]:
    """Return the id of a category and those of all categories below it, each once."""
    family = [top.id]
    for known in family:  # grows while it is walked
        family += [row.id for row in rows if row.parent_id == known and row.id not in family]
    return family
