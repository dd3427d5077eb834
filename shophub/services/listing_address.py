"""Addresses of listings: everything that a listing shows can be read from its address, and written into one."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from shophub.lib.pagination import page_number
from shophub.schemas.catalog import ListingQuery

MAX_TYPED = 100
# As many values of one filter as an address may name; nobody ticks more, and each costs the database work.
MAX_VALUES = 30
MAX_VALUE_LENGTH = 200
STARS = ("1", "2", "3", "4", "5")
PRICE = re.compile(r"\d{1,12}(?:[.,]\d{0,4})?")
YES = ("1", "true", "on")


def parse_listing(path: str, parameters: Iterable[tuple[str, str]]) -> ListingQuery:
    """Return what an address asks for. What it says wrongly is left out, but for an unknown sort, which is kept.

    ``parameters`` are the pairs of the query string, decoded, in order: ``q``, ``sort``, ``page``, ``category`` and
    ``brand`` (both repeatable), ``min_price``, ``max_price``, ``rating``, ``in_stock``. ``q`` counts on ``/search``
    alone.
    """
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)

    def first(name: str) -> str:
        return given.get(name, [""])[0].strip()

    rating = first("rating")
    return ListingQuery(
        category_slug=path.removeprefix("/categories/") if path.startswith("/categories/") else "",
        q=first("q")[:MAX_TYPED] if path == "/search" else "",
        sort=first("sort"),
        page=page_number(first("page") or "1"),
        categories=_values(given.get("category", [])),
        brands=_values(given.get("brand", [])),
        price_min=_price(first("min_price")),
        price_max=_price(first("max_price")),
        rating=int(rating) if rating in STARS else 0,
        in_stock=first("in_stock") in YES,
    )


def _values(given: list[str]) -> tuple[str, ...]:
    known = dict.fromkeys(value.strip() for value in given)
    usable = [value for value in known if value and value.isprintable() and len(value) <= MAX_VALUE_LENGTH]
    return tuple(usable[:MAX_VALUES])


def _price(typed: str) -> str:
    return typed.replace(",", ".") if typed.isascii() and PRICE.fullmatch(typed) else ""


def has_filters(query: ListingQuery) -> bool:
    """Return whether anything but category, search and order narrows the list."""
    return without_filters(query) != replace(query, page=1, after="", pages=1)


def without_filters(query: ListingQuery) -> ListingQuery:
    """Return the same list from its beginning with nothing filtered out."""
    return ListingQuery(category_slug=query.category_slug, q=query.q, sort=query.sort)


def base_path(query: ListingQuery) -> str:
    """Return the path of the list that ``query`` filters."""
    if query.q:
        return "/search"
    return f"/categories/{query.category_slug}" if query.category_slug else "/products"


def parameters_of(query: ListingQuery) -> list[tuple[str, str]]:
    """Return the query string's pairs, always in the same order; what is left at its default is left out.

    ``sort`` is expected to be empty where it is the list's own.
    """
    pairs = [("q", query.q)]
    pairs += [("category", slug) for slug in query.categories]
    pairs += [("brand", brand) for brand in query.brands]
    pairs += [("min_price", query.price_min), ("max_price", query.price_max)]
    pairs += [("rating", str(query.rating) if query.rating else ""), ("in_stock", "1" if query.in_stock else "")]
    pairs += [("sort", query.sort), ("page", str(query.page) if query.page > 1 else "")]
    return [(name, value) for name, value in pairs if value]


def listing_url(query: ListingQuery) -> str:
    """Return the address that :func:`parse_listing` reads ``query`` from."""
    pairs = parameters_of(query)
    return f"{base_path(query)}?{urlencode(pairs)}" if pairs else base_path(query)
