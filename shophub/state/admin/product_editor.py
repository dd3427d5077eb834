"""The product editor: one product, read whole and saved whole. What is typed stays in the browser until then."""

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NotFoundError, ShopHubError
from shophub.lib.rich_text import render_markdown
from shophub.schemas.product_editor import (
    MAX_DESCRIPTION,
    EditorOutcome,
    EditorPreview,
    EditorSurroundings,
    EditorView,
    ProductForm,
)
from shophub.services import product_editor, product_removal
from shophub.services.product_checks import ProductChangedError
from shophub.state.guards import handler
from shophub.state.page_actions import announce
from shophub.state.session import AdminState

PRODUCTS = "/admin/products"
NEW = f"{PRODUCTS}/new"
UNREADABLE = "This form cannot be read. Load the page again; keep a copy of what you wrote."
# What the schema refuses before the checks see it, in words.
SENTENCES = {
    "name": "That name is too long.",
    "slug": "That address is too long.",
    "description": "That description is too long.",
    "brand": "A brand has at most 80 characters.",
    "tags": "At most 30 tags of 40 characters each.",
    "pictures": "At most 30 pictures, and 300 characters to describe each.",
    "options": "At most 3 options with 50 choices each, and 80 characters for each name.",
    "variants": "At most 250 rows, with whole numbers as stock and at most 64 characters as SKU.",
}


class ProductEditorState(AdminState, rx.State):
    """What the editor begins with, and what became of the last save. ``epoch`` changes with either."""

    view: rx.Field[EditorView] = rx.field(default_factory=EditorView)
    around: rx.Field[EditorSurroundings] = rx.field(default_factory=EditorSurroundings)
    outcome: rx.Field[EditorOutcome] = rx.field(default_factory=EditorOutcome)
    preview: rx.Field[EditorPreview] = rx.field(default_factory=EditorPreview)
    epoch: rx.Field[int] = rx.field(0)
    answered: rx.Field[int] = rx.field(0)
    is_missing: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_PRODUCTS)
    async def load(self) -> None:
        """Read the product that the address names; an empty one at ``/admin/products/new``."""
        path = str(self.router.url.path).rstrip("/")
        copied = str(self.router.url.query_parameters.get("copy", ""))
        self.is_missing, self.outcome, self.preview = False, EditorOutcome(), EditorPreview()
        async with transaction() as session:
            self.around = await product_editor.get_surroundings(session)
            currency = self.around.currency
            try:
                if path != NEW:
                    product_id = UUID(path.removeprefix(f"{PRODUCTS}/"))
                    self.view = await product_editor.get_product(session, product_id, currency)
                elif copied:
                    self.view = await product_removal.copy_of(session, UUID(copied), currency)
                else:
                    self.view = product_editor.new_product()
            except (ValueError, NotFoundError):
                self.view, self.is_missing = EditorView(), True
        self.epoch += 1
        self.loaded = path

    @handler(Permission.MANAGE_PRODUCTS)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Save the whole product as the browser has it; what is wrong is said beside its place."""
        is_new = not self.view.version
        self.answered += 1
        try:
            form = ProductForm.model_validate(form_data)
            if str(form.id) != self.view.id:
                raise InvalidInputError(UNREADABLE)
            async with transaction() as session:
                self.view = await product_editor.save(session, form, actor=self._actor(await self._visitor(session)))
        except ValidationError as error:
            places = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
            said = {place: SENTENCES[place] for place in SENTENCES if place in places}
            self.outcome = EditorOutcome("invalid" if said else "failed", UNREADABLE, said)
            return None
        except ShopHubError as error:
            self.outcome = _refusal(error)
            return None
        self.epoch += 1
        self.outcome = EditorOutcome("saved", "Saved.")
        if is_new:
            return [rx.redirect(f"{PRODUCTS}/{self.view.id}", replace=True), rx.toast.success("The product is saved.")]
        return announce("The product is saved.")

    @handler(Permission.MANAGE_PRODUCTS)
    async def show_preview(self, source: str) -> None:
        """Show a description as the shop will show it."""
        self.preview = EditorPreview(source, render_markdown(source[:MAX_DESCRIPTION]))

    @handler(Permission.MANAGE_PRODUCTS)
    async def delete(self) -> Any:
        """Delete the product that is shown, unless it has been ordered."""
        self.answered += 1
        try:
            product_id = UUID(self.view.id)
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                name = await product_removal.delete(session, product_id, actor=actor)
        except ValueError:
            self.outcome = EditorOutcome("failed", UNREADABLE)
            return None
        except ShopHubError as error:
            self.outcome = EditorOutcome("kept", error.message)
            return None
        self.outcome = EditorOutcome("deleted", f"{name} is deleted.")
        return [rx.redirect(PRODUCTS), rx.toast.success(f"{name} is deleted.")]


def _refusal(error: ShopHubError) -> EditorOutcome:
    if isinstance(error, ProductChangedError):
        return EditorOutcome("changed", error.message, changed_by=error.changed_by)
    fields = error.fields if isinstance(error, InvalidInputError) else {}
    return EditorOutcome("invalid" if fields else "failed", error.message, fields)
