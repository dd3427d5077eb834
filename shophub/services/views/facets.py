"""How a listing's filters are shown: their values with counts, the price form, the chips of what is chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shophub.domain.price_ranges import price_edges, price_in_minor
from shophub.lib.money import decimal_string, exponent, format_money
from shophub.repositories.catalog import COUNT_LIMIT, CategoryRow
from shophub.repositories.listing_filters import CountRow
from shophub.schemas.catalog import LinkView, ListingQuery
from shophub.schemas.search import FacetValueView, FacetView, FieldView, PriceFormView
from shophub.services.listing_address import base_path, listing_url, parameters_of
from shophub.services.views.cards import family_ids

LOWEST_STARS = 4


@dataclass(frozen=True)
class Choices:
    """What the filters of a listing are made from.

    ``total`` products fit all of them, as far as that is counted. ``capped``: whose counts may be higher than they say.
    """

    query: ListingQuery
    total: int
    counts: Sequence[CountRow]
    capped: frozenset[str]
    categories: Sequence[CategoryRow]
    category: CategoryRow | None
    currency: str
    with_ratings: bool = True

    def of(self, dimension: str) -> dict[str, CountRow]:
        """Return the counts of one filter by value."""
        return {row.value: row for row in self.counts if row.dimension == dimension}

    def value(
        self, dimension: str, value: str, label: str, count: int, chosen: ListingQuery, *, on: bool
    ) -> FacetValueView:
        """Return a choice that leads to ``chosen``."""
        is_capped = dimension in self.capped
        several = {"category": self.query.categories, "brand": self.query.brands}
        if on and is_capped and len(several.get(dimension, ())) <= 1:
            # What fits the one value that is chosen is the list itself.
            count, is_capped = self.total, False
        return FacetValueView(
            value=value,
            label=label,
            count=min(count, COUNT_LIMIT),
            count_text=count_text(count, is_capped=is_capped),
            url=listing_url(replace(chosen, page=1, after="")),
            is_selected=on,
            is_disabled=count == 0 and not on and not is_capped,
        )


def count_text(count: int, *, is_capped: bool = False) -> str:
    """Return a count as people read it; one that was not counted to its end says so."""
    if count > COUNT_LIMIT:
        return f"{COUNT_LIMIT:,}+"
    if is_capped:
        return f"{count:,}+" if count else "few"
    return f"{count:,}"


def facets(choices: Choices) -> tuple[FacetView, ...]:
    """Return the filters that have something to choose, or something chosen."""
    made = [
        FacetView("category", "Category", _categories(choices), is_multiple=True),
        FacetView("brand", "Brand", _brands(choices), is_multiple=True),
        FacetView("price", "Price", _prices(choices)),
        FacetView("rating", "Rating", _ratings(choices) if choices.with_ratings else ()),
        FacetView("in_stock", "Availability", _in_stock(choices)),
    ]
    return tuple(
        replace(one, selected_count=sum(value.is_selected for value in one.values)) for one in made if one.values
    )


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one != value) if value in values else (*values, value)


def _categories(choices: Choices) -> tuple[FacetValueView, ...]:
    parent = choices.category.id if choices.category else None
    counts = {UUID(value): row for value, row in choices.of("category").items()}
    made = []
    for row in choices.categories:
        if row.parent_id != parent:
            continue
        family = [counts[one] for one in family_ids(choices.categories, row) if one in counts]
        on = row.slug in choices.query.categories
        known = sum(one.count if one.everywhere is None else one.everywhere for one in family)
        if not known and not on:
            continue
        chosen = replace(choices.query, categories=_toggled(choices.query.categories, row.slug))
        made.append(choices.value("category", row.slug, row.name, sum(one.count for one in family), chosen, on=on))
    return tuple(made)


def _brands(choices: Choices) -> tuple[FacetValueView, ...]:
    counts = choices.of("brand")
    names = sorted(counts, key=lambda name: (-(counts[name].everywhere or counts[name].count), name))
    names += [name for name in choices.query.brands if name not in counts]
    return tuple(
        choices.value(
            "brand",
            name,
            name,
            counts[name].count if name in counts else 0,
            replace(choices.query, brands=_toggled(choices.query.brands, name)),
            on=name in choices.query.brands,
        )
        for name in names
    )


def _ranges(currency: str) -> list[tuple[str, str, str]]:
    """Return the price ranges: both ends as they stand in addresses (empty: none), and what they are called."""
    edges = price_edges(currency)
    ends = [plain_price(edge, currency) for edge in edges]
    below = [plain_price(edge - 1, currency) for edge in edges]
    shown = [_round_money(edge, currency) for edge in edges]
    between = zip(ends, below[1:], shown, shown[1:], strict=False)
    return [
        ("", below[0], f"Under {shown[0]}"),
        *((low, high, f"{first} to {last}") for low, high, first, last in between),
        (ends[-1], "", f"{shown[-1]} and more"),
    ]


def _prices(choices: Choices) -> tuple[FacetValueView, ...]:
    counts = choices.of("price")
    made = []
    for place, (low, high, label) in enumerate(_ranges(choices.currency)):
        row = counts.get(str(place))
        on = (choices.query.price_min, choices.query.price_max) == (low, high)
        if row is None and not on:
            continue
        chosen = replace(choices.query, price_min="" if on else low, price_max="" if on else high)
        made.append(choices.value("price", f"{low}-{high}", label, row.count if row else 0, chosen, on=on))
    return tuple(made)


def _round_money(minor: int, currency: str) -> str:
    """Return an amount, a whole one without its zeros: "$25"."""
    written = format_money(minor, currency)
    decimals = exponent(currency)
    return written.replace("." + "0" * decimals, "") if decimals else written


def plain_price(minor: int, currency: str) -> str:
    """Return a price as it stands in addresses: a whole one without a point."""
    whole, _, part = decimal_string(minor, currency).partition(".")
    return f"{whole}.{part}" if part.strip("0") else whole


def _ratings(choices: Choices) -> tuple[FacetValueView, ...]:
    counts = {int(value): row for value, row in choices.of("rating").items()}
    if not any(counts) and not choices.query.rating:
        return ()
    return tuple(
        choices.value(
            "rating",
            str(stars),
            f"{stars} stars and up" if stars > 1 else "1 star and up",
            sum(row.count for value, row in counts.items() if value >= stars),
            replace(choices.query, rating=0 if choices.query.rating == stars else stars),
            on=choices.query.rating == stars,
        )
        for stars in _star_choices(choices.query.rating)
    )


def _star_choices(chosen: int) -> Iterable[int]:
    return (5, 4, 3, 2, 1) if chosen > LOWEST_STARS else (4, 3, 2, 1)


def _in_stock(choices: Choices) -> tuple[FacetValueView, ...]:
    counts = choices.of("in_stock")
    on = choices.query.in_stock
    if not counts and not on:
        return ()
    row = counts.get("true")
    chosen = replace(choices.query, in_stock=not on)
    return (choices.value("in_stock", "1", "In stock", row.count if row else 0, chosen, on=on),)


def price_form(choices: Choices) -> PriceFormView:
    """Return the price filter's form."""
    rows = [row for row in choices.of("price").values() if row.low is not None and row.high is not None]
    bare = replace(choices.query, price_min="", price_max="", page=1, after="")
    return PriceFormView(
        action=base_path(choices.query),
        minimum=choices.query.price_min,
        maximum=choices.query.price_max,
        low_text=plain_price(min(row.low for row in rows if row.low is not None), choices.currency) if rows else "",
        high_text=plain_price(max(row.high for row in rows if row.high is not None), choices.currency) if rows else "",
        currency=choices.currency,
        step=decimal_string(1, choices.currency),
        fields=tuple(FieldView(name, value) for name, value in parameters_of(bare)),
    )


