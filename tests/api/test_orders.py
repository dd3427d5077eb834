"""The signed link of an order's e-mail."""

import httpx

from shophub.db import transaction
from shophub.schemas.accounts import Visitor
from shophub.services import guest_orders, orders
from shophub.settings import get_settings
from tests.factories import make_order


async def test_link_sets_a_cookie_for_that_order_and_goes_on_to_a_clean_address(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        order = await make_order(session)
    link = guest_orders.link(order.number, order.placed_at).removeprefix(get_settings().public_url)

    answer = await api.get(link)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/orders/SH-{order.number}")
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == f"shophub_order_SH-{order.number}"
    attributes = rest.split("; ")
    assert attributes[1] == "Path=/"
    assert 90 * 86_400 - 60 < int(attributes[2].removeprefix("Max-Age=")) <= 90 * 86_400
    assert attributes[3:] == ["HttpOnly", "SameSite=Lax"]
    async with transaction() as session:
        cookies = f"{name}={attributes[0]}"
        assert (
            await orders.get_order(session, f"SH-{order.number}", Visitor(), cookies)
        ).number == f"SH-{order.number}"


async def test_wrong_link_sets_nothing(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        order, other = await make_order(session), await make_order(session)
    token = guest_orders.link(other.number, other.placed_at).partition("token=")[2]

    for query in ({}, {"token": "x"}, {"token": token}):
        answer = await api.get(f"/orders/SH-{order.number}/open", params=query)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/orders/SH-{order.number}")
        assert "set-cookie" not in answer.headers
    assert (await api.get("/orders/evil.example/open")).headers["location"] == "/orders"
