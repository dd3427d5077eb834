"""The factories make rows that hold together."""

from sqlalchemy import func, select

from shophub.db import AsyncSession
from shophub.models.catalog import StockMovement
from tests.factories import make_address, make_cart, make_coupon, make_image, make_product, make_user, variants_of


async def test_product_with_options_has_a_variant_per_combination_and_a_ledger(session: AsyncSession) -> None:
    product = await make_product(session, options={"Size": ["S", "M"], "Colour": ["Red", "Blue"]}, stock=3)
    await make_image(session, product)

    variants = await variants_of(session, product)

    assert [variant.option_values for variant in variants] == [
        ["S", "Red"],
        ["S", "Blue"],
        ["M", "Red"],
        ["M", "Blue"],
    ]
    assert product.price_from_minor == 2_000
    assert product.search is not None
    assert (await session.execute(select(func.sum(StockMovement.delta)))).scalar_one() == 12


async def test_cart_of_a_user_holds_the_lines_and_the_coupon(session: AsyncSession) -> None:
    user = await make_user(session)
    await make_address(session, user, is_default=True)
    coupon = await make_coupon(session)
    (variant,) = await variants_of(session, await make_product(session, stock=0))

    cart = await make_cart(session, user=user, lines=[(variant, 2)], coupon=coupon)

    assert (cart.user_id, cart.guest_token_hash, cart.coupon_id) == (user.id, None, coupon.id)
