"""The staff's lists of accounts: people and their roles, and customers with what they bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.lib.pagination import PageRequest
from shophub.lib.tables import ColumnSpec, FilterSpec, TableQuery, TableSpec, TabSpec
from shophub.repositories import people_lists
from shophub.repositories.people_lists import ListedCustomer, ListedUser
from shophub.schemas.people import InviteStatus
from shophub.schemas.people_lists import CustomerLine, InviteLine, UserLine
from shophub.schemas.tables import TableView
from shophub.services import invites, saved_views, stores
from shophub.services.views.people import customer_line, invite_line, user_line
from shophub.services.views.tables import Edge, Found, table_view

STATE_CHOICES = (("active", "Active"), ("off", "Deactivated"))
USERS = TableSpec(
    name="users",
    path="/admin/users",
    columns=(
        ColumnSpec("name", "Person", sort="text", is_fixed=True),
        ColumnSpec("role", "Role"),
        ColumnSpec("state", "Account"),
        ColumnSpec("seen", "Last sign-in"),
        ColumnSpec("joined", "Joined", sort="moment", descends_first=True),
        ColumnSpec("change", "Actions", is_fixed=True),
    ),
    default_sort="-joined",
    tabs=(
        TabSpec("", "All"),
        TabSpec(Role.SUPER_ADMIN.value, "Owners"),
        TabSpec(Role.ADMIN.value, "Admins"),
        TabSpec(Role.CUSTOMER.value, "Customers"),
    ),
    filters=(FilterSpec("state", "Account", STATE_CHOICES),),
    search="Name or e-mail",
)
CUSTOMERS = TableSpec(
    name="customers",
    path="/admin/customers",
    columns=(
        ColumnSpec("name", "Customer", sort="text", is_fixed=True),
        ColumnSpec("orders", "Orders", sort="number", descends_first=True, is_number=True),
        ColumnSpec("spent", "Spent", sort="number", descends_first=True, is_number=True),
        ColumnSpec("last", "Last order"),
        ColumnSpec("joined", "Joined", sort="moment", descends_first=True),
    ),
    default_sort="-joined",
    tabs=(TabSpec("", "All"), TabSpec("bought", "Bought"), TabSpec("none", "Not yet")),
    filters=(FilterSpec("state", "Account", STATE_CHOICES),),
    search="Name or e-mail",
    export_path="/api/admin/customers.csv",
)
# Beside the list; what is older stands in the audit log.
INVITES_SHOWN = 50


@dataclass(frozen=True)
class UserListPage:
    """A page of accounts with what is around it, and the invites that nobody has accepted yet."""

    lines: tuple[UserLine, ...]
    table: TableView
    invites: tuple[InviteLine, ...]


@dataclass(frozen=True)
class CustomerListPage:
    """A page of customers with what is around it."""

    lines: tuple[CustomerLine, ...]
    table: TableView


async def list_users(session: AsyncSession, query: TableQuery, viewer_id: UUID | None) -> UserListPage:
    """Return the accounts that a query asks for. Four statements, whatever is found."""
    counts = await people_lists.count_users(session, query)
    page = await people_lists.list_users(session, query)
    views = await saved_views.list_views(session, viewer_id, USERS)
    made = await invites.list_invites(session, PageRequest(1, INVITES_SHOWN))
    every, now = sum(counts.values()), utc_now()
    found = Found(
        counts={"": every, **counts},
        total=counts.get(query.tab, 0) if query.tab else every,
        shown=len(page.rows),
        first=_edge(page.rows, 0),
        last=_edge(page.rows, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
    )
    waiting = (one for one in made.items if one.status in (InviteStatus.OPEN, InviteStatus.EXPIRED))
    return UserListPage(
        tuple(user_line(row, viewer_id, now) for row in page.rows),
        table_view(USERS, query, found, views),
        tuple(invite_line(one) for one in waiting),
    )


async def list_customers(session: AsyncSession, query: TableQuery, viewer_id: UUID | None) -> CustomerListPage:
    """Return the customers that a query asks for. Four statements, whatever is found."""
    store = await stores.get_store(session)
    counts = await people_lists.count_customers(session, query)
    page = await people_lists.list_customers(session, query)
    views = await saved_views.list_views(session, viewer_id, CUSTOMERS)
    found = Found(
        counts=counts,
        total=counts[query.tab],
        shown=len(page.rows),
        first=_edge(page.rows, 0),
        last=_edge(page.rows, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
    )
    now = utc_now()
    return CustomerListPage(
        tuple(customer_line(row, store.currency, now) for row in page.rows), table_view(CUSTOMERS, query, found, views)
    )


def _edge(rows: Sequence[ListedUser] | Sequence[ListedCustomer], place: int) -> Edge | None:
    return (rows[place].edge, rows[place].id) if rows else None
