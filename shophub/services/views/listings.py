"""How a listing is shown: its texts, its links, what of it is on the page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from shophub.repositories.catalog import COUNT_LIMIT, CategoryRow
from shophub.repositories.listings import RANKED_LIMIT
from shophub.schemas.catalog import CardView, LinkView, ListingView

SORT_LABELS = {
    "relevance": "Relevance",
    "best_selling": "Best selling",
    "newest": "Newest",
    "price_asc": "Price: low to high",
    "price_desc": "Price: high to low",
    "rating": "Best rated",
}


def total_text(total: int) -> str:
    """Return a count as people read it; from 10,001 on it is not exact."""
    return f"{COUNT_LIMIT:,}+" if total > COUNT_LIMIT else f"{total:,}"


def listing_view(
    *,
    store_name: str,
    cards: tuple[CardView, ...],
    total: int,
    page: int,
    page_size: int,
    sort: str,
    text: str,
    category: CategoryRow | None,
    categories: Sequence[CategoryRow],
) -> ListingView:
    """Return one page of a listing: of a search where ``text`` is given, of a category, or of everything."""
    base, fixed = _address(text, category)
    default_sort = "relevance" if text else "best_selling"
    # What relevance does not look at cannot be paged to.
    reachable = min(total, RANKED_LIMIT) if sort == "relevance" else total
    seen = min((page - 1) * page_size + len(cards), total)
    last_page = max(1, -(-reachable // page_size))

    def url(*, sort: str = sort, page: int = 1) -> str:
        query = dict(fixed)
        if sort != default_sort:
            query["sort"] = sort
        if page > 1:
            query["page"] = str(page)
        return f"{base}?{urlencode(query)}" if query else base

    return ListingView(
        store_name=store_name,
        heading=f"Results for “{text}”" if text else category.name if category else "All products",
        intro=category.description if category else "",
        total=min(total, COUNT_LIMIT),
        total_text=total_text(total),
        items=cards,
        sorts=tuple(
            LinkView(label, url(sort=key), is_current=key == sort)
            for key, label in SORT_LABELS.items()
            if text or key != "relevance"
        ),
        sort=sort,
        breadcrumbs=_breadcrumbs(base, text, category, categories),
        categories=_categories(category, categories, is_all=not text and category is None),
        shown_text=f"Showing {seen:,} of {total_text(total)}",
        progress_percent=seen * 100 // total if total else 0,
        page=page,
        next_url=url(page=page + 1) if page < last_page else "",
        previous_url=url(page=min(page - 1, last_page)) if page > 1 else "",
        canonical_path=url(sort=default_sort, page=page),
        query=text,
    )


def _address(text: str, category: CategoryRow | None) -> tuple[str, dict[str, str]]:
    if text:
        return "/search", {"q": text}
    return (f"/categories/{category.slug}", {}) if category else ("/products", {})


def _breadcrumbs(
    base: str, text: str, category: CategoryRow | None, categories: Sequence[CategoryRow]
) -> tuple[LinkView, ...]:
    home = LinkView("Home", "/")
    if text:
        return home, LinkView("Search", f"{base}?{urlencode({'q': text})}", is_current=True)
    if category is None:
        return home, LinkView("All products", base, is_current=True)
    above = [row for row in categories if row.id == category.parent_id]
    return (
        home,
        *(LinkView(row.name, f"/categories/{row.slug}") for row in above),
        LinkView(category.name, base, is_current=True),
    )


def _categories(
    current: CategoryRow | None, categories: Sequence[CategoryRow], *, is_all: bool
) -> tuple[LinkView, ...]:
    """Return links to the top categories and, below the current family's, to its children."""
    links = [LinkView("All products", "/products", is_current=is_all)]
    opened = (current.id, current.parent_id) if current else ()
    for top in categories:
        if top.parent_id is not None:
            continue
        links.append(_link(top, current))
        if top.id in opened:
            links += [_link(child, current) for child in categories if child.parent_id == top.id]
    return tuple(links)


def _link(row: CategoryRow, current: CategoryRow | None) -> LinkView:
    return LinkView(row.name, f"/categories/{row.slug}", is_current=current is not None and row.id == current.id)
