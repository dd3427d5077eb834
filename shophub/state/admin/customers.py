"""The store's customers: the list, and the page of one of them."""

from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.admin_sections import CUSTOMERS_PATH
from shophub.domain.permissions import Permission, may
from shophub.errors import UserNotFoundError
from shophub.schemas.customers import CustomerView
from shophub.schemas.people_lists import CustomerLine
from shophub.services import customers, people_lists
from shophub.services.authorisation import role_of
from shophub.services.people_lists import CUSTOMERS
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.session import AdminState


class CustomersState(AdminState, rx.State):
    """A page of the list."""

    lines: rx.Field[tuple[CustomerLine, ...]] = rx.field(default_factory=tuple)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_ORDERS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        query = asked(self, CUSTOMERS)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await people_lists.list_customers(session, query, visitor.user.id if visitor.user else None)
        self.lines = page.lines
        tables = await self.get_state(TableState)
        tables._show(CUSTOMERS, query, page.table, [line.id for line in page.lines])
        self.loaded = CUSTOMERS.path


class CustomerState(AdminState, rx.State):
    """One customer; ``sees_people`` says that the account itself can be changed on another page."""

    view: rx.Field[CustomerView] = rx.field(default_factory=CustomerView)
    title: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    sees_people: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_ORDERS)
    async def load(self) -> None:
        """Read the customer that the address names."""
        path = self.router.url.path.rstrip("/")
        self.reset()
        try:
            user_id = UUID(path.removeprefix(f"{CUSTOMERS_PATH}/"))
            async with transaction() as session:
                self.sees_people = may(role_of(await self._visitor(session)), Permission.MANAGE_USERS)
                self.view = await customers.get_customer(session, user_id)
            self.title = self.view.name
        except (ValueError, UserNotFoundError):
            self.is_missing, self.title = True, "Customer not found"
        self.loaded = path
