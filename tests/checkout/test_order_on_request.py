"""The route that makes a paid checkout's order at once. It exists in development only."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from shophub.api.app import create_api
from shophub.api.cookies import session_cookie
from shophub.db import transaction
from shophub.schemas.accounts import Visitor
from shophub.services import sessions
from shophub.settings import get_settings
from tests.checkout.conftest import Shop
from tests.plain_http import NO_TLS
from tests.sandbox.conftest import SECRET_KEY

PATH = "/api/test-create-order"
PRODUCTION = {
    "SHOPHUB_ENV": "production",
    "AUTH_SECRET": "a-secret-of-more-than-thirty-two-characters",
    "PUBLIC_URL": "https://shop.test",
    "STRIPE_SECRET_KEY": "sk_live_of_nobody",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_of_nobody",
    "STRIPE_WEBHOOK_SECRET": "whsec_of_nobody",
    "CLOUDINARY_CLOUD_NAME": "nobody",
    "CLOUDINARY_API_KEY": "1",
    "CLOUDINARY_API_SECRET": "of-nobody",
    "RESEND_API_KEY": "re_of_nobody",
}


@pytest_asyncio.fixture
async def api(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """Programs that say nothing of where they come from."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url="http://shop.test") as client:
        yield client


async def cookie_of(visitor: Visitor) -> str:
    """Return the cookie that a visitor's browser sends."""
    if visitor.user is None:
        return f"shophub_guest={visitor.guest_token}"
    async with transaction() as session:
        return session_cookie(await sessions.start(session, visitor.user.id)).partition(";")[0]


async def ask(api: httpx.AsyncClient, visitor: Visitor, checkout_id: object) -> httpx.Response:
    """Ask for the order of a checkout, as a page of the shop would."""
    headers = {"Cookie": await cookie_of(visitor), "Sec-Fetch-Site": "same-origin"}
    return await api.post(PATH, json={"checkoutId": str(checkout_id)}, headers=headers)


async def orders(shop: Shop) -> list[tuple[object, ...]]:
    """Return the orders that there are."""
    return await shop.rows("SELECT number FROM orders")


async def test_paid_checkout_becomes_its_order_once(shop: Shop, api: httpx.AsyncClient):
    visitor = await shop.customer((shop.mug, 2))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)

    first, again = await ask(api, visitor, payment.checkout_id), await ask(api, visitor, payment.checkout_id)

    assert first.status_code == 201
    assert first.json() == again.json() == {"orderNumber": f"SH-{(await orders(shop))[0][0]}"}
    assert len(await orders(shop)) == 1


@pytest.mark.parametrize("method", ["", "pm_card_visa_chargeDeclined", "pm_usBankAccount_processing"])
async def test_what_is_not_paid_is_no_order(shop: Shop, api: httpx.AsyncClient, method: str):
    visitor = await shop.guest("ada-lovelace", (shop.mug, 1))
    payment = await shop.pay_start(visitor)
    if method:
        intent = payment.client_secret.split("_secret_")[0]
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as browser:
            await browser.post(
                f"{get_settings().stripe_api_base}/v1/payment_intents/{intent}/confirm",
                data={"payment_method": method, "return_url": "http://localhost/done"},
                auth=(SECRET_KEY, ""),
            )

    answer = await ask(api, visitor, payment.checkout_id)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_paid")
    assert await orders(shop) == []


async def test_somebody_elses_checkout_is_unknown_though_it_is_paid(shop: Shop, api: httpx.AsyncClient):
    payment = await shop.pay_start(await shop.customer((shop.mug, 1)))
    shop.confirm(payment)

    for visitor in (await shop.customer(), await shop.guest("eve-dropper")):
        for checkout_id in (payment.checkout_id, uuid4()):
            answer = await ask(api, visitor, checkout_id)
            assert (answer.status_code, answer.json()["code"]) == (404, "checkout_not_found")
    assert (await api.post(PATH, json={"checkoutId": payment.checkout_id})).status_code == 404
    assert await orders(shop) == []


async def test_other_sites_and_odd_bodies_are_refused(shop: Shop, api: httpx.AsyncClient):
    visitor = await shop.customer((shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    cookie = {"Cookie": await cookie_of(visitor)}

    other = await api.post(
        PATH, json={"checkoutId": payment.checkout_id}, headers=cookie | {"Origin": "https://evil.example"}
    )
    assert other.status_code == 403
    for body in ({}, {"checkoutId": "nope"}, {"checkoutId": payment.checkout_id, "amount": 0, "status": "paid"}):
        assert (await api.post(PATH, json=body)).status_code == 400
    assert await orders(shop) == []


async def test_known_failure_32_the_route_that_makes_orders_is_not_in_production(
    shop: Shop, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    """Known failure 32: a development route that makes paid orders is live in production."""
    visitor = await shop.customer((shop.mug, 1))
    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()

    transport = httpx.ASGITransport(create_api())
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.test") as production:
        found = await ask(production, visitor, payment.checkout_id)
        unknown = await production.post("/api/no-such-route", json={})
        listed = (await production.get("/api/openapi.json")).json()["paths"]

    assert (found.status_code, found.json()) == (404, unknown.json())
    assert PATH not in listed
    assert await orders(shop) == []
