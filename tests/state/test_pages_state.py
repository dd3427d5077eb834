"""What the pages' loaders make of an address."""

from collections.abc import Callable

import pytest

from shophub.db import transaction
from shophub.lib.ids import new_token
from shophub.services import form_memory
from shophub.state.store.listing import ListingState
from shophub.state.store.orders import OrdersState, OrderState
from shophub.state.store.product import ProductState
from shophub.state.store.sign_in import SignInState
from shophub.state.store.success import SuccessState
from tests.factories.catalog import make_category, make_product
from tests.state.conftest import Tab, run, scripts


async def test_listing_adds_pages_and_keeps_them_when_one_comes_back(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        category = await make_category(session, slug="things")
        for _ in range(30):
            await make_product(session, category=category)
    tab = open_tab()
    tab.go("/categories/things")
    listing = tab.state(ListingState)
    await run(ListingState.load.fn(listing))
    assert (len(listing.view.items), listing.view.next_url) == (24, "/categories/things?page=2")

    events = await run(ListingState.show_more.fn(listing))
    assert (len(listing.view.items), listing.view.next_url) == (30, "")
    assert "6 more products" in scripts(events)
    tab.go("/categories/things?page=2")
    await run(ListingState.load.fn(listing))
    assert len(listing.view.items) == 30

    tab.go("/categories/things?sort=newest")
    await run(ListingState.load.fn(listing))
    assert len(listing.view.items) == 24


@pytest.mark.parametrize("address", ["/categories/none", "/products?sort=odd", "/products?page=100000"])
async def test_listing_that_cannot_be_is_missing(address: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.go(address)
    listing = tab.state(ListingState)

    await run(ListingState.load.fn(listing))

    assert (listing.is_missing, listing.loaded) == (True, address.split("?")[0])


async def test_choosing_an_option_keeps_the_others_and_moves_the_address(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        await make_product(session, slug="lamp", options={"Colour": ["Oak", "Ink"], "Size": ["S", "M"]})
    tab = open_tab()
    tab.go("/products/lamp?Colour=Oak&Size=M")
    product = tab.state(ProductState)
    await run(ProductState.load.fn(product))
    first = product.view.variant_id

    events = await run(ProductState.choose.fn(product, "Colour", "Ink"))

    assert [option.selected for option in product.view.options] == ["Ink", "M"]
    assert product.view.variant_id != first
    assert "/products/lamp?Colour=Ink&Size=M" in scripts(events)


async def test_unknown_product_is_missing(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.go("/products/none")
    product = tab.state(ProductState)

    await run(ProductState.load.fn(product))

    assert (product.is_missing, product.title) == (True, "Page not found")


@pytest.mark.parametrize("state", [OrdersState, OrderState])
async def test_orders_ask_a_stranger_to_sign_in_first(
    state: type[OrdersState] | type[OrderState], open_tab: Callable[..., Tab]
) -> None:
    tab = open_tab()
    tab.go("/orders" if state is OrdersState else "/orders/SH-1001")

    events = await run(state.load.fn(tab.state(state)))

    assert "/login?next=/orders" in scripts(events)
    assert tab.state(state).loaded == ""


@pytest.mark.parametrize("checkout", ["", "nonsense", "019f0000-0000-7000-8000-000000000000"])
async def test_success_page_of_an_unknown_checkout_says_so(checkout: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.go(f"/checkout/success?checkout={checkout}")
    success = tab.state(SuccessState)

    events = await run(SuccessState.load.fn(success))

    assert (success.is_missing, success.status.order_number, events) == (True, "", [])


@pytest.mark.parametrize(
    ("query", "next_path"),
    [
        ("next=/checkout", "/checkout"),
        ("next=//evil.example", "/"),
        ("next=https://evil.example", "/"),
        ("next=/%5Cevil.example", "/"),
        ("", "/"),
    ],
)
async def test_sign_in_leads_back_to_our_own_pages_only(
    query: str, next_path: str, open_tab: Callable[..., Tab]
) -> None:
    typed = form_memory.remember({"email": "a@b.example"})
    tab = open_tab(f"shophub_guest={new_token()}; {form_memory.FORM_COOKIE}={typed}")
    tab.go(f"/login?{query}&error=wrong_credentials&email=forged%40b.example")
    page = tab.state(SignInState)

    await run(SignInState.load.fn(page))

    assert (page.next_path, page.email) == (next_path, "a@b.example")
    assert page.asks_code is False
    assert page.error == "E-mail address or password is not right."
