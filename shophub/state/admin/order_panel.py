"""What the staff see of an order. A state of its own: in anybody else's browser it stays as it was compiled, empty."""

from typing import TYPE_CHECKING

import reflex as rx

from shophub.schemas.staff_orders import StaffOrderView
from shophub.services import staff_orders
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.schemas.accounts import Visitor


class StaffOrderState(AdminState, rx.State):
    """The panel of the order that is open. It has no event of its own: the page's loader fills it."""

    view: rx.Field[StaffOrderView] = rx.field(default_factory=StaffOrderView)

    async def _read(self, session: "AsyncSession", number: str, visitor: "Visitor") -> None:
        """Read the panel for a visitor whose role the database has just given; empty for all but the staff."""
        self.view = await staff_orders.find_staff_order(session, number, visitor)
