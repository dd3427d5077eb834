"""Listings: all products, a category, a search."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NotFoundError, SlugMovedError
from shophub.schemas.catalog import ListingQuery, ListingView
from shophub.services import catalog, searches
from shophub.services.listing_address import listing_url, parse_listing
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus_item
from shophub.state.store.live_cards import refreshed, watch_page

# Of a listing that was opened further, so many pages are read again when one comes back to it.
MAX_PAGES_AGAIN = 20
MAX_REMEMBERED = 10


class ListingState(rx.State):
    """A listing and as much of it as the shopper has opened. ``address`` is the one in the bar that it answers."""

    view: rx.Field[ListingView] = rx.field(default_factory=ListingView)
    loaded: rx.Field[str] = rx.field("")
    address: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    _key: ListingQuery | None = None
    _pages: tuple[int, int] = (0, 0)
    # How far listings were opened, to be as far again after "back".
    _opened: tuple[tuple[ListingQuery, int, int], ...] = ()

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the listing that the address names, as it is now.

        Coming back to a listing opens as much of it again, so that the scroll position can be restored.
        """
        path, address, query = self._asked()
        key = replace(query, page=1)
        is_known = self.loaded == path and key == self._key
        first, last = next((pages for known, *pages in self._opened if known == key), (0, 0))
        if not (first <= query.page <= last and last - first < MAX_PAGES_AGAIN):
            first = last = query.page
        try:
            async with transaction() as session:
                view = await catalog.list_listing(session, _stretch(key, first, last))
                if not is_known:
                    await searches.note(session, view, self.router.session.client_ip)
        except SlugMovedError as moved:
            return _moved(query, moved.slug)
        except (NotFoundError, InvalidInputError):
            self._miss(path, address)
            return None
        self.view, self.is_missing, self.title = view, False, view.heading
        self._note_pages(key, first, view.page)
        self.loaded, self.address = path, address
        watch_page(self, view.items)
        return None

    @handler(Permission.VISIT)
    async def show_more(self) -> Any:
        """Add the next page below what is there, beginning exactly behind the last product shown."""
        if self._key is None or not self.view.next_url:
            return None
        first, address = len(self.view.items), self.view.next_url
        try:
            async with transaction() as session:
                view = await catalog.list_more(session, self._key, self.view)
        except SlugMovedError as moved:
            return _moved(replace(self._key, page=self._pages[1] + 1), moved.slug)
        except (NotFoundError, InvalidInputError):
            self._miss(self.loaded, self.address)
            return None
        self.view = view
        # A corrected search goes on under the address of what was found.
        self._note_pages(replace(self._key, q=view.query), self._pages[0], view.page)
        self.address = address
        watch_page(self, view.items)
        added = len(view.items) - first
        said = f"{added} more products. {view.shown_text}"
        return [announce(said), focus_item("#listing-items h2 a", first)]

    def _miss(self, path: str, address: str) -> None:
        self.is_missing, self.title = True, "Page not found"
        self.loaded, self.address, self._key = path, address, None

    def _note_pages(self, key: ListingQuery, first: int, last: int) -> None:
        self._key, self._pages = key, (first, last)
        others = [one for one in self._opened if one[0] != key]
        self._opened = (*others[1 - MAX_REMEMBERED :], (key, first, last))

    async def _refresh(self, notice: Notice) -> None:
        """Show a card as it is now; the order stays as it was found."""
        found = await refreshed(notice, self.view.items)
        if found is not None:
            self.view = replace(self.view, items=found[0])

    async def _read_again(self, notice: Notice) -> None:
        """Show all of it anew: its prices, filters and sorts are written as the store's settings want them."""
        key, (first, last) = self._key, self._pages
        if key is None or self._asked()[0] != self.loaded:
            return
        asked = _stretch(key, first, min(last, first + MAX_PAGES_AGAIN - 1))

        async def read() -> ListingView:
            async with transaction() as session:
                return await catalog.list_listing(session, asked)

        try:
            view = await live.shared(("listing", asked), read)
        except (SlugMovedError, NotFoundError, InvalidInputError):
            return
        self.view = view
        self._note_pages(key, first, view.page)
        watch_page(self, view.items)

    def _asked(self) -> tuple[str, str, ListingQuery]:
        """Return the path, the address as it stands in the bar, and what it asks for."""
        url = self.router.url
        path, query = str(url.path).rstrip("/") or "/", str(url.query)
        address = f"{path}?{query}" if query else path
        return path, address, parse_listing(path, parse_qsl(query, keep_blank_values=True))


def _stretch(key: ListingQuery, first: int, last: int) -> ListingQuery:
    return replace(key, page=first, pages=last + 1 - first)


def _moved(query: ListingQuery, slug: str) -> Any:
    """Go to the same of the category under its new address."""
    return rx.redirect(listing_url(replace(query, category_slug=slug)), replace=True)


for _kind in ("product", "variant"):
    live.refreshes(_kind, ListingState, ListingState._refresh)
live.refreshes("settings", ListingState, ListingState._read_again)
