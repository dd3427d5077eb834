"""The staff's list of products: its rows, and numbers that are edited in place."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NumberChangedError, ShopHubError
from shophub.lib.money import decimal_string, parse_amount
from shophub.schemas.product_list import PRODUCTS, ProductLine, VariantLine
from shophub.schemas.tables import EditCell
from shophub.services import product_changes, product_list, stores
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.session import AdminState

Column = Literal["stock", "price"]


class ProductsState(AdminState, rx.State):
    """A page of the list."""

    lines: rx.Field[tuple[ProductLine, ...]] = rx.field(default_factory=tuple)
    currency: rx.Field[str] = rx.field("USD")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_PRODUCTS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        await self._read()
        self.loaded = PRODUCTS.path

    @handler(Permission.MANAGE_PRODUCTS)
    async def toggle(self, product_id: str) -> None:
        """Open a product's variants below it, or close them."""
        line = self._line(product_id)
        if line is not None and not line.is_single:
            await self._renew(UUID(product_id), is_open=not line.is_open)

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_stock(self, variant_id: str, typed: str) -> None:
        """Set what is on the shelf of a variant that the page shows."""
        await self._set("stock", variant_id, typed)

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_price(self, variant_id: str, typed: str) -> None:
        """Set the price of a variant that the page shows."""
        await self._set("price", variant_id, typed)

    async def _read(self) -> None:
        query = asked(self, PRODUCTS)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await product_list.list_products(session, query, visitor.user.id if visitor.user else None)
            self.currency = (await stores.get_store(session)).currency
        self.lines = page.lines
        tables = await self.get_state(TableState)
        tables._show(PRODUCTS, query, page.table, [line.id for line in page.lines])

    async def _set(self, column: Column, variant_id: str, typed: str) -> None:
        """Save a cell, or say beside it why not; what is shown then is what the database has."""
        line, variant = self._variant(variant_id)
        if line is None or variant is None:
            return
        cell = variant.stock if column == "stock" else variant.price
        try:
            await self._write(column, UUID(variant.id), typed, cell.value)
        except NumberChangedError as error:
            value = str(error.current) if column == "stock" else decimal_string(error.current, self.currency)
            answer = EditCell(value, error.message, cell.epoch + 1, is_error=True)
        except ShopHubError as error:
            answer = EditCell(cell.value, error.message, cell.epoch + 1, is_error=True)
        else:
            await self._renew(UUID(line.id), is_open=line.is_open)
            line, variant = self._variant(variant_id)
            if line is None or variant is None:
                return
            now = variant.stock if column == "stock" else variant.price
            answer = EditCell(now.value, "", cell.epoch + 1)
        self._put(line, replace(variant, stock=answer) if column == "stock" else replace(variant, price=answer))

    async def _write(self, column: Column, variant_id: UUID, typed: str, seen: str) -> None:
        async with transaction() as session:
            actor = self._actor(await self._visitor(session))
            if column == "stock":
                await product_changes.set_stock(session, variant_id, _whole(typed), seen=int(seen), actor=actor)
                return
            currency = await stores.hold_currency(session)
            await product_changes.set_price(
                session,
                variant_id,
                parse_amount(typed, currency),
                seen_minor=parse_amount(seen, self.currency),
                currency=currency,
                actor=actor,
            )

    async def _renew(self, product_id: UUID, *, is_open: bool) -> None:
        """Read a product of the page again; what stands beside its cells stays."""
        old = {one.id: one for line in self.lines for one in line.variants}
        async with transaction() as session:
            line = await product_list.get_line(session, product_id, is_open=is_open)
        variants = tuple(
            replace(
                one,
                price=replace(one.price, epoch=old[one.id].price.epoch),
                stock=replace(one.stock, epoch=old[one.id].stock.epoch),
            )
            if one.id in old
            else one
            for one in line.variants
        )
        self._put_line(replace(line, variants=variants))

    def _put(self, line: ProductLine, variant: VariantLine) -> None:
        self._put_line(replace(line, variants=tuple(variant if one.id == variant.id else one for one in line.variants)))

    def _put_line(self, line: ProductLine) -> None:
        self.lines = tuple(line if one.id == line.id else one for one in self.lines)

    def _line(self, product_id: str) -> ProductLine | None:
        return next((line for line in self.lines if line.id == product_id), None)

    def _variant(self, variant_id: str) -> tuple[ProductLine | None, VariantLine | None]:
        found = ((line, one) for line in self.lines for one in line.variants if one.id == variant_id)
        return next(found, (None, None))


def _whole(typed: str) -> int:
    digits = typed.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise InvalidInputError("Type a whole number, zero or more.")
    return int(digits)
