"""The reviews of the product that the page shows."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, ReviewNotFoundError, ShopHubError
from shophub.schemas.community import MAX_COMMENT, OwnReviewView, ReviewForm, ReviewQuery, ReviewSort, ReviewsView
from shophub.services import reviews, stores
from shophub.services.live import Notice
from shophub.services.reviews import MAX_PAGES
from shophub.state import live
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus, focus_item
from shophub.state.session import ShopperState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.schemas.accounts import UserView

UNDO_MILLISECONDS = 8_000
CHANGED = "Your review was changed in another window. Publish once more to put this one in its place."
SENTENCES = {
    "rating": "Choose how many stars you give, from one to five.",
    "comment": f"Shorten your review to {MAX_COMMENT:,} characters.",
}


class ReviewsState(ShopperState, rx.State):
    """Reviews as this visitor sees them, and the form for their own."""

    view: rx.Field[ReviewsView] = rx.field(default_factory=ReviewsView)
    is_writing: rx.Field[bool] = rx.field(False)
    rating_error: rx.Field[str] = rx.field("")
    comment_error: rx.Field[str] = rx.field("")
    epoch: rx.Field[int] = rx.field(0)
    _product_id: UUID | None = None
    _query: ReviewQuery = ReviewQuery()
    # The visitor's review as it was when they began to write: another of their tabs may change it meanwhile.
    _begun: OwnReviewView = OwnReviewView()

    @handler(Permission.VISIT)
    async def choose_stars(self, stars: int) -> Any:
        """Show the reviews with these stars only; the same once more, or 0, shows all."""
        given = stars if isinstance(stars, int) and 0 <= stars <= 5 else 0
        chosen = 0 if given == self._query.stars else given
        await self._show(replace(self._query, stars=chosen, pages=1))
        return announce(self.view.shown_text)

    @handler(Permission.VISIT)
    async def sort(self, order: str) -> Any:
        """Put the reviews in another order."""
        if order in set(ReviewSort):
            await self._show(replace(self._query, sort=ReviewSort(order), pages=1))
        return announce(self.view.shown_text)

    @handler(Permission.VISIT)
    async def show_more(self) -> Any:
        """Add the next ones below; the focus goes to the first of them."""
        first = len(self.view.items)
        await self._show(replace(self._query, pages=min(self._query.pages + 1, MAX_PAGES)))
        return [announce(self.view.shown_text), focus_item("#review-items > li", first)]

    @handler(Permission.OWN_ACCOUNT)
    async def write(self) -> Any:
        """Open the form, filled in with what was written before."""
        self.rating_error, self.comment_error, self.is_writing, self._begun = "", "", True, self.view.own
        return focus("rating")

    @handler(Permission.VISIT)
    async def stop_writing(self) -> Any:
        """Close the form; nothing is kept."""
        self.is_writing = False
        await self._show(self._query)
        return focus("write-review")

    @handler(Permission.OWN_ACCOUNT)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Publish or change the visitor's review of this product."""
        self.rating_error, self.comment_error = "", ""
        try:
            form = parse_form(ReviewForm, {"rating": "", **form_data}, SENTENCES)
            async with transaction() as session:
                await self._save(session, form)
        except InvalidInputError as error:
            self.rating_error = error.fields.get("rating", "")
            self.comment_error = error.fields.get("comment", "")
            return focus("rating" if self.rating_error else "comment")
        except ShopHubError as error:
            self.comment_error = error.message
            return focus("comment")
        self.is_writing = False
        await self._show(self._query)
        return [announce("Your review is published."), focus("your-review")]

    async def _save(self, session: "AsyncSession", form: ReviewForm) -> None:
        user = await self._user(session)
        own = (await self._read(session)).own if self.is_writing else self.view.own
        if self.is_writing and _text(own) != _text(self._begun):
            self._begun = own
            raise InvalidInputError(CHANGED, {"comment": CHANGED})
        if own.id:
            await reviews.change(session, user, UUID(own.id), form)
        elif self._product_id is not None:
            await reviews.write(session, user, self._product_id, form)

    @handler(Permission.OWN_ACCOUNT)
    async def delete(self) -> Any:
        """Take the visitor's review back, with a way back."""
        own = self.view.own
        try:
            async with transaction() as session:
                await reviews.delete(session, await self._user(session), UUID(own.id or "0" * 32))
        except ShopHubError as error:
            return rx.toast.error(error.message)
        self.is_writing = False
        await self._show(self._query)
        undo = ToastAction(
            label="Undo", on_click=ReviewsState.save({"rating": str(own.rating), "comment": own.comment})
        )
        return [
            rx.toast("Your review was deleted.", action=undo, duration=UNDO_MILLISECONDS),
            focus("write-review"),
        ]

    @handler(Permission.OWN_ACCOUNT)
    async def vote(self, review_id: str, is_helpful: bool) -> Any:
        """Say that somebody's review helps, or take that back."""
        try:
            async with transaction() as session:
                user = await self._user(session)
                await reviews.vote(session, user, _id(review_id), is_helpful=is_helpful is True)
        except ShopHubError as error:
            self.epoch += 1
            return rx.toast.error(error.message)
        await self._show(self._query)
        return None

    async def _user(self, session: "AsyncSession") -> "UserView":
        user = (await self._visitor(session)).user
        if user is None:
            raise ReviewNotFoundError("Sign in again to do that.")
        return user

    async def _open(self, product_id: UUID) -> None:
        """Show the reviews of a product whose page was opened; those of another are forgotten."""
        if product_id != self._product_id:
            self._product_id, self._query = product_id, ReviewQuery()
            self.is_writing, self.rating_error, self.comment_error = False, "", ""
        await self._show(self._query)

    async def _show(self, query: ReviewQuery) -> None:
        self._query = query
        self.epoch += 1
        async with transaction() as session:
            view = await self._read(session)
        # What is being written stays: the form is filled in with the review as it was.
        self.view = replace(view, own=self.view.own) if self.is_writing else view

    async def _read(self, session: "AsyncSession") -> ReviewsView:
        if self._product_id is None:
            return ReviewsView(own=OwnReviewView())
        visitor, store = await self._visitor(session), await stores.get_store(session)
        return await reviews.list_reviews(session, self._product_id, self._query, visitor, store)

    async def _refresh(self, notice: Notice) -> None:
        """Show the reviews as they are now: somebody wrote, changed or hid one."""
        if notice.kind == "settings" or notice.id == str(self._product_id):
            await self._show(self._query)


for _kind in ("product", "settings"):
    live.refreshes(_kind, ReviewsState, ReviewsState._refresh)


def _text(own: OwnReviewView) -> tuple[str, int, str]:
    return own.id, own.rating, own.comment


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise ReviewNotFoundError("That review is not here any more.") from error
