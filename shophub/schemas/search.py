"""What pages show of filters and of search: facets, highlighted texts, suggestions. Every text is ready to print."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


@dataclass(frozen=True)
class TextPart:
    """A piece of a text. ``is_match``: what was searched for, or what a suggestion adds to what was typed."""

    text: str = ""
    is_match: bool = False


@dataclass(frozen=True)
class FacetValueView:
    """A choice of a facet. ``url`` is the listing with it chosen or, where it is already, without it.

    ``is_disabled``: nothing would be found, so there is nothing to choose; a chosen value can always be taken back.
    """

    value: str = ""
    label: str = ""
    count: int = 0
    count_text: str = ""
    url: str = ""
    is_selected: bool = False
    is_disabled: bool = False


@dataclass(frozen=True)
class FacetView:
    """A filter with its choices. ``key`` is ``category``, ``brand``, ``price``, ``rating`` or ``in_stock``.

    ``is_multiple``: several values may be chosen at once. Counts follow all the *other* filters. Values keep their
    order and place whatever is chosen.
    """

    key: str = ""
    label: str = ""
    values: tuple[FacetValueView, ...] = ()
    is_multiple: bool = False
    selected_count: int = 0


@dataclass(frozen=True)
class FieldView:
    """A hidden field of the price form, so that the form works without JavaScript and keeps the other filters."""

    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class PriceFormView:
    """The two inputs of the price filter: ``GET action`` with ``min_price``, ``max_price`` and the hidden fields.

    ``low_text`` and ``high_text`` are the cheapest and dearest of what the other filters leave, as placeholders;
    ``step`` is the smallest unit of the currency.
    """

    action: str = "/products"
    minimum: str = ""
    maximum: str = ""
    low_text: str = ""
    high_text: str = ""
    currency: str = "USD"
    step: str = "0.01"
    fields: tuple[FieldView, ...] = ()


@dataclass(frozen=True)
class QuerySuggestionView:
    """Words to search for. ``parts``: what was typed plain, what is added marked as a match."""

    text: str = ""
    url: str = ""
    parts: tuple[TextPart, ...] = ()


@dataclass(frozen=True)
class ScopeSuggestionView:
    """The typed words within a category; ``text`` reads like ``lamp in Lighting``."""

    text: str = ""
    query: str = ""
    category: str = ""
    url: str = ""


@dataclass(frozen=True)
class ProductSuggestionView:
    """A product among the suggestions, with a small picture (96 by 120)."""

    name: str = ""
    url: str = ""
    price_text: str = ""
    parts: tuple[TextPart, ...] = ()
    image_url: str = ""
    image_alt: str = ""
    image_colour: str = "#e8e4dc"


@dataclass(frozen=True)
class SuggestionsView:
    """What a search box offers for ``q``: at most 6 queries, 3 scopes, 4 products.

    ``corrected``: the words that the suggestions are for, where nothing begins with what was typed. ``count_text`` is
    for announcing, and says so where there is nothing.
    """

    q: str = ""
    corrected: str = ""
    queries: tuple[QuerySuggestionView, ...] = ()
    scopes: tuple[ScopeSuggestionView, ...] = ()
    products: tuple[ProductSuggestionView, ...] = ()
    count: int = 0
    count_text: str = ""


@dataclass(frozen=True)
class EmptySearchView:
    """Something that was searched for in vain, for the staff."""

    query: str = ""
    count: int = 0
    last_seen_iso: str = ""
    last_seen_text: str = ""


@dataclass(frozen=True)
class SynonymsView:
    """Groups of words that search takes for the same, and the version to send back with a change."""

    groups: tuple[tuple[str, ...], ...] = field(default=())
    version: str = ""


class _Json(BaseModel):
    """Field names as JSON has them, read from the views above."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class TextPartOut(_Json):
    """A piece of a text."""

    text: str
    is_match: bool


class QuerySuggestionOut(_Json):
    """Words to search for."""

    text: str
    url: str
    parts: tuple[TextPartOut, ...]


class ScopeSuggestionOut(_Json):
    """The typed words within a category; without words the category itself."""

    text: str
    query: str
    category: str
    url: str


class ProductSuggestionOut(_Json):
    """A product among the suggestions."""

    name: str
    url: str
    price_text: str
    parts: tuple[TextPartOut, ...]
    image_url: str
    image_colour: str


class SuggestionsOut(_Json):
    """What a search box offers for ``q``, as programs read it."""

    q: str
    corrected: str
    queries: tuple[QuerySuggestionOut, ...]
    scopes: tuple[ScopeSuggestionOut, ...]
    products: tuple[ProductSuggestionOut, ...]
    count: int
    count_text: str
