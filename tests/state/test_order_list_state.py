"""The staff's list of orders as a tab meets it: many marked shipped, a quick look, and what comes in meanwhile."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus, Role
from shophub.models.orders import Order
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.admin.order_peek import OrderPeekState
from shophub.state.admin.orders import MAX_SHIPPED, OrderListState
from shophub.state.admin.table import TableState
from tests.factories import make_order, make_user
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
SHIPPED = "SELECT status, count(*) FROM orders GROUP BY status ORDER BY status"


async def tab_of(open_tab: OpenTab, address: str = "/admin/orders", role: Role = Role.ADMIN) -> Tab:
    async with transaction() as session:
        user = await make_user(session, full_name="Ana Admin", role=role)
        tab = open_tab(f"shophub_session={await sessions.start(session, user.id)}")
    await load(tab, address)
    return tab


async def load(tab: Tab, address: str) -> None:
    tab.go(address)
    await run(OrderListState.load.fn(tab.state(OrderListState)))


async def make_orders(count: int, **more: object) -> list[Order]:
    async with transaction() as session:
        return [await make_order(session, **more) for _ in range(count)]  # type: ignore[arg-type]


async def test_selected_orders_are_marked_shipped_and_those_that_may_not_leave_are_named(open_tab: OpenTab) -> None:
    first, second = await make_orders(2)
    (gone,) = await make_orders(1, status=OrderStatus.CANCELLED)
    tab = await tab_of(open_tab)
    page, table = tab.state(OrderListState), tab.state(TableState)
    for order in (first, second, gone):
        await run(TableState.select.fn(table, str(order.id), True))

    asked = await run(OrderListState.ask_to_ship.fn(page))
    done = await run(OrderListState.ship.fn(page, {"carrier": "Parcelway"}))

    assert "ship-orders" in scripts(asked)
    assert (page.to_ship, page.asks_for_count, page.shipped, page.is_busy) == (3, False, 2, False)
    (refusal,) = page.refusals
    assert "cancelled" in refusal.lower()
    assert await rows(SHIPPED) == [("CANCELLED", 1), ("SHIPPED", 2)]
    assert await rows("SELECT DISTINCT carrier FROM shipments") == [("Parcelway",)]
    assert await rows("SELECT count(*) FROM audit_log WHERE action = 'order.ship'") == [(2,)]
    assert {row.status_text for row in page.rows} == {"On its way", "Cancelled"}
    assert table.selected_count == 0
    assert "2 orders marked shipped." in scripts(done[-1])


async def test_many_are_shipped_only_when_their_number_was_typed(open_tab: OpenTab) -> None:
    await make_orders(52)
    tab = await tab_of(open_tab, "/admin/orders?tab=PROCESSING")
    page = tab.state(OrderListState)
    await run(TableState.select_all.fn(tab.state(TableState)))
    await run(OrderListState.ask_to_ship.fn(page))

    await run(OrderListState.ship.fn(page, {"carrier": "", "ship_count": "25"}))
    refused, untouched = page.ship_error, await rows(SHIPPED)
    await run(OrderListState.ship.fn(page, {"carrier": "", "ship_count": "52"}))

    assert (refused, untouched) == ("Type 52 to go on.", [("PROCESSING", 52)])
    assert await rows(SHIPPED) == [("SHIPPED", 52)]
    assert page.rows == []


async def test_orders_that_came_meanwhile_are_not_shipped_with_the_others(open_tab: OpenTab) -> None:
    await make_orders(2)
    tab = await tab_of(open_tab, "/admin/orders?tab=PROCESSING")
    page = tab.state(OrderListState)
    await run(TableState.select_all.fn(tab.state(TableState)))
    await run(OrderListState.ask_to_ship.fn(page))
    await make_orders(1)

    await run(OrderListState.ship.fn(page, {"carrier": ""}))

    assert page.ship_error == "The list has 3 orders by now, not 2. Close this and look again."
    assert await rows(SHIPPED) == [("PROCESSING", 3)]


async def test_more_than_can_be_shipped_at_once_are_not_asked_about(open_tab: OpenTab) -> None:
    await make_orders(MAX_SHIPPED + 1)
    tab = await tab_of(open_tab)
    await run(TableState.select_all.fn(tab.state(TableState)))

    events = await run(OrderListState.ask_to_ship.fn(tab.state(OrderListState)))

    assert "ship-orders" not in scripts(events)
    assert str(MAX_SHIPPED) in scripts(events)


async def test_new_orders_are_counted_and_shown_when_asked_for(open_tab: OpenTab) -> None:
    (old,) = await make_orders(1)
    tab = await tab_of(open_tab, "/admin/orders?tab=PROCESSING")
    page = tab.state(OrderListState)
    new = [*await make_orders(2), *await make_orders(1, status=OrderStatus.CANCELLED)]

    for order in new:
        notice = Notice("order", str(order.id))
        assert page.router.session.client_token in live.watchers.of(notice)
        await page._refresh(notice)
    waiting, shown = page.news, [row.id for row in page.rows]
    await run(OrderListState.show_news.fn(page))

    assert (waiting, shown) == ("2 new orders", [str(old.id)])
    assert (page.news, len(page.rows)) == ("", 3)


async def test_order_of_the_page_changes_where_it_stands(open_tab: OpenTab) -> None:
    orders = await make_orders(3)
    page = (await tab_of(open_tab)).state(OrderListState)
    before = [row.id for row in page.rows]
    async with transaction() as session:
        await session.execute(text("UPDATE orders SET status = 'SHIPPED' WHERE id = :id"), {"id": orders[1].id})

    await page._refresh(Notice("order", str(orders[1].id)))

    assert [row.id for row in page.rows] == before
    assert [row.status_text for row in page.rows] == ["Being prepared", "On its way", "Being prepared"]
    assert page.news == ""


async def test_what_comes_in_is_told_to_nobody_whose_right_has_ended(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab)).state(OrderListState)
    (new,) = await make_orders(1)
    async with transaction() as session:
        await session.execute(text("UPDATE users SET role = 'CUSTOMER'"))

    await page._refresh(Notice("order", str(new.id)))

    assert (page.news, page.rows) == ("", [])


@pytest.mark.parametrize(("place", "above", "below"), [(0, None, 1), (1, 0, 2), (2, 1, None)])
async def test_quick_look_shows_the_order_and_knows_its_neighbours(
    open_tab: OpenTab, place: int, above: int | None, below: int | None
) -> None:
    await make_orders(3)
    tab = await tab_of(open_tab)
    listed = [row.number for row in tab.state(OrderListState).rows]
    peek = tab.state(OrderPeekState)

    events = await run(OrderPeekState.look.fn(peek, listed[place]))

    assert "order-peek" in scripts(events)
    assert (peek.view.order.number, peek.view.url) == (listed[place], f"/admin/orders/{listed[place]}")
    assert peek.view.previous == ("" if above is None else listed[above])
    assert peek.view.following == ("" if below is None else listed[below])


async def test_quick_look_is_for_the_staff(open_tab: OpenTab) -> None:
    (order,) = await make_orders(1)
    tab = await tab_of(open_tab, role=Role.CUSTOMER)
    peek = tab.state(OrderPeekState)

    await run(OrderPeekState.look.fn(peek, f"SH-{order.number}"))

    assert (peek.view.order.number, tab.state(OrderListState).rows) == ("", [])
