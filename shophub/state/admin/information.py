"""Changing the text of a page about the shop, in its place on that page."""

from typing import TYPE_CHECKING, Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.information import InformationPage, page_at
from shophub.domain.permissions import Permission, may
from shophub.errors import ShopHubError
from shophub.schemas.information import InformationDraft
from shophub.services.authorisation import role_of
from shophub.services.information import texts
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.schemas.accounts import Visitor

UNDO_MILLISECONDS = 8_000
EDIT_BUTTON = "information-edit"
TEXT_FIELD = "body"


class InformationEditorState(AdminState, rx.State):
    """The text that is being worked on. In the browser of who may not change it, this stays as it was compiled."""

    can_edit: rx.Field[bool] = rx.field(False)
    is_open: rx.Field[bool] = rx.field(False)
    draft: rx.Field[InformationDraft] = rx.field(default_factory=InformationDraft)
    preview_html: rx.Field[str] = rx.field("")
    error: rx.Field[str] = rx.field("")
    _replaced: str = ""

    def _offer(self, visitor: "Visitor") -> None:
        """Show the way in to a visitor whose role the database has just given, if they may change texts."""
        self.reset()
        self.can_edit = may(role_of(visitor), Permission.MANAGE_SETTINGS)

    @handler(Permission.MANAGE_SETTINGS)
    async def open(self) -> Any:
        """Open the text of the page that the address names."""
        page = self._page()
        if page is None:
            return None
        async with transaction() as session:
            self._show(await texts.get_draft(session, page))
        self.is_open = True
        return focus(TEXT_FIELD)

    @handler(Permission.MANAGE_SETTINGS)
    async def preview(self, body: str) -> None:
        """Show what a text will look like; nothing is kept."""
        self.preview_html = texts.render(body)

    @handler(Permission.MANAGE_SETTINGS)
    async def close(self) -> Any:
        """Leave the text as it is."""
        self.is_open = False
        return focus(EDIT_BUTTON)

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Have everybody see this text from now on. Open pages, this one too, hear of it by themselves."""
        if not await self._write(str(form_data.get(TEXT_FIELD, ""))):
            return focus(TEXT_FIELD)
        return [announce("The text was saved."), focus(EDIT_BUTTON)]

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def restore(self) -> Any:
        """Go back to the text that the shop came with."""
        before = self.draft.body
        if not await self._write(None):
            return focus(TEXT_FIELD)
        self._replaced = before
        undo = ToastAction(label="Undo", on_click=InformationEditorState.undo())
        return [
            rx.toast("The page shows our own text again.", action=undo, duration=UNDO_MILLISECONDS),
            focus(EDIT_BUTTON),
        ]

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def undo(self) -> Any:
        """Take back going back."""
        if self._replaced and await self._write(self._replaced):
            self._replaced = ""
            return announce("Your text is there again.")
        return rx.toast.error(self.error) if self.error else None

    async def _write(self, body: str | None) -> bool:
        """Put a text (None: the shop's own) in the place of the one that was opened; returns whether that worked."""
        page = self._page()
        if page is None or page.value != self.draft.page:
            return False
        version = self.draft.version
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                if body is None:
                    draft = await texts.restore(session, page, version=version, actor=actor)
                else:
                    draft = await texts.replace(session, page, body, version=version, actor=actor)
        except ShopHubError as error:
            self.error = error.message
            return False
        self._show(draft)
        self.is_open = False
        return True

    def _show(self, draft: InformationDraft) -> None:
        self.draft, self.preview_html, self.error = draft, draft.html, ""

    def _page(self) -> InformationPage | None:
        return page_at(self.router.url.path)
