"""The checkout page of somebody with an address book, and how long their goods stay set aside."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.errors import CheckoutExpiredError, CheckoutNotFoundError
from shophub.lib.ids import new_token
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import checkouts, sessions
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.settings import get_settings
from shophub.state.store.checkout import CheckoutState
from tests.checkout.conftest import Shop
from tests.factories import make_address, make_user
from tests.rows import rows
from tests.state.conftest import Tab, open_tab, run, scripts  # noqa: F401 - a fixture

FIELDS = {
    "full_name": "Ada Elsewhere",
    "address": "9 Mission Street",
    "city": "San Francisco",
    "zip_code": "94105",
    "country": "US",
}


class Buyer:
    """Somebody with an account, a lamp in the cart and two addresses."""

    def __init__(self, user_id: UUID, tab: Tab, home: str, office: str) -> None:
        self.user_id, self.tab, self.home, self.office = user_id, tab, home, office
        self.page = tab.state(CheckoutState)

    async def open(self) -> CheckoutState:
        """Open the page."""
        self.tab.go("/checkout")
        await run(CheckoutState.load.fn(self.page))
        return self.page

    async def send(self, **form: str) -> str:
        """Send the form; return what the page is told to do."""
        return scripts(await run(CheckoutState.submit_delivery.fn(self.page, form)))


@pytest_asyncio.fixture
async def buyer(shop: Shop, open_tab: Callable[..., Tab]) -> Buyer:  # noqa: F811
    async with transaction() as session:
        user = await make_user(session, full_name="Ada Shopper")
        home = await make_address(session, user, is_default=True)
        office = await make_address(session, user)
        office.label, office.address = "Office", "2 Desk Street"
        session.add(office)
        token = await sessions.start(session, user.id)
    tab = open_tab(f"{sessions.SESSION_COOKIE}={token}")
    await add_to_cart(CartOwner(user_id=user.id), shop.lamp, 1)
    return Buyer(user.id, tab, str(home.id), str(office.id))


async def sent_to() -> list[str]:
    """Return where each revision goes."""
    found = await rows("SELECT shipping_address ->> 'address' FROM checkout_revisions ORDER BY number")
    return [str(street) for (street,) in found]


async def test_default_address_is_picked_and_another_of_the_book_can_be(buyer: Buyer) -> None:
    page = await buyer.open()
    assert [entry.title for entry in page.view.saved_addresses] == ["Home", "Office"]
    assert (page.saved, page.view.address.full_name, page.view.address.address) == (buyer.home, "Ada Shopper", "")

    await buyer.send(saved=buyer.office, full_name="", address="", city="", zip_code="", country="US")

    assert (page.is_paying, page.saved, page.address.address) == (True, buyer.office, "2 Desk Street")
    assert await sent_to() == ["2 Desk Street"]


async def test_new_address_is_kept_only_where_that_is_asked_for(buyer: Buyer) -> None:
    page = await buyer.open()

    await buyer.send(saved="new", **FIELDS)
    assert (page.is_paying, page.saved) == (True, "new")
    assert await rows("SELECT count(*) FROM addresses") == [(2,)]
    await buyer.send(saved="new", keep_address="on", **FIELDS)
    await buyer.send(saved="new", keep_address="on", **FIELDS)

    assert await rows("SELECT address, is_default FROM addresses ORDER BY created_at DESC LIMIT 1") == [
        ("9 Mission Street", False)
    ]
    assert await rows("SELECT count(*) FROM addresses") == [(3,)]
    assert page.saved in {entry.id for entry in page.view.saved_addresses}
    assert await sent_to() == ["9 Mission Street"]


async def test_saved_address_that_cannot_be_delivered_to_opens_as_fields_with_the_reason(buyer: Buyer) -> None:
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET ship_to_countries = '{DE}'"))
    page = await buyer.open()

    done = await buyer.send(saved=buyer.home)

    assert (page.is_paying, page.saved, page.address.address) == (False, "new", "1 Market Street")
    assert page.errors.country == "We do not ship to United States."
    assert '"country"' in done


async def test_addresses_of_others_cannot_be_picked(buyer: Buyer, shop: Shop) -> None:
    async with transaction() as session:
        theirs = await make_address(session, await make_user(session))
    page = await buyer.open()

    await buyer.send(saved=str(theirs.id), full_name="", address="", city="", zip_code="", country="US")

    assert (page.is_paying, page.saved) == (False, "new")
    assert await sent_to() == []


async def test_without_a_book_the_form_begins_with_the_name_and_keeps_the_note(buyer: Buyer, shop: Shop) -> None:
    async with transaction() as session:
        await session.execute(text("DELETE FROM addresses"))
    page = await buyer.open()
    assert (page.saved, page.address.full_name, page.address.address) == ("", "Ada Shopper", "")
    await buyer.send(note="Ring twice", **FIELDS)
    assert (page.note, page.address.address) == ("Ring twice", "9 Mission Street")


async def test_hold_is_renewed_for_who_is_still_there_up_to_the_longest_time(buyer: Buyer) -> None:
    page = await buyer.open()
    await buyer.send(saved=buyer.home)
    lifetime = int(get_settings().checkout_lifetime.total_seconds())
    assert lifetime - 60 < page.payment.held_seconds <= lifetime
    checkout_id = UUID(page.payment.checkout_id)

    await age(checkout_id, timedelta(minutes=25))
    await run(CheckoutState.renew_hold.fn(page))
    assert lifetime - 60 < page.payment.held_seconds <= lifetime
    before = page.payment.expires_at_iso
    await age(checkout_id, timedelta(minutes=20))
    await run(CheckoutState.renew_hold.fn(page))

    assert page.payment.expires_at_iso != before
    assert 14 * 60 < page.payment.held_seconds <= 15 * 60  # an hour in all, of which 45 minutes are over
    assert await rows("SELECT count(*) FROM reservations r JOIN checkouts c ON c.id = r.checkout_id "
                      "WHERE r.state = 'held' AND r.expires_at = c.expires_at") == [(1,)]  # fmt: skip


async def test_hold_that_is_over_is_not_revived_and_nobody_elses_is_renewed(buyer: Buyer) -> None:
    page = await buyer.open()
    await buyer.send(saved=buyer.home)
    checkout_id = UUID(page.payment.checkout_id)
    with pytest.raises(CheckoutNotFoundError):
        async with transaction() as session:
            await checkouts.renew(session, Visitor(guest_token=new_token()), checkout_id)
    await age(checkout_id, timedelta(minutes=31))
    before = await rows("SELECT expires_at FROM checkouts")

    await run(CheckoutState.renew_hold.fn(page))
    with pytest.raises(CheckoutExpiredError):
        async with transaction() as session:
            await checkouts.renew(session, await page._visitor(session), checkout_id)

    assert await rows("SELECT expires_at FROM checkouts") == before


def connect_anew(buyer: Buyer) -> None:
    """Lose the connection and find another one."""
    buyer.tab.root.rx_router_session = replace(buyer.tab.root.rx_router_session, session_id=new_token())


async def test_payment_goes_on_where_only_the_connection_was_lost(buyer: Buyer, shop: Shop) -> None:
    """A phone loses its connection in the bank's app; a page that began anew would take the bank's answer away."""
    connect_anew(buyer)
    page = await buyer.open()
    await buyer.send(saved=buyer.home)
    await run(CheckoutState.payment_shown.fn(page))
    await run(CheckoutState.press_pay.fn(page))
    shown, press = page.payment.client_secret, page._press
    assert (page.go, bool(press)) == (1, True)

    connect_anew(buyer)
    assert await run(CheckoutState.load.fn(page)) == []
    assert (page.is_paying, page.payment.client_secret, page._press) == (True, shown, press)
    assert await rows("SELECT confirming_until IS NULL FROM checkouts") == [(False,)]
    await run(CheckoutState.renew_hold.fn(page))
    assert page.is_paying

    await asyncio.to_thread(shop.confirm, page.payment)
    await reconcile_checkout(UUID(page.payment.checkout_id))
    connect_anew(buyer)
    assert f"/checkout/success?checkout={page.payment.checkout_id}" in scripts(await run(CheckoutState.load.fn(page)))


async def test_page_begins_before_the_payment_for_who_comes_back_or_has_another_cart(buyer: Buyer, shop: Shop) -> None:
    connect_anew(buyer)
    page = await buyer.open()
    await buyer.send(saved=buyer.home)
    await buyer.open()
    assert (page.is_paying, page.saved) == (False, buyer.home)

    await buyer.send(saved=buyer.home)
    await run(CheckoutState.payment_shown.fn(page))
    await run(CheckoutState.press_pay.fn(page))
    connect_anew(buyer)
    await buyer.open()
    await run(CheckoutState.payment_shown.fn(page))  # the browser has loaded the page anew
    assert (page.is_paying, page._press) == (False, "")
    assert await rows("SELECT confirming_until IS NULL FROM checkouts") == [(True,)]

    await buyer.send(saved=buyer.home)
    assert page.is_paying
    await add_to_cart(CartOwner(user_id=buyer.user_id), shop.mug, 1)
    connect_anew(buyer)
    await buyer.open()
    assert not page.is_paying


async def age(checkout_id: UUID, by: timedelta) -> None:
    """Have a checkout begin, and end, that much earlier."""
    async with transaction() as session:
        await session.execute(
            text("UPDATE checkouts SET opened_at = opened_at - :by, expires_at = expires_at - :by WHERE id = :id"),
            {"by": by, "id": checkout_id},
        )
        await session.execute(text("UPDATE reservations SET expires_at = expires_at - :by"), {"by": by})
