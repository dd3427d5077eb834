"""The staff's list of reviews: what is new, what is hidden and why."""

from typing import Any
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, ShopHubError
from shophub.lib.ui_ids import HIDE_REVIEW_DIALOG
from shophub.schemas.review_pages import ReviewLine
from shophub.services import review_moderation
from shophub.services.review_moderation import REVIEWS
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.page_actions import close_dialog, focus, open_dialog
from shophub.state.session import AdminState

UNDO_MILLISECONDS = 8_000


class ReviewQueueState(AdminState, rx.State):
    """A page of the list. ``chosen`` is what the dialog is about."""

    lines: rx.Field[tuple[ReviewLine, ...]] = rx.field(default_factory=tuple)
    loaded: rx.Field[str] = rx.field("")
    chosen: rx.Field[ReviewLine] = rx.field(default_factory=ReviewLine)
    error: rx.Field[str] = rx.field("")
    _earlier: review_moderation.WayBack | None = None

    @handler(Permission.MODERATE_REVIEWS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        await self._read()
        self.loaded = REVIEWS.path

    @handler(Permission.MODERATE_REVIEWS)
    async def approve(self, review_id: str) -> Any:
        """Let a review of the page stand."""
        line = self._line(review_id)
        if line is None:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                self._earlier = await review_moderation.approve(session, UUID(line.id), actor)
        except ShopHubError as error:
            return rx.toast.error(error.message, id="review")
        return await self._decided(f"The review by {line.author} stands.")

    @handler(Permission.MODERATE_REVIEWS)
    async def choose(self, review_id: str) -> Any:
        """Open the dialog that hides a review of the page."""
        line = self._line(review_id)
        if line is None:
            return None
        self.chosen, self.error = line, ""
        return open_dialog(HIDE_REVIEW_DIALOG)

    @handler(Permission.MODERATE_REVIEWS)
    async def hide(self, form_data: dict[str, Any]) -> Any:
        """Hide what the dialog is about."""
        if not self.chosen.id:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                reason = str(form_data.get("reason", ""))
                self._earlier = await review_moderation.hide(session, UUID(self.chosen.id), reason, actor)
        except InvalidInputError as error:
            self.error = error.message
            return focus("reason")
        except ShopHubError as error:
            return [close_dialog(HIDE_REVIEW_DIALOG), rx.toast.error(error.message, id="review")]
        self.error = ""
        return [close_dialog(HIDE_REVIEW_DIALOG), await self._decided(f"The review by {self.chosen.author} is hidden.")]

    @handler(Permission.MODERATE_REVIEWS)
    async def undo(self) -> Any:
        """Take back the last decision."""
        earlier, self._earlier = self._earlier, None
        if earlier is None:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await review_moderation.take_back(session, earlier, actor)
        except ShopHubError as error:
            return rx.toast.error(error.message, id="review")
        await self._read()
        return rx.toast.success("The review is as before.", id="review")

    async def _decided(self, said: str) -> Any:
        await self._read()
        undo = ToastAction(label="Undo", on_click=ReviewQueueState.undo())
        return rx.toast(said, id="review", duration=UNDO_MILLISECONDS, action=undo)

    def _line(self, review_id: str) -> ReviewLine | None:
        return next((one for one in self.lines if one.id == review_id), None)

    async def _read(self) -> None:
        query = asked(self, REVIEWS)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await review_moderation.list_reviews(session, query, visitor.user.id if visitor.user else None)
        self.lines = page.lines
        tables = await self.get_state(TableState)
        tables._show(REVIEWS, query, page.table, [line.id for line in page.lines])
