"""Buying an order again: what can be had goes into the cart, the rest is said."""

from uuid import UUID

from shophub.db import transaction
from shophub.lib.ids import new_token
from shophub.models.catalog import Product, Variant
from shophub.schemas.carts import CartOwner
from shophub.schemas.orders import BoughtGoods
from shophub.services.flows.buy_again import buy_again
from tests.factories.catalog import make_product, variants_of


async def sold(name: str, stock: int, quantity: int, *, status: str = "active") -> BoughtGoods:
    """Make a product and return what an order of it held."""
    async with transaction() as session:
        product: Product = await make_product(session, name=name, slug=name.lower(), stock=stock)
        variant: Variant = (await variants_of(session, product))[0]
        product.status = status
        session.add(product)
        return BoughtGoods(name, variant.id, quantity)


async def test_each_line_goes_in_as_far_as_it_can_be_had(database: str) -> None:
    owner = CartOwner(guest_token=new_token())
    goods = [
        await sold("Lamp", 10, 2),
        await sold("Mug", 1, 3),
        await sold("Pen", 0, 1),
        await sold("Desk", 5, 1, status="archived"),
        BoughtGoods("Chair", None, 1),
    ]

    bought = await buy_again(owner, goods)

    assert {line.name: line.quantity for line in bought.cart.lines} == {"Lamp": 2, "Mug": 1}
    assert bought.added == 3
    assert bought.problems == (
        "Mug: only 1 of 3 could be added.",
        "Pen: no more of it can be had right now.",
        "Desk is no longer sold.",
        "Chair is no longer sold.",
    )


async def test_what_is_in_the_cart_already_counts(database: str) -> None:
    owner = CartOwner(guest_token=new_token())
    lamp = await sold("Lamp", 3, 2)
    await buy_again(owner, [lamp])

    again = await buy_again(owner, [lamp])
    once_more = await buy_again(owner, [lamp])

    assert (again.added, again.problems) == (1, ("Lamp: only 1 of 2 could be added.",))
    assert (once_more.added, once_more.problems) == (0, ("Lamp: no more of it can be had right now.",))
    assert {UUID(line.variant_id): line.quantity for line in once_more.cart.lines} == {lamp.variant_id: 3}
