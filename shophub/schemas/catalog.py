"""What pages show of the catalog. Every text is ready to print; nothing here is a table row."""

from dataclasses import dataclass, field

from shophub.schemas.search import FacetView, PriceFormView, TextPart


@dataclass(frozen=True)
class ImageView:
    """A picture with everything an ``img`` needs. ``colour`` is the placeholder behind it (``#rrggbb``)."""

    url: str = ""
    srcset: str = ""
    alt: str = ""
    width: int = 960
    height: int = 1200
    colour: str = "#e8e4dc"


@dataclass(frozen=True)
class LinkView:
    """A link: breadcrumb, sort choice, removable filter. ``key`` is what addresses call a sort."""

    label: str = ""
    url: str = ""
    is_current: bool = False
    key: str = ""


@dataclass(frozen=True)
class SubcategoryView:
    """A category below another; the count is of all that is in it and below."""

    slug: str = ""
    name: str = ""
    url: str = ""
    product_count: int = 0


@dataclass(frozen=True)
class CategoryView:
    """A category as tiles and menus show it, with those right below it."""

    slug: str = ""
    name: str = ""
    url: str = ""
    image: ImageView = field(default_factory=ImageView)
    product_count: int = 0
    subcategories: tuple[SubcategoryView, ...] = ()


@dataclass(frozen=True)
class CardView:
    """A product in a grid or rail. ``stars`` is the average rounded to whole stars, ``rating_text`` has one decimal.

    ``name_parts`` is the name with what was searched for marked; empty where nothing was.
    """

    id: str = ""
    slug: str = ""
    url: str = ""
    name: str = ""
    name_parts: tuple[TextPart, ...] = ()
    brand: str = ""
    price_text: str = ""
    compare_at_text: str = ""
    badge: str = ""
    image: ImageView = field(default_factory=ImageView)
    hover_image_url: str = ""
    rating_text: str = ""
    stars: int = 0
    review_count: int = 0
    options_text: str = ""
    stock_note: str = ""
    is_available: bool = True
    has_reviews: bool = True


@dataclass(frozen=True)
class ListingQuery:
    """Which products to list: of a category, matching a search, or all. ``sort`` empty means what suits the list.

    Filters: ``categories`` (slugs) and ``brands`` (any of each), prices as they stand in the address (major units, with
    or without decimals), ``rating`` (so many stars at least; 0: any), ``in_stock``. ``after`` is the ``cursor`` of the
    page before, where it is known: the next page then begins exactly behind it, whatever was added meanwhile. ``pages``
    are so many pages from ``page`` on, as one.
    """

    category_slug: str = ""
    q: str = ""
    sort: str = ""
    page: int = 1
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    price_min: str = ""
    price_max: str = ""
    rating: int = 0
    in_stock: bool = False
    after: str = ""
    pages: int = 1


@dataclass(frozen=True)
class ListingView:
    """A page of products. ``next_url`` is empty on the last page; it shows more from the first page on.

    ``chips`` are the filters in force: each url takes that one away, ``clear_url`` all of them. ``filters_text`` names
    them in a sentence for an empty list. ``searched_for`` is what was typed where that found nothing and ``query``, its
    correction, is shown instead; ``did_you_mean`` (no url: none) only offers one. ``popular`` is filled where a search
    finds nothing. ``subcategories`` lead to what lies right below. ``skipped`` products stand before the first one, and
    ``left`` come behind the last (-1: more than are counted).
    """

    store_name: str = ""
    logo_url: str = ""
    heading: str = ""
    intro: str = ""
    total: int = 0
    total_text: str = ""
    results_text: str = ""
    items: tuple[CardView, ...] = ()
    sorts: tuple[LinkView, ...] = ()
    sort: str = ""
    breadcrumbs: tuple[LinkView, ...] = ()
    subcategories: tuple[LinkView, ...] = ()
    facets: tuple[FacetView, ...] = ()
    price_form: PriceFormView = field(default_factory=PriceFormView)
    chips: tuple[LinkView, ...] = ()
    clear_url: str = ""
    filters_text: str = ""
    shown_text: str = ""
    more_text: str = ""
    progress_percent: int = 0
    page: int = 1
    skipped: int = 0
    left: int = 0
    next_url: str = ""
    previous_url: str = ""
    cursor: str = ""
    canonical_path: str = ""
    query: str = ""
    searched_for: str = ""
    did_you_mean: LinkView = field(default_factory=LinkView)
    popular: tuple[CategoryView, ...] = ()


@dataclass(frozen=True)
class HomeView:
    """The front page."""

    store_name: str = ""
    logo_url: str = ""
    hero: ImageView = field(default_factory=ImageView)
    categories: tuple[CategoryView, ...] = ()
    new_arrivals: tuple[CardView, ...] = ()
    offers: tuple[CardView, ...] = ()
    best_sellers: tuple[CardView, ...] = ()
    free_shipping_text: str = ""


@dataclass(frozen=True)
class OptionValueView:
    """One choice of an option. ``url`` is the product page with this value chosen and the others kept."""

    value: str = ""
    is_selected: bool = False
    is_available: bool = True
    url: str = ""
    swatch: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OptionView:
    """An option such as Size, with its choices in the merchant's order."""

    name: str = ""
    selected: str = ""
    values: tuple[OptionValueView, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ReviewView:
    """A published review."""

    id: str = ""
    author: str = ""
    rating: int = 5
    comment: str = ""
    is_verified: bool = True
    helpful: int = 0
    created_iso: str = ""
    created_text: str = ""
    is_edited: bool = False
    is_voted: bool = False


@dataclass(frozen=True)
class HistogramBar:
    """How many reviews gave ``stars``."""

    stars: int = 5
    count: int = 0
    percent: int = 0


@dataclass(frozen=True)
class ProductView:
    """The product page for one chosen variant."""

    store_name: str = ""
    logo_url: str = ""
    id: str = ""
    slug: str = ""
    url: str = ""
    name: str = ""
    brand: str = ""
    description_html: str = ""
    summary: str = ""
    category: LinkView = field(default_factory=LinkView)
    breadcrumbs: tuple[LinkView, ...] = ()
    images: tuple[ImageView, ...] = ()
    options: tuple[OptionView, ...] = ()
    variant_id: str = ""
    sku: str = ""
    price_minor: int = 0
    currency: str = "USD"
    price_text: str = ""
    compare_at_text: str = ""
    saving_text: str = ""
    available: int = 0
    max_quantity: int = 0
    stock_note: str = ""
    stock_level: str = "in"  # in, low, out
    delivery_text: str = ""
    shipping_text: str = ""
    rating_text: str = ""
    stars: int = 0
    review_count: int = 0
    histogram: tuple[HistogramBar, ...] = ()
    reviews: tuple[ReviewView, ...] = ()
    related: tuple[CardView, ...] = ()
    has_reviews: bool = True
    has_wishlist: bool = True
