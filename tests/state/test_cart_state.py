"""The cart's handlers."""

from collections.abc import Callable

import pytest

from shophub.db import transaction
from shophub.state.store.cart import CartState
from shophub.state.store.product import ProductState
from tests.factories.catalog import make_product, variants_of
from tests.state.conftest import Tab, run, scripts


async def product_with_stock(stock: int) -> tuple[str, str]:
    """Make a product; return its slug and its variant's id."""
    async with transaction() as session:
        product = await make_product(session, name="Lamp", slug="lamp", stock=stock, price_minor=2_000)
        return product.slug, str((await variants_of(session, product))[0].id)


async def tab_with_lamp(open_tab: Callable[..., Tab], *, stock: int = 5, quantity: int = 1) -> Tab:
    """Open a tab that has put the lamp into its cart."""
    slug, _ = await product_with_stock(stock)
    tab = open_tab()
    tab.go(f"/products/{slug}")
    product = tab.state(ProductState)
    await run(ProductState.load.fn(product))
    await run(ProductState.set_quantity.fn(product, quantity))
    await run(ProductState.add_to_cart.fn(product))
    return tab


async def test_adding_fills_the_cart_and_opens_the_drawer(open_tab: Callable[..., Tab]) -> None:
    slug, _ = await product_with_stock(5)
    tab = open_tab()
    tab.go(f"/products/{slug}")
    product = tab.state(ProductState)
    await run(ProductState.load.fn(product))
    await run(ProductState.set_quantity.fn(product, 2))

    events = await run(ProductState.add_to_cart.fn(product))

    cart = tab.state(CartState).cart
    assert [(line.name, line.quantity, line.total_minor) for line in cart.lines] == [("Lamp", 2, 4_000)]
    assert "cart-drawer" in scripts(events)
    assert (product.quantity, product.is_adding, product.add_error) == (1, False, "")


async def test_adding_more_than_there_is_keeps_the_quantity_and_says_why(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab, stock=3, quantity=3)
    product = tab.state(ProductState)

    await run(ProductState.set_quantity.fn(product, 2))
    events = await run(ProductState.add_to_cart.fn(product))

    assert product.quantity == 2
    assert product.add_error
    assert "cart-drawer" not in scripts(events)
    assert tab.state(CartState).cart.count == 3


async def test_refused_quantity_shows_the_cart_as_it_is(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab, stock=3)
    cart = tab.state(CartState)
    before = cart.epoch

    events = await run(CartState.set_quantity.fn(cart, cart.cart.lines[0].id, 4))

    assert cart.cart.lines[0].quantity == 1
    assert cart.epoch > before
    assert "error" in scripts(events)


async def test_removed_line_can_be_put_back_as_it_was(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab, quantity=3)
    cart = tab.state(CartState)
    line = cart.cart.lines[0]

    events = await run(CartState.remove.fn(cart, line.id))
    assert cart.cart.lines == ()
    assert "Lamp was removed." in scripts(events)
    await run(CartState.put_back.fn(cart, line.variant_id, line.quantity))

    assert [(one.variant_id, one.quantity) for one in cart.cart.lines] == [(line.variant_id, 3)]


async def test_line_goes_aside_and_comes_back(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab, quantity=2)
    cart = tab.state(CartState)

    await run(CartState.save_for_later.fn(cart, cart.cart.lines[0].id))
    assert (cart.cart.lines, len(cart.cart.saved), cart.cart.count) == ((), 1, 0)
    await run(CartState.move_to_cart.fn(cart, cart.cart.saved[0].id))

    assert (len(cart.cart.lines), cart.cart.saved, cart.cart.count) == (1, (), 2)


async def test_unknown_coupon_is_said_beside_the_field(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab)
    cart = tab.state(CartState)

    await run(CartState.apply_coupon.fn(cart, {"code": "NOSUCH"}))
    assert "do not know that code" in cart.coupon_error
    await run(CartState.apply_coupon.fn(cart, {}))

    assert cart.coupon_error == "Enter a code."
    assert cart.cart.coupon_code == ""


async def test_cart_of_somebody_else_cannot_be_touched(open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab)
    stranger = open_tab().state(CartState)

    events = await run(CartState.remove.fn(stranger, tab.state(CartState).cart.lines[0].id))

    assert "not in your cart" in scripts(events) or "no longer in your cart" in scripts(events)
    mine = tab.state(CartState)
    await run(CartState.load.fn(mine))
    assert mine.cart.count == 1


@pytest.mark.parametrize("quantity", [-5, 0, 10**9, True, None, "2", 1.5])
async def test_odd_quantities_change_nothing(quantity: object, open_tab: Callable[..., Tab]) -> None:
    tab = await tab_with_lamp(open_tab, quantity=2)
    cart = tab.state(CartState)

    events = await run(CartState.put_back.fn(cart, cart.cart.lines[0].variant_id, quantity))

    assert "error" in scripts(events)
    assert cart.cart.count == 2