def chips(query: ListingQuery, categories: Sequence[CategoryRow], currency: str) -> tuple[LinkView, ...]:
    """Return what is chosen, each with the address of the listing without it."""
    query = replace(query, page=1, after="")
    names = {row.slug: row.name for row in categories}
    made = [
        (names.get(slug, slug), replace(query, categories=_toggled(query.categories, slug)))
        for slug in query.categories
    ]
    made += [(brand, replace(query, brands=_toggled(query.brands, brand))) for brand in query.brands]
    if query.price_min or query.price_max:
        made.append((_price_text(query, currency), replace(query, price_min="", price_max="")))
    if query.rating:
        made.append((f"{query.rating} stars and up" if query.rating > 1 else "1 star and up", replace(query, rating=0)))
    if query.in_stock:
        made.append(("In stock", replace(query, in_stock=False)))
    return tuple(LinkView(label, listing_url(without)) for label, without in made)


def _price_text(query: ListingQuery, currency: str) -> str:
    for low_end, high_end, label in _ranges(currency):
        if (query.price_min, query.price_max) == (low_end, high_end):
            return label
    low, high = (
        _round_money(price_in_minor(typed, currency), currency) if typed else ""
        for typed in (query.price_min, query.price_max)
    )
    if low and high:
        return f"{low} to {high}"
    return f"{low} and more" if low else f"Up to {high}"
