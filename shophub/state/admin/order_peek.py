"""A quick look at an order, beside the list that it stands in."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.schemas.staff_orders import OrderPeek
from shophub.services import order_desk, orders
from shophub.state.admin.orders import OrderListState
from shophub.state.guards import handler
from shophub.state.page_actions import open_dialog
from shophub.state.session import AdminState

PEEK_DIALOG = "order-peek"


class OrderPeekState(AdminState, rx.State):
    """What the panel shows."""

    view: rx.Field[OrderPeek] = rx.field(default_factory=OrderPeek)

    @handler(Permission.MANAGE_ORDERS)
    async def look(self, number: str) -> Any:
        """Show an order of the list in the panel."""
        listed = [row.number for row in (await self.get_state(OrderListState)).rows]
        place = listed.index(number) if number in listed else len(listed)
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                desk = await order_desk.get_desk(session, number, visitor)
                order = await orders.get_order(session, number, visitor)
        except ShopHubError as error:
            return rx.toast.error(error.message, id="peek")
        self.view = OrderPeek(
            order,
            desk,
            url=f"/admin/orders/{order.number}",
            previous=listed[place - 1] if 0 < place < len(listed) else "",
            following=listed[place + 1] if place + 1 < len(listed) else "",
        )
        return open_dialog(PEEK_DIALOG)
