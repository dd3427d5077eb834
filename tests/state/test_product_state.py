"""The product page's handlers."""

from collections.abc import Callable

from sqlalchemy import text

from shophub.db import transaction
from shophub.services.live import Notice
from shophub.state.store.product import ProductState
from tests.factories.catalog import make_product
from tests.state.conftest import Tab, run


async def test_open_page_goes_on_under_a_new_slug(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        product = await make_product(
            session, name="Lamp", slug="lamp", options={"Colour": ["Oak", "Ash"]}, price_minor=2_000
        )
    tab = open_tab()
    tab.go("/products/lamp")
    state = tab.state(ProductState)
    await run(ProductState.load.fn(state))
    async with transaction() as session:
        await session.execute(text("UPDATE products SET slug = 'oak-lamp'"))
        await session.execute(text("UPDATE variants SET price_minor = 3000"))

    await state._refresh(Notice("product", str(product.id)))

    assert state.view.price_minor == 3_000
    assert not state.is_missing

    async with transaction() as session:
        await session.execute(text("UPDATE products SET slug = 'ash-lamp'"))
    await run(ProductState.choose.fn(state, "Colour", "Ash"))

    assert [one.selected for one in state.view.options] == ["Ash"]
    assert (state.view.slug, state.is_missing) == ("ash-lamp", False)


async def test_more_than_there_is_by_now_cannot_be_wanted(open_tab: Callable[..., Tab]) -> None:
    async with transaction() as session:
        product = await make_product(session, stock=5)
    tab = open_tab()
    tab.go(f"/products/{product.slug}")
    page = tab.state(ProductState)
    await run(ProductState.load.fn(page))
    before = page.epoch

    await run(ProductState.set_quantity.fn(page, 7))

    assert page.quantity == 5
    assert page.epoch > before  # the field that shows 7 is told
