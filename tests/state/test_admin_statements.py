"""What entering a page of the back office costs the database: few statements, and none of them twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from shophub.db import get_database, transaction
from shophub.domain.statuses import Role
from shophub.pages.routes import PAGES
from shophub.services import sessions
from shophub.state.admin_shell import AdminShellState
from tests.factories import make_order, make_product, make_user
from tests.state.conftest import Tab, run

OpenTab = Callable[..., Tab]
ENTERED = {page.route: page.loads for page in PAGES if AdminShellState.load in page.loads}
# Each handler asks for itself who is there and, of staff without a second factor, whether the store wants one.
ASKED_AGAIN = ("FROM sessions", "FROM store_settings")
# The order's page reads it as its customer sees it, and as the staff work with it.
ORDER = "/admin/orders/[number]"
MOST, MOST_OF_AN_ORDER = 14, 30


@contextmanager
def counted() -> Iterator[list[tuple[str, str]]]:
    """Give a list that fills with every statement of this process and what it was given."""
    statements: list[tuple[str, str]] = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        statements.append((" ".join(statement.split()), str(given)))

    engine = get_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_entering_a_page_asks_little_and_nothing_twice(open_tab: OpenTab) -> None:
    async with transaction() as session:
        owner = await make_user(session, role=Role.SUPER_ADMIN)
        product, order = await make_product(session), await make_order(session, user=owner)
        token = await sessions.start(session, owner.id)
    known = {"number": f"SH-{order.number}", "product_id": str(product.id)}
    counts: dict[str, int] = {}
    again: dict[str, set[str]] = {}

    for route, loads in ENTERED.items():
        tab = open_tab(f"shophub_session={token}")
        tab.go(re.sub(r"\[(\w+)\]", lambda found: known.get(found[1], str(owner.id)), route))
        with counted() as statements:
            for load in loads:
                await run(load.fn(tab.state(load.state)))
        counts[route] = len(statements)
        times = Counter(statements)
        again[route] = {one[0] for one in times if times[one] > 1 and not any(part in one[0] for part in ASKED_AGAIN)}

    assert {route: found for route, found in again.items() if found and route != ORDER} == {}
    assert {route: count for route, count in counts.items() if not 3 <= count <= MOST and route != ORDER} == {}
    assert counts[ORDER] <= MOST_OF_AN_ORDER
