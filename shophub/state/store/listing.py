"""Listings: all products, a category, a search."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NotFoundError
from shophub.lib.pagination import page_number
from shophub.schemas.catalog import ListingView
from shophub.services import catalog
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus_item


class ListingState(rx.State):
    """A listing and as much of it as the shopper has opened."""

    view: rx.Field[ListingView] = rx.field(default_factory=ListingView)
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    sort_url: rx.Field[str] = rx.field("")
    _key: catalog.ListingQuery | None = None
    _pages: tuple[int, int] = (0, 0)

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the listing that the address names.

        Coming back to a listing keeps what had been opened of it, so that the browser can restore the scroll position.
        """
        path, query = self._query()
        key = replace(query, page=1)
        if self.loaded == path and key == self._key and self._pages[0] <= query.page <= self._pages[1]:
            return
        self.is_busy = True
        try:
            async with transaction() as session:
                view = await catalog.list_listing(session, query)
        except (NotFoundError, InvalidInputError):
            self.is_missing, self.is_busy = True, False
            self.title = "Page not found"
            self.loaded = path
            return
        self.view, self.is_missing, self.is_busy = view, False, False
        self.title = view.heading
        self.sort_url = next((sort.url for sort in view.sorts if sort.is_current), "")
        self._key, self._pages = key, (view.page, view.page)
        self.loaded = path

    @handler(Permission.VISIT)
    async def show_more(self) -> Any:
        """Add the next page below what is there."""
        if self._key is None or not self.view.next_url:
            return None
        first = len(self.view.items)
        async with transaction() as session:
            more = await catalog.list_listing(session, replace(self._key, page=self._pages[1] + 1))
        known = {card.id for card in self.view.items}
        added = tuple(card for card in more.items if card.id not in known)
        self.view = replace(more, items=self.view.items + added, previous_url=self.view.previous_url)
        self._pages = (self._pages[0], more.page)
        return [announce(f"{len(added)} more products. {more.shown_text}"), focus_item("#listing-items h2 a", first)]

    def _query(self) -> tuple[str, catalog.ListingQuery]:
        url = self.router.url
        path = url.path.rstrip("/") or "/"
        given = parse_qs(urlsplit(str(url)).query)
        return path, catalog.ListingQuery(
            category_slug=path.removeprefix("/categories/") if path.startswith("/categories/") else "",
            q=given.get("q", [""])[0].strip()[:100] if path == "/search" else "",
            sort=given.get("sort", [""])[0],
            page=page_number(given.get("page", ["1"])[0]),
        )
