"""The invoice's address: a file for who may see the order, nothing for anybody else."""

from io import BytesIO

import httpx
from pypdf import PdfReader

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.models.accounts import User
from shophub.services import guest_orders
from shophub.services.passwords import hash_password
from shophub.settings import get_settings
from tests.factories import make_order, make_user

PASSWORD = "blue kettle sings"


async def sign_in(api: httpx.AsyncClient, user: User) -> None:
    answer = await api.post("/auth/login", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 303
    assert "shophub_session" in api.cookies


def assert_is_invoice(answer: httpx.Response, number: int) -> None:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="invoice-SH-{number}.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert f"Invoice SH-{number}" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


async def test_owner_and_staff_get_the_invoice_and_nobody_else(api: httpx.AsyncClient) -> None:
    """Known failure 31: another customer's order opens by its number."""
    hashed = await hash_password(PASSWORD)
    async with transaction() as session:
        owner, other = [await make_user(session, password_hash=hashed) for _ in range(2)]
        staff = await make_user(session, password_hash=hashed, role=Role.ADMIN)
        order = await make_order(session, user=owner)
    address = f"/orders/SH-{order.number}/invoice.pdf"

    refused = [await api.get(address)]
    await sign_in(api, other)
    refused.append(await api.get(address))
    for user in (owner, staff):
        api.cookies.clear()
        await sign_in(api, user)
        assert_is_invoice(await api.get(address), order.number)
    refused += [await api.get("/orders/SH-1/invoice.pdf"), await api.get("/orders/..%22x/invoice.pdf")]

    assert {answer.status_code for answer in refused} == {404}
    assert len({answer.content for answer in refused}) == 1
    assert {answer.headers["cache-control"] for answer in refused} == {"no-store"}


async def test_guest_gets_the_invoice_with_the_orders_own_cookie(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        order, other = await make_order(session), await make_order(session)
    link = guest_orders.link(order.number, order.placed_at).removeprefix(get_settings().public_url)

    assert (await api.get(f"/orders/SH-{order.number}/invoice.pdf")).status_code == 404
    await api.get(link)

    assert_is_invoice(await api.get(f"/orders/sh-{order.number}/invoice.pdf"), order.number)
    assert (await api.get(f"/orders/SH-{other.number}/invoice.pdf")).status_code == 404
