"""What happens to a cart meanwhile: other tabs, new prices, goods that go, a sign-in."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession, transaction
from shophub.errors import InsufficientStockError, InvalidInputError, ProductNotFoundError, ShopHubError
from shophub.models.carts import CartLine
from shophub.schemas.carts import CartOwner, CartView
from shophub.services import carts
from tests.factories import make_cart, make_product, make_user, variants_of

GUEST = CartOwner(guest_token="a-guest-whose-cart-changes")
TABS = 16


async def _variant(session: AsyncSession, **more) -> UUID:
    (variant,) = await variants_of(session, await make_product(session, **more))
    return variant.id


async def _set(session: AsyncSession, variant_id: UUID, column: str, value: object) -> None:
    await session.execute(
        text(f"UPDATE variants SET {column} = :value WHERE id = :id"), {"value": value, "id": variant_id}
    )


async def _archive(session: AsyncSession, variant_id: UUID) -> None:
    statement = "UPDATE products SET status = 'archived' WHERE id = (SELECT product_id FROM variants WHERE id = :id)"
    await session.execute(text(statement), {"id": variant_id})


def _line_id(cart: CartView) -> UUID:
    return UUID((*cart.lines, *cart.saved)[0].id)


async def test_same_product_added_twice_is_one_line_and_checked_as_one(session):
    """Known failure 2: the same product on two lines passes the stock check line by line; stock ends at -78."""
    mug = await _variant(session, stock=15)
    await carts.add_item(session, GUEST, mug, 10)
    cart = await carts.add_item(session, GUEST, mug, 5)

    assert [line.quantity for line in cart.lines] == [15]
    with pytest.raises(InsufficientStockError):
        await carts.add_item(session, GUEST, mug, 1)


async def test_database_refuses_a_second_line_of_the_same_product(session):
    """Known failure 2: the same product on two lines, whatever program writes them."""
    (mug,) = await variants_of(session, await make_product(session))

    with pytest.raises(IntegrityError, match="uq_cart_lines_cart_id"):
        await make_cart(session, lines=[(mug, 1), (mug, 1)])


@pytest.mark.parametrize("quantity", [-5, 100, 10**9, True, 1.5, None, "3", float("nan")])
async def test_quantity_set_to_none_that_there_is_changes_neither_line_nor_stock(session, quantity):
    """Known failure 3: quantity -5 raises the stock; quantity 0, 1.5, 10^9, "NaN" and null behave oddly."""
    mug = await _variant(session, stock=1_000)
    line = _line_id(await carts.add_item(session, GUEST, mug, 2))

    with pytest.raises(InvalidInputError, match="quantity from 0 to 99"):
        await carts.set_quantity(session, GUEST, line, quantity)

    assert (await carts.get_cart(session, GUEST)).count == 2
    stock = await session.execute(text("SELECT stock, reserved FROM variants WHERE id = :id"), {"id": mug})
    assert tuple(stock.one()) == (1_000, 0)


@pytest.mark.parametrize("quantity", [-5, 0, 100, 10**9])
async def test_database_refuses_quantities_that_are_none(session, quantity):
    """Known failure 3: quantity -5 raises the stock, whatever program writes it."""
    (mug,) = await variants_of(session, await make_product(session, stock=1_000))
    cart = await make_cart(session)
    session.add(CartLine(cart_id=cart.id, variant_id=mug.id, quantity=quantity, added_price_minor=100))

    with pytest.raises(IntegrityError, match="quantity_range"):
        await session.flush()


async def test_many_tabs_adding_all_there_is_at_once_put_it_in_once(database):
    """Known failure 4: stock is checked per request, not on the sum: three times 15 of 15 puts 45 into the cart."""
    async with transaction() as session:
        mug = await _variant(session, stock=15)

    async def add() -> str:
        try:
            async with transaction() as session:
                await carts.add_item(session, GUEST, mug, 15)
        except InsufficientStockError as error:
            return error.message
        return "added"

    told = await asyncio.gather(*(add() for _ in range(TABS)))

    assert sorted(told) == ["You already have all 15 that we can sell you in your cart."] * (TABS - 1) + ["added"]
    async with transaction() as session:
        assert (await carts.get_cart(session, GUEST)).count == 15


async def test_adding_and_setting_in_many_tabs_never_passes_the_stock(database):
    """Known failure 4: stock is checked per request, not on the sum."""
    async with transaction() as session:
        mug = await _variant(session, stock=20)
        line = _line_id(await carts.add_item(session, GUEST, mug, 1))

    async def act(tab: int) -> None:
        try:
            async with transaction() as session:
                if tab % 4 == 0:
                    await carts.set_quantity(session, GUEST, line, 19)
                else:
                    await carts.add_item(session, GUEST, mug, 7)
        except ShopHubError as error:
            assert isinstance(error, InsufficientStockError)  # noqa: PT017 - nothing else may be refused

    await asyncio.gather(*(act(tab) for tab in range(TABS)))

    async with transaction() as session:
        cart = await carts.get_cart(session, GUEST)
    assert cart.count in {15, 19, 20}
    assert len(cart.lines) == 1


async def test_change_of_price_stays_told_while_the_line_stays(session):
    mug = await _variant(session, price_minor=1_999, stock=10)
    line = _line_id(await carts.add_item(session, GUEST, mug, 1))
    await _set(session, mug, "price_minor", 2_499)

    for cart in (
        await carts.set_quantity(session, GUEST, line, 2),
        await carts.add_item(session, GUEST, mug, 1),
        await carts.save_for_later(session, GUEST, line),
        await carts.move_to_cart(session, GUEST, line),
    ):
        (shown,) = (*cart.lines, *cart.saved)
        assert shown.notice == "Price changed from $19.99 to $24.99."
    assert cart.subtotal_minor == 3 * 2_499


async def test_saved_line_that_is_added_afresh_has_the_price_of_then(session):
    mug = await _variant(session, price_minor=1_999, stock=10)
    line = _line_id(await carts.add_item(session, GUEST, mug, 5))
    await carts.save_for_later(session, GUEST, line)
    await _set(session, mug, "price_minor", 2_499)

    cart = await carts.add_item(session, GUEST, mug, 1)

    assert [(shown.quantity, shown.notice) for shown in cart.lines] == [(1, "")]


async def test_shortage_and_change_of_price_are_both_told(session):
    mug = await _variant(session, price_minor=1_999, stock=10)
    await carts.add_item(session, GUEST, mug, 5)
    await _set(session, mug, "price_minor", 1_500)
    await _set(session, mug, "stock", 3)

    cart = await carts.get_cart(session, GUEST)

    told = "Only 3 left. Lower the quantity to check out. Price changed from $19.99 to $15.00."
    assert (cart.lines[0].notice, cart.can_check_out) == (told, False)


async def test_what_has_left_the_shop_stays_out_of_the_sum_and_cannot_be_changed(session):
    mug = await _variant(session, name="Mug", stock=10)
    line = _line_id(await carts.add_item(session, GUEST, mug, 1))
    await _archive(session, mug)

    with pytest.raises(ProductNotFoundError, match="Mug is no longer on sale"):
        await carts.set_quantity(session, GUEST, line, 2)

    cart = await carts.save_for_later(session, GUEST, line)
    assert (cart.subtotal_minor, cart.saved[0].notice) == (0, "No longer on sale.")
    with pytest.raises(ProductNotFoundError, match="Mug is no longer on sale"):
        await carts.move_to_cart(session, GUEST, line)


async def test_saved_line_comes_back_with_what_can_be_had_and_the_shopper_is_told(session):
    mug = await _variant(session, name="Mug", stock=10)
    line = _line_id(await carts.add_item(session, GUEST, mug, 5))
    await carts.save_for_later(session, GUEST, line)
    await _set(session, mug, "stock", 2)

    cart = await carts.move_to_cart(session, GUEST, line)

    assert (cart.count, cart.notices) == (2, ("We could keep only 2 of Mug.",))


async def test_saved_line_that_sold_out_stays_saved(session):
    mug = await _variant(session, name="Mug", stock=10)
    line = _line_id(await carts.add_item(session, GUEST, mug, 5))
    await carts.save_for_later(session, GUEST, line)
    await _set(session, mug, "stock", 0)

    with pytest.raises(InsufficientStockError, match="Mug has just sold out"):
        await carts.move_to_cart(session, GUEST, line)

    assert (await carts.get_cart(session, GUEST)).saved[0].quantity == 5


async def test_merging_counts_only_what_is_not_saved(session):
    user = await make_user(session)
    owner = CartOwner(user_id=user.id)
    mug, lamp = await _variant(session, stock=20), await _variant(session, stock=20)
    own = await carts.add_item(session, owner, mug, 5)
    await carts.save_for_later(session, owner, _line_id(own))
    await carts.add_item(session, owner, lamp, 1)
    await carts.add_item(session, GUEST, mug, 1)
    guest = await carts.add_item(session, GUEST, lamp, 4)
    await carts.save_for_later(session, GUEST, UUID(guest.lines[1].id))

    told = await carts.merge_guest_cart(session, GUEST.guest_token, user.id)

    cart = await carts.get_cart(session, owner)
    assert {UUID(line.variant_id): line.quantity for line in cart.lines} == {mug: 1, lamp: 1}
    assert (told, cart.saved) == ((), ())


async def test_merging_caps_the_accounts_own_quantity_too_and_tells_what_sold_out(session):
    user = await make_user(session)
    owner = CartOwner(user_id=user.id)
    mug, lamp = await _variant(session, name="Mug", stock=20), await _variant(session, name="Lamp", stock=20)
    await carts.add_item(session, owner, mug, 5)
    await carts.add_item(session, GUEST, mug, 2)
    await carts.add_item(session, GUEST, lamp, 2)
    await _set(session, mug, "stock", 3)
    await _set(session, lamp, "stock", 0)

    told = await carts.merge_guest_cart(session, GUEST.guest_token, user.id)

    assert told == ("We could keep only 3 of Mug.", "Lamp has sold out.")
    cart = await carts.get_cart(session, owner)
    assert [(line.name, line.quantity, line.notice) for line in cart.lines] == [
        ("Mug", 3, ""),
        ("Lamp", 1, "Sold out."),
    ]


async def test_merging_that_fails_half_way_leaves_both_carts(database):
    async with transaction() as session:
        user = await make_user(session)
        mug = await _variant(session, stock=20)
        await carts.add_item(session, CartOwner(user_id=user.id), mug, 5)
        await carts.add_item(session, GUEST, mug, 2)

    async def sign_in_and_fail() -> None:
        async with transaction() as session:
            await carts.merge_guest_cart(session, GUEST.guest_token, user.id)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await sign_in_and_fail()

    async with transaction() as session:
        assert (await carts.get_cart(session, GUEST)).count == 2
        assert (await carts.get_cart(session, CartOwner(user_id=user.id))).count == 5


async def test_adding_in_a_tab_while_signing_in_loses_nothing(database):
    async with transaction() as session:
        user = await make_user(session)
        mug = await _variant(session, stock=50)
        await carts.add_item(session, GUEST, mug, 1)

    async def add(owner: CartOwner) -> None:
        async with transaction() as session:
            await carts.add_item(session, owner, mug, 1)

    async def sign_in() -> None:
        async with transaction() as session:
            await carts.merge_guest_cart(session, GUEST.guest_token, user.id)

    owners = [GUEST, CartOwner(user_id=user.id)] * 4
    await asyncio.gather(*(add(owner) for owner in owners), *(sign_in() for _ in range(4)))
    await sign_in()

    async with transaction() as session:
        assert (await carts.get_cart(session, CartOwner(user_id=user.id))).count == 1 + len(owners)
        assert (await carts.get_cart(session, GUEST)).lines == ()
