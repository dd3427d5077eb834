"""What is done to many products of the list at once, each with a way back."""

from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.admin_sections import WORK_PATH
from shophub.domain.permissions import Permission
from shophub.domain.price_changes import PriceChange, percent_bp
from shophub.domain.statuses import ProductStatus
from shophub.errors import ConflictError, ShopHubError
from shophub.lib.money import parse_amount
from shophub.lib.ui_ids import BULK_PRICE_DIALOG, BULK_STATUS_DIALOG, BULK_TAGS_DIALOG
from shophub.schemas.product_list import PRODUCTS
from shophub.services import product_bulk
from shophub.services.bulk_work import BulkChange, change_now_or_later
from shophub.services.product_bulk import Changed, Undo
from shophub.state.admin.products import ProductsState
from shophub.state.admin.table import TableState
from shophub.state.guards import handler
from shophub.state.page_actions import close_dialog, open_dialog
from shophub.state.session import AdminState

UNDO_MILLISECONDS = 8_000
# What is done to more than that is confirmed by typing how many they are.
MANY = 50
_DONE = {"active": "activated", "archived": "archived", "draft": "turned into drafts"}


class ProductBulkState(AdminState, rx.State):
    """``error`` is what was wrong in the dialog of an action; ``wanted`` the status that its dialog asks about."""

    error: rx.Field[str] = rx.field("")
    wanted: rx.Field[str] = rx.field("")
    _undo: Undo = Undo()

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_status(self, status: str) -> Any:
        """Activate, archive or turn to drafts what is selected; ask first if that is much."""
        if status not in _DONE:
            return None
        if (await self.get_state(TableState)).selected_count > MANY:
            self.error, self.wanted = "", status
            return open_dialog(BULK_STATUS_DIALOG)
        return await self._set_status(status)

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_status_of_many(self, form_data: dict[str, Any]) -> Any:
        """Do it after all, once it was typed how many they are."""
        return await self._set_status(self.wanted, form_data) if self.wanted in _DONE else None

    @handler(Permission.MANAGE_PRODUCTS)
    async def change_tags(self, form_data: dict[str, Any]) -> Any:
        """Add tags to what is selected, and take others away."""
        add, remove = (tuple(str(form_data.get(name, "")).split(",")) for name in ("add", "remove"))
        return await self._bulk(BulkChange(add=add, remove=remove), "changed", BULK_TAGS_DIALOG, form_data)

    @handler(Permission.MANAGE_PRODUCTS)
    async def change_prices(self, form_data: dict[str, Any]) -> Any:
        """Change the prices of what is selected."""
        kind, typed = str(form_data.get("kind", "")), str(form_data.get("value", ""))
        currency = (await self.get_state(ProductsState)).currency
        try:
            change = BulkChange(price=_price_change(kind, typed, currency), currency=currency)
        except ShopHubError as error:
            self.error = error.message
            return None
        return await self._bulk(change, "repriced", BULK_PRICE_DIALOG, form_data)

    @handler(Permission.MANAGE_PRODUCTS)
    async def undo(self) -> Any:
        """Take back the last bulk action."""
        way_back, self._undo = self._undo, Undo()
        if not way_back.values:
            return None
        async with transaction() as session:
            count = await product_bulk.undo(session, way_back, self._actor(await self._visitor(session)))
        await (await self.get_state(ProductsState))._read()
        return rx.toast.success(f"{_products(count)} as before.", id="bulk-undone")

    async def _set_status(self, status: str, form_data: dict[str, Any] | None = None) -> Any:
        change = BulkChange(status=ProductStatus(status))
        return await self._bulk(change, _DONE[status], BULK_STATUS_DIALOG if form_data else "", form_data)

    async def _bulk(
        self, change: BulkChange, word: str, dialog: str = "", form_data: dict[str, Any] | None = None
    ) -> Any:
        """Do something to what is selected; say what came of it, with a way back, or where it goes on."""
        self.error = ""
        tables = await self.get_state(TableState)
        chosen = tables._chosen(PRODUCTS)
        if chosen is None:
            return None
        if tables.selected_count > MANY and not _is_count(form_data, tables.selected_count):
            self.error = f"Type {tables.selected_count} to go on."
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                done = await change_now_or_later(
                    session,
                    chosen.query,
                    chosen.ids,
                    change,
                    actor,
                    is_all=chosen.is_all,
                    seen=tables.selected_count,
                )
        except ShopHubError as error:
            self.error = error.message
            if isinstance(error, ConflictError):
                await (await self.get_state(ProductsState))._read()
            return None if dialog else rx.toast.error(error.message, id="bulk")
        if isinstance(done, Changed):
            self._undo = done.undo
            shown = _said(done, word)
        else:
            go = ToastAction(label="Show", on_click=rx.redirect(WORK_PATH))
            shown = rx.toast("This takes a while. It goes on under Work.", id="bulk", action=go)
        tables._choose([])
        await (await self.get_state(ProductsState))._read()
        return [close_dialog(dialog), shown] if dialog else shown


def _said(done: Changed, word: str) -> Any:
    said = f"{_products(done.count)} {word}."
    if done.left_alone:
        said += f" {done.left_alone:,} left alone: not below their old price, or not above zero."
    if not done.count:
        return rx.toast(said, id="bulk")
    undo = ToastAction(label="Undo", on_click=ProductBulkState.undo())
    return rx.toast(said, id="bulk", duration=UNDO_MILLISECONDS, action=undo)


def _is_count(form_data: dict[str, Any] | None, count: int) -> bool:
    typed = "".join(str((form_data or {}).get("count", "")).split()).replace(",", "")
    return typed == str(count)


def _price_change(kind: str, typed: str, currency: str) -> PriceChange:
    if kind == "percent":
        return PriceChange("percent", percent_bp(typed))
    if kind == "amount":
        minus = typed.strip().startswith(("-", "\u2212"))
        size = parse_amount(typed.strip().lstrip("-\u2212+"), currency)
        return PriceChange("amount", -size if minus else size)
    return PriceChange("exact", parse_amount(typed, currency))


def _products(count: int) -> str:
    return "1 product" if count == 1 else f"{count:,} products"
