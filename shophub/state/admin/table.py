"""All around the table that a page of the back office shows: what is selected, and the views that one keeps.

A page shows one table, so one state serves them all. A list's own state reads its rows in ``load`` and then says what
is around them (``TableState._show``); what its bulk actions are about it asks of ``_chosen``.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.lib.tables import TableQuery, TableSpec, parse_table
from shophub.lib.ui_ids import SAVE_VIEW_DIALOG
from shophub.schemas.tables import TableView
from shophub.services import saved_views
from shophub.services.views.tables import saved_view
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SELECTED = 1_000


@dataclass(frozen=True)
class Chosen:
    """What a bulk action is about: rows by their ids, or with ``is_all`` every row that ``query`` finds."""

    query: TableQuery
    ids: tuple[UUID, ...] = ()
    is_all: bool = False


def asked(state: rx.State, spec: TableSpec) -> TableQuery:
    """Return what the address in the bar asks of a table."""
    return parse_table(spec, parse_qsl(str(state.router.url.query), keep_blank_values=True))


class TableState(AdminState, rx.State):
    """The table that is shown. ``selected`` are ids of rows, of earlier pages too; ``is_all`` means what is found."""

    view: rx.Field[TableView] = rx.field(default_factory=TableView)
    selected: rx.Field[list[str]] = rx.field(default_factory=list)
    selected_count: rx.Field[int] = rx.field(0)
    is_all: rx.Field[bool] = rx.field(False)
    is_page_selected: rx.Field[bool] = rx.field(False)
    view_error: rx.Field[str] = rx.field("")
    _spec: TableSpec | None = None
    _query: TableQuery | None = None
    _ids: tuple[str, ...] = ()

    @handler(Permission.ENTER_BACK_OFFICE)
    async def select(self, row_id: str, is_on: bool) -> Any:
        """Take a row of the page into the selection, or out of it."""
        if row_id not in self._ids:
            return None
        base = list(self._ids) if self.is_all else self.selected
        kept = [one for one in base if one != row_id]
        return self._choose([*kept, row_id] if is_on else kept)

    @handler(Permission.ENTER_BACK_OFFICE)
    async def select_page(self, is_on: bool) -> Any:
        """Take all rows of the page into the selection, or out of it."""
        others = [] if self.is_all else [one for one in self.selected if one not in self._ids]
        return self._choose([*others, *self._ids] if is_on else others)

    @handler(Permission.ENTER_BACK_OFFICE)
    async def select_all(self) -> Any:
        """Select whatever the filters find, on all pages."""
        self._choose([])
        self.is_all, self.is_page_selected, self.selected_count = True, True, self.view.total
        return announce(f"All {self.view.total_text} selected.")

    @handler(Permission.ENTER_BACK_OFFICE)
    async def clear(self) -> Any:
        """Select nothing."""
        self._choose([])
        return announce("Nothing selected.")

    @handler(Permission.ENTER_BACK_OFFICE)
    async def save_view(self, form_data: dict[str, Any]) -> Any:
        """Keep what is shown under a name."""
        visitor = await self._who()
        if self._spec is None or self._query is None or visitor.user is None:
            return None
        name = str(form_data.get("name", ""))
        try:
            async with transaction() as session:
                views = await saved_views.save(session, visitor.user.id, self._spec, name, self._query)
        except ShopHubError as error:
            self.view_error = error.message
            return None
        self.view_error = ""
        kept = tuple(saved_view(self._spec, self._query, *one) for one in views)
        self.view = replace(self.view, views=kept)
        return [close_dialog(SAVE_VIEW_DIALOG), rx.toast.success("The view was saved.")]

    @handler(Permission.ENTER_BACK_OFFICE)
    async def remove_view(self, view_id: str) -> Any:
        """Remove a view of one's own."""
        visitor = await self._who()
        if visitor.user is None or view_id not in {view.id for view in self.view.views}:
            return None
        async with transaction() as session:
            name = await saved_views.remove(session, visitor.user.id, UUID(view_id))
        self.view = replace(self.view, views=tuple(view for view in self.view.views if view.id != view_id))
        return announce(f"The view {name} was removed.")

    def _show(self, spec: TableSpec, query: TableQuery, view: TableView, ids: "Sequence[str]") -> None:
        """Show what is around a page of a table. Other filters end the selection; another page keeps it."""
        is_same = view.key == self.view.key
        self._spec, self._query, self._ids, self.view, self.view_error = spec, query, tuple(ids), view, ""
        if not is_same:
            self._choose([])
        elif self.is_all:
            self.selected_count = view.total
        else:
            self._choose(self.selected)

    def _choose(self, ids: list[str]) -> Any:
        """Select exactly these rows."""
        if len(ids) > MAX_SELECTED:
            return rx.toast.error(f"At most {MAX_SELECTED:,} rows can be selected one by one.", id="selection")
        self.selected, self.selected_count, self.is_all = ids, len(ids), False
        self.is_page_selected = bool(self._ids) and set(self._ids) <= set(ids)
        return None

    def _chosen(self, spec: TableSpec) -> Chosen | None:
        """Return what is selected of a table; None where nothing is, or where another table is shown by now."""
        if self._spec is None or self._spec.name != spec.name:
            return None
        if self._query is None or not (self.is_all or self.selected):
            return None
        ids = () if self.is_all else tuple(UUID(one) for one in self.selected)
        return Chosen(replace(self._query, cursor=None), ids, self.is_all)
