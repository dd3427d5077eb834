"""The order page's handlers: whose order it is, is asked at every call."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus, Role
from shophub.models.accounts import User
from shophub.services import sessions
from shophub.services.live import Notice
from shophub.state.admin.order_panel import StaffOrderState
from shophub.state.store.cart import CartState
from shophub.state.store.orders import OrdersState, OrderState
from tests.factories import make_order, make_user
from tests.factories.catalog import make_product, variants_of
from tests.state.conftest import Tab, run, scripts


async def account(role: Role = Role.CUSTOMER) -> tuple[User, str]:
    """Make an account; return it with the cookie of a session of it."""
    async with transaction() as session:
        user = await make_user(session, role=role)
        return user, f"{sessions.SESSION_COOKIE}={await sessions.start(session, user.id)}"


async def order_of(user: User | None, *, stock: int = 10) -> str:
    """Make an order of two lamps; return its number."""
    async with transaction() as session:
        product = await make_product(session, name="Lamp", slug="lamp", stock=stock)
        order = await make_order(
            session, user=user, variants=await variants_of(session, product), shipping_minor=0, name="Lamp"
        )
        return f"SH-{order.number}"


async def open_order(tab: Tab, number: str) -> OrderState:
    """Open the order's page in a tab."""
    tab.go(f"/orders/{number}")
    state = tab.state(OrderState)
    await run(OrderState.load.fn(state))
    return state


async def status_of(number: str) -> str:
    async with transaction() as session:
        statement = text("SELECT status FROM orders WHERE number = :number")
        return str((await session.execute(statement, {"number": int(number[3:])})).scalar_one())


async def test_customer_cancels_the_open_order_and_sees_it(open_tab: Callable[..., Tab]) -> None:
    user, cookie = await account()
    number = await order_of(user)
    state = await open_order(open_tab(cookie), number)
    assert state.view.can_cancel

    events = await run(OrderState.cancel.fn(state))

    assert await status_of(number) == OrderStatus.CANCELLED
    assert (state.view.status_label, state.view.can_cancel, state.problems) == ("Cancelled", False, [])
    assert not state.is_cancelling
    assert "order-title" in scripts(events)


async def test_order_that_was_shipped_meanwhile_is_not_cancelled_and_says_so(open_tab: Callable[..., Tab]) -> None:
    user, cookie = await account()
    number = await order_of(user)
    state = await open_order(open_tab(cookie), number)
    async with transaction() as session:
        await session.execute(text("UPDATE orders SET status = 'SHIPPED'"))

    await run(OrderState.cancel.fn(state))

    assert await status_of(number) == OrderStatus.SHIPPED
    assert "shipped" in state.problems[0]
    assert state.view.status_label == "On its way"


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_cancelling_a_foreign_order_by_hand_does_nothing(role: Role, open_tab: Callable[..., Tab]) -> None:
    """What a client makes its state hold opens no door, and a role opens none that is the customer's."""
    owner, _ = await account()
    number = await order_of(owner)
    _, cookie = await account(role)
    tab = open_tab(cookie)
    state = await open_order(tab, number)

    await run(OrderState.cancel.fn(state))
    assert await status_of(number) == OrderStatus.PROCESSING
    await run(OrderState.buy_again.fn(state))
    assert tab.state(CartState).cart.count == 0


async def test_session_that_ended_meanwhile_cancels_nothing(open_tab: Callable[..., Tab]) -> None:
    user, cookie = await account()
    number = await order_of(user)
    state = await open_order(open_tab(cookie), number)
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET revoked_at = now()"))

    await run(OrderState.cancel.fn(state))

    assert await status_of(number) == OrderStatus.PROCESSING
    assert state.view.number == ""  # nothing of it is left on the page


async def test_bought_again_opens_the_cart_or_says_why_not(open_tab: Callable[..., Tab]) -> None:
    user, cookie = await account()
    number = await order_of(user, stock=3)
    tab = open_tab(cookie)
    state = await open_order(tab, number)

    events = await run(OrderState.buy_again.fn(state))
    assert "cart-drawer" in scripts(events)
    assert (tab.state(CartState).cart.count, state.problems) == (2, [])

    await run(OrderState.buy_again.fn(state))
    assert state.problems == ["Lamp: only 1 of 2 could be added."]
    assert tab.state(CartState).cart.notices == ("Lamp: only 1 of 2 could be added.",)
    events = await run(OrderState.buy_again.fn(state))
    assert "cart-drawer" not in scripts(events)
    assert state.problems == ["Lamp: no more of it can be had right now."]


async def test_panel_is_the_staffs_only_as_long_as_they_are_staff(open_tab: Callable[..., Tab]) -> None:
    owner, owners_cookie = await account()
    number = await order_of(owner)
    boss, cookie = await account(Role.ADMIN)
    tab, customers = open_tab(cookie), open_tab(owners_cookie)
    state = await open_order(tab, number)
    await open_order(customers, number)
    assert tab.state(StaffOrderState).view.is_staff
    assert not customers.state(StaffOrderState).view.is_staff

    async with transaction() as session:
        await session.execute(text("UPDATE users SET role = 'CUSTOMER' WHERE id = :id"), {"id": boss.id})
    await state._refresh(Notice("order", state.view.id))

    assert not tab.state(StaffOrderState).view.is_staff
    assert state.view.number == ""


async def test_cart_follows_prices_and_keeps_what_was_said(open_tab: Callable[..., Tab]) -> None:
    user, cookie = await account()
    number = await order_of(user, stock=1)
    tab = open_tab(cookie)
    await run(OrderState.buy_again.fn(await open_order(tab, number)))
    cart = tab.state(CartState)
    said, epoch = cart.cart.notices, cart.epoch
    assert said == ("Lamp: only 1 of 2 could be added.",)
    async with transaction() as session:
        await session.execute(text("UPDATE variants SET price_minor = price_minor + 100"))

    await cart._refresh(Notice("variant", "00000000-0000-0000-0000-000000000000"))
    assert cart.cart.lines[0].notice == ""  # of another product: nothing is read
    await cart._refresh(Notice("variant", cart.cart.lines[0].variant_id))

    assert "Price changed from" in cart.cart.lines[0].notice
    assert (cart.cart.notices, cart.epoch) == (said, epoch)


async def test_order_of_the_list_is_bought_again_only_by_its_owner(open_tab: Callable[..., Tab]) -> None:
    owner, cookie = await account()
    number = await order_of(owner)
    tab = open_tab(cookie)
    tab.go("/orders")
    listed = tab.state(OrdersState)
    await run(OrdersState.load.fn(listed))
    assert [order.number for order in listed.view.items] == [number]

    events = await run(OrdersState.buy_again.fn(listed, number))

    assert (tab.state(CartState).cart.count, listed.buying) == (2, "")
    assert "cart-drawer" in scripts(events)
    _, other = await account()
    stranger = open_tab(other)
    refused = await run(OrdersState.buy_again.fn(stranger.state(OrdersState), number))
    assert "could not find that order" in scripts(refused)
    assert stranger.state(CartState).cart.count == 0
