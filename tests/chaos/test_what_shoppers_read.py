"""What the pages say when database or Stripe fail under a handler: a sentence in its place, and a form that goes on."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from shophub.api.errors import answer_of
from shophub.db import OUT_OF_REACH
from shophub.errors import ShopHubError, UnavailableError
from shophub.state.failures import SENTENCE, show_failure
from shophub.state.store.cart import CartState
from shophub.state.store.checkout import CheckoutState
from shophub.state.store.product import ProductState
from tests.chaos.wire import Wire
from tests.checkout.conftest import Shop
from tests.sandbox.conftest import Controls
from tests.state.conftest import Tab, open_tab, run, scripts  # noqa: F401 - a fixture

FORM = {
    "email": "ada@example.com",
    "full_name": "Ada Shopper",
    "address": "1 Market Street",
    "city": "San Francisco",
    "zip_code": "94105",
    "country": "US",
}
STRIPE_SENTENCE = "The payment service cannot be reached right now. Please try again in a moment."


@pytest_asyncio.fixture
async def tab(wire: Wire, shop: Shop, impatience: None, open_tab: Callable[..., Tab]) -> Tab:  # noqa: F811
    """A guest's tab on the checkout page, with a lamp in the cart."""
    await shop.rows("UPDATE products SET slug = 'lamp' WHERE name = 'Lamp' RETURNING 1")
    tab = open_tab()
    tab.go("/products/lamp")
    product = tab.state(ProductState)
    await run(ProductState.load.fn(product))
    await run(ProductState.add_to_cart.fn(product))
    tab.go("/checkout")
    await run(CheckoutState.load.fn(tab.state(CheckoutState)))
    return tab


async def _read(handler: Any) -> str:
    """Run a handler as the app does, and return what it tells the page to do, the toast of a failure included."""
    try:
        return scripts(await run(handler))
    except ShopHubError as error:
        return scripts([show_failure(error)])


async def test_start_of_payment_says_in_the_form_that_stripe_is_away(tab: Tab, controls: Controls) -> None:
    state = tab.state(CheckoutState)
    controls.post("/faults", count=1, status=500, path_contains="/payment_intents").raise_for_status()

    await run(CheckoutState.submit_delivery.fn(state, FORM))

    assert (state.message, state.is_starting, state.is_paying) == (STRIPE_SENTENCE, False, False)
    assert state.address.address == FORM["address"]  # nothing has to be typed again
    await run(CheckoutState.submit_delivery.fn(state, FORM))
    assert (state.message, state.is_paying) == ("", True)


@pytest.mark.parametrize("at", [1, 7, 20])
async def test_start_of_payment_says_that_the_database_is_away(at: int, tab: Tab, wire: Wire) -> None:
    state = tab.state(CheckoutState)

    wire.arm(at)
    told = await _read(CheckoutState.submit_delivery.fn(state, FORM))
    assert wire.disarm() is not None

    assert OUT_OF_REACH in f"{state.message} {told}"
    assert (state.is_starting, state.is_paying) == (False, False)
    await run(CheckoutState.submit_delivery.fn(state, FORM))
    assert (state.message, state.is_paying) == ("", True)


async def test_pressing_pay_says_beside_the_button_what_is_away(tab: Tab, wire: Wire, controls: Controls) -> None:
    state = tab.state(CheckoutState)
    await run(CheckoutState.submit_delivery.fn(state, FORM))

    controls.post("/faults", count=1, status=429, path_contains="/payment_intents").raise_for_status()
    await run(CheckoutState.press_pay.fn(state))
    assert (state.payment_error, state.refused, state.go) == (STRIPE_SENTENCE, 1, 0)

    wire.arm(4)
    await run(CheckoutState.press_pay.fn(state))
    assert wire.disarm() is not None
    assert (state.payment_error, state.refused, state.go) == (OUT_OF_REACH, 2, 0)

    await run(CheckoutState.press_pay.fn(state))
    assert (state.payment_error, state.go) == ("", 1)


async def test_cart_and_product_say_that_the_database_is_away_and_go_on(tab: Tab, wire: Wire) -> None:
    product, cart = tab.state(ProductState), tab.state(CartState)
    line = cart.cart.lines[0].id
    actions: list[Callable[[], Awaitable[Any]]] = [
        lambda: ProductState.add_to_cart.fn(product),
        lambda: CartState.set_quantity.fn(cart, line, 2),
        lambda: CartState.remove.fn(cart, line),
    ]
    for act in actions:
        wire.arm(2)
        told = await _read(act())
        assert wire.disarm() is not None
        assert OUT_OF_REACH in f"{told} {product.add_error}"
    assert not product.is_adding

    await run(CartState.set_quantity.fn(cart, line, 2))
    assert cart.cart.count == 2


def test_a_failure_that_nobody_foresaw_is_a_sentence_without_its_text() -> None:
    foreseen, unforeseen = UnavailableError(OUT_OF_REACH), KeyError("secret of the shop")

    assert OUT_OF_REACH in scripts([show_failure(foreseen)])
    assert SENTENCE in scripts([show_failure(unforeseen)])
    assert "secret" not in scripts([show_failure(unforeseen)])
    assert answer_of(foreseen).status_code == 503
