"""How a listing is shown: its texts, its links, what of it is on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shophub.repositories.catalog import COUNT_LIMIT, CategoryRow
from shophub.repositories.listing_pages import PageRow
from shophub.repositories.listings import RANKED_LIMIT
from shophub.repositories.stores import StoreRow
from shophub.schemas.catalog import CardView, LinkView, ListingQuery, ListingView
from shophub.services.listing_address import base_path, has_filters, listing_url, without_filters
from shophub.services.views.facets import chips, count_text

SORT_LABELS = {
    "relevance": "Relevance",
    "best_selling": "Best selling",
    "newest": "Newest",
    "price_asc": "Price: low to high",
    "price_desc": "Price: high to low",
    "rating": "Best rated",
}


@dataclass(frozen=True)
class Shelf:
    """A listing and where it stands: its query, with the sort left empty where it is the list's own."""

    query: ListingQuery
    sort: str
    category: CategoryRow | None
    categories: Sequence[CategoryRow]
    store: StoreRow


def listing_view(
    shelf: Shelf,
    found: PageRow,
    *,
    store_name: str,
    logo_url: str,
    cards: tuple[CardView, ...],
    page_size: int,
    cursor: str,
) -> ListingView:
    """Return a stretch of a listing: of a search, of a category, or of everything. Its filters come on top."""
    query, category, total = replace(shelf.query, after="", pages=1), shelf.category, found.total
    is_ranked = shelf.sort == "relevance"
    # What relevance does not look at cannot be paged to.
    last_page = max(1, -(-(min(total, RANKED_LIMIT) if is_ranked else total) // page_size))
    skipped = (query.page - 1) * page_size
    seen = skipped + len(cards) if cards else total
    page = query.page + max(-(-len(cards) // page_size), 1) - 1
    # The next page may be the last one.
    following = min(page_size, page_size if found.left is None else found.left)
    if is_ranked:
        following = min(following, RANKED_LIMIT - seen)
    chosen = chips(query, shelf.categories, shelf.store.currency)
    return ListingView(
        store_name=store_name,
        logo_url=logo_url,
        heading=f"Results for “{query.q}”" if query.q else category.name if category else "All products",
        intro=category.description if category else "",
        total=min(total, COUNT_LIMIT),
        total_text=count_text(total),
        results_text="1 result" if total == 1 else f"{count_text(total)} results",
        items=cards,
        sorts=_sorts(shelf),
        sort=shelf.sort,
        breadcrumbs=_breadcrumbs(query, category, shelf.categories),
        subcategories=_subcategories(category, shelf.categories) if category else (),
        chips=chosen,
        clear_url=listing_url(without_filters(query)),
        filters_text=", ".join(chip.label for chip in chosen),
        shown_text=_shown_text(seen, found.left),
        more_text=f"Show {following} more" if found.has_next else "",
        progress_percent=_percent(seen, found.left),
        page=page,
        skipped=skipped,
        left=-1 if found.left is None else max(found.left, 0),
        next_url=listing_url(replace(query, page=page + 1)) if found.has_next else "",
        previous_url=listing_url(replace(query, page=min(query.page - 1, last_page))) if query.page > 1 else "",
        cursor=cursor if found.has_next else "",
        canonical_path=_canonical(query),
        query=query.q,
    )


def followed(view: ListingView, more: ListingView) -> ListingView:
    """Return ``view`` with the products of ``more`` below its own.

    What is said of the end is what was seen there: products may have come or gone since the first page was read.
    """
    known = {card.id for card in view.items}
    items = view.items + tuple(card for card in more.items if card.id not in known)
    seen, left = view.skipped + len(items), None if more.left < 0 else more.left
    return replace(
        more,
        items=items,
        shown_text=_shown_text(seen, left),
        progress_percent=_percent(seen, left),
        skipped=view.skipped,
        previous_url=view.previous_url,
        facets=more.facets or view.facets,
        price_form=more.price_form if more.facets else view.price_form,
        searched_for=view.searched_for,
        did_you_mean=view.did_you_mean,
    )


def _shown_text(seen: int, left: int | None) -> str:
    return f"Showing {seen:,} of {count_text(COUNT_LIMIT + 1 if left is None else seen + max(left, 0))}"


def _percent(seen: int, left: int | None) -> int:
    total = max(seen, COUNT_LIMIT + 1) if left is None else seen + max(left, 0)
    return seen * 100 // total if total else 0


def _canonical(query: ListingQuery) -> str:
    """Return the address of the list without filters. A page of a filtered or sorted list is no page of that."""
    is_own = not query.sort and not has_filters(query)
    return listing_url(replace(without_filters(query), sort="", page=query.page if is_own else 1))


def _sorts(shelf: Shelf) -> tuple[LinkView, ...]:
    """Return the orders that the list can have; its own one needs no word in the address."""
    own = "relevance" if shelf.query.q else "best_selling"
    query = replace(shelf.query, page=1, after="")
    return tuple(
        LinkView(label, listing_url(replace(query, sort="" if key == own else key)), key == shelf.sort, key)
        for key, label in SORT_LABELS.items()
        if (shelf.query.q or key != "relevance") and (shelf.store.reviews_enabled or key != "rating")
    )


def _breadcrumbs(
    query: ListingQuery, category: CategoryRow | None, categories: Sequence[CategoryRow]
) -> tuple[LinkView, ...]:
    home = LinkView("Home", "/")
    if query.q:
        return home, LinkView("Search", listing_url(ListingQuery(q=query.q)), is_current=True)
    if category is None:
        return home, LinkView("All products", base_path(query), is_current=True)
    above = [row for row in categories if row.id == category.parent_id]
    return (
        home,
        *(LinkView(row.name, f"/categories/{row.slug}") for row in above),
        LinkView(category.name, base_path(query), is_current=True),
    )


def _subcategories(category: CategoryRow, categories: Sequence[CategoryRow]) -> tuple[LinkView, ...]:
    return tuple(LinkView(row.name, f"/categories/{row.slug}") for row in categories if row.parent_id == category.id)
