"""``kill -9`` at the worst moment: the payment is confirmed, the shop does not know it yet."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.databases import TestServer
from tests.e2e.conftest import DESKTOP, listen
from tests.e2e.records import Records, Shelf
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import GOOD_CARD, Shopper

pytestmark = pytest.mark.browser
SLUG = "plain-thing-1"


@pytest.fixture(scope="module")
def mortal_shop(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopServer]:
    """A shop that may be killed: nobody else uses it."""
    with database_server.clone() as url:
        server = ShopServer(url, Path(tmp_path_factory.mktemp("mortal-shop")))
        try:
            server.start()
            server.run("tests.e2e.catalogue")
            yield server
        finally:
            server.stop()


@pytest.fixture
def mortal_records(mortal_shop: ShopServer) -> Iterator[Records]:
    """Its records, which add up after the test."""
    records = Records(mortal_shop)
    yield records
    records.check_books()
    records.close()


@pytest_asyncio.fixture
async def guest(
    chromium: Browser, mortal_shop: ShopServer, complaints: list[str], request: pytest.FixtureRequest
) -> AsyncIterator[Shopper]:
    """A guest in that shop who has filled in everything but the card."""
    context = await chromium.new_context(base_url=mortal_shop.url, viewport=DESKTOP)
    context.set_default_timeout(10_000)
    shopper = Shopper(listen(await context.new_page(), complaints), f"Kim {request.node.name}")
    await shopper.begin(SLUG)
    await shopper.go_on_to_payment()
    yield shopper
    await context.close()
    # That the connection broke is all that a console may say.
    assert [said for said in complaints if "net::ERR_CONNECTION" not in said] == []


async def pay_and_kill(guest: Shopper, shop: ShopServer) -> None:
    """Pay, and kill the shop as soon as Stripe has confirmed."""
    async with guest.page.expect_response(lambda answer: answer.url.endswith("/confirm")) as confirmed:
        await guest.pay_with(GOOD_CARD)
    assert (await (await confirmed.value).json())["status"] == "succeeded"
    shop.kill()


async def test_order_is_made_once_when_webhook_comes_after_restart(
    guest: Shopper, mortal_shop: ShopServer, mortal_records: Records
) -> None:
    before = mortal_records.shelf(SLUG)
    assert before.reserved == 1
    with mortal_records.webhooks_held():
        await pay_and_kill(guest, mortal_shop)
        assert mortal_records.orders(guest.email) == []
        mortal_shop.start()

    number = await guest.read_order_number()  # the page that was open all the time finds out by itself

    assert [order["number"] for order in mortal_records.orders(guest.email)] == [number]
    assert mortal_records.shelf(SLUG) == Shelf(before.stock - 1, reserved=0)


async def test_order_is_made_once_by_the_worker_when_webhook_never_comes(
    guest: Shopper, mortal_shop: ShopServer, mortal_records: Records
) -> None:
    before = mortal_records.shelf(SLUG)
    with mortal_records.webhooks_lost():
        await pay_and_kill(guest, mortal_shop)
        await guest.page.close()  # nobody is looking
        mortal_shop.start()
    assert mortal_records.orders(guest.email) == []

    # The worker leaves a checkout in peace for a while after it changed.
    mortal_records.rows("UPDATE checkouts SET updated_at = now() - interval '1 minute'")
    mortal_shop.run("tests.e2e.clockwork")

    (order,) = mortal_records.orders(guest.email)
    assert (order["status"], order["payment_status"]) == ("PROCESSING", "PAID")
    assert mortal_records.shelf(SLUG) == Shelf(before.stock - 1, reserved=0)

    # Stripe finds its tongue after all.
    (intent,) = mortal_records.intents(guest.email)
    mortal_records.resend("payment_intent.succeeded", intent.id)
    assert mortal_records.orders(guest.email) == [order]
    assert mortal_records.shelf(SLUG) == Shelf(before.stock - 1, reserved=0)
