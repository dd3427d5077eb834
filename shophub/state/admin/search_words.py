"""Words that search takes for the same, and what shoppers searched for in vain."""

from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.schemas.search import EmptySearchView
from shophub.services import searches, synonyms
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus
from shophub.state.session import AdminState

PAGE_SIZE = 20
NEW_GROUP = "terms"
UNDO_MILLISECONDS = 8_000


class SearchWordsState(AdminState, rx.State):
    """The groups as they were read last, each in one line, and a page of searches without results."""

    groups: rx.Field[list[str]] = rx.field(default_factory=list)
    searches: rx.Field[list[EmptySearchView]] = rx.field(default_factory=list)
    search_count: rx.Field[int] = rx.field(0)
    page: rx.Field[int] = rx.field(1)
    page_count: rx.Field[int] = rx.field(1)
    begun: rx.Field[str] = rx.field("")
    error: rx.Field[str] = rx.field("")
    epoch: rx.Field[int] = rx.field(0)
    _version: str = ""
    _replaced: tuple[tuple[str, ...], ...] = ()

    @handler(Permission.MANAGE_SETTINGS)
    async def load(self) -> None:
        """Read groups and searches."""
        async with transaction() as session:
            self._show(await synonyms.get_synonyms(session))
            await self._read_searches(session, 1)
        self.begun, self.error = "", ""
        self.epoch += 1

    @handler(Permission.MANAGE_SETTINGS)
    async def turn(self, page: int) -> None:
        """Show another page of the searches."""
        if not 1 <= page <= self.page_count:
            return
        async with transaction() as session:
            await self._read_searches(session, page)

    @handler(Permission.MANAGE_SETTINGS)
    async def begin(self, query: str) -> Any:
        """Put a search into the form, so that only what it means is left to be typed."""
        self.begun, self.error = f"{query[:80]}, ", ""
        self.epoch += 1
        return focus(NEW_GROUP)

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def add(self, form_data: dict[str, Any]) -> Any:
        """Have search take some words for the same."""
        typed = str(form_data.get("terms", ""))
        terms = typed.split(",")
        if not await self._replace(synonyms.joined(self._groups(), terms)):
            self.begun = typed
            return focus(NEW_GROUP)
        self.begun = ""
        self.epoch += 1
        return [announce("Search knows these words now."), focus(NEW_GROUP)]

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def remove(self, line: str) -> Any:
        """Take a group away; it can be brought back."""
        before = self._groups()
        if not await self._replace(tuple(group for group in before if ", ".join(group) != line)):
            return rx.toast.error(self.error)
        self._replaced = before
        undo = ToastAction(label="Undo", on_click=SearchWordsState.undo())
        return [
            rx.toast("These words are no longer the same.", action=undo, duration=UNDO_MILLISECONDS, id="synonyms"),
            focus(NEW_GROUP),
        ]

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def undo(self) -> Any:
        """Bring the group back that was taken away last."""
        if self._replaced and await self._replace(self._replaced):
            self._replaced = ()
            return announce("The words are back.")
        return rx.toast.error(self.error) if self.error else None

    async def _replace(self, groups: tuple[tuple[str, ...], ...]) -> bool:
        """Put these groups in the place of those that were read; returns whether that worked."""
        self.error = ""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                self._show(await synonyms.replace_synonyms(session, groups, version=self._version, actor=actor))
        except ShopHubError as error:
            self.error = error.message
            return False
        return True

    async def _read_searches(self, session: Any, page: int) -> None:
        self.search_count, self.searches = await searches.list_empty(session, page, PAGE_SIZE)
        self.page, self.page_count = page, max(1, -(-self.search_count // PAGE_SIZE))

    def _show(self, view: synonyms.SynonymsView) -> None:
        self.groups, self._version = [", ".join(group) for group in view.groups], view.version

    def _groups(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(line.split(", ")) for line in self.groups)
