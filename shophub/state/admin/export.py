"""What is selected in a list as a file for spreadsheets."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.lib.tables import TableSpec
from shophub.schemas.order_list import ORDER_TABLE
from shophub.schemas.product_list import PRODUCTS
from shophub.services import order_list, product_export
from shophub.state.admin.table import Chosen, TableState
from shophub.state.guards import handler
from shophub.state.page_actions import announce
from shophub.state.session import AdminState


class ExportState(AdminState, rx.State):
    """Rows that are selected one by one are few enough to be sent at once; all that is found is the list's own file."""

    @handler(Permission.MANAGE_PRODUCTS)
    async def products(self) -> Any:
        """Offer the selected products."""
        chosen = await self._selected(PRODUCTS)
        if chosen is None or chosen.is_all:
            return await self._whole(chosen)
        async with transaction() as session:
            parts = [part async for part in product_export.csv_parts(session, chosen.query, chosen.ids)]
        return self._file("products.csv", parts)

    @handler(Permission.MANAGE_ORDERS)
    async def orders(self) -> Any:
        """Offer the selected orders."""
        chosen = await self._selected(ORDER_TABLE)
        if chosen is None or chosen.is_all:
            return await self._whole(chosen)
        async with transaction() as session:
            parts = [part async for part in order_list.csv_lines(session, chosen.query, chosen.ids)]
        return self._file("orders.csv", parts)

    async def _selected(self, spec: TableSpec) -> Chosen | None:
        return (await self.get_state(TableState))._chosen(spec)

    async def _whole(self, chosen: Chosen | None) -> Any:
        url = (await self.get_state(TableState)).view.export_url
        return None if chosen is None else [rx.download(url=url), announce("The file is being made.")]

    def _file(self, name: str, parts: list[str]) -> Any:
        return [rx.download(data="".join(parts), filename=name, mime_type="text/csv"), announce("The file is ready.")]
