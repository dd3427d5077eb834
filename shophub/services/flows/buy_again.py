"""Buying what an order held once more, as far as it can still be had."""

from collections.abc import Sequence
from dataclasses import dataclass

from shophub.db import transaction
from shophub.errors import ConflictError, InsufficientStockError, InvalidInputError, NotFoundError
from shophub.repositories.carts import MAX_QUANTITY
from shophub.schemas.carts import CartOwner, CartView
from shophub.schemas.orders import BoughtGoods
from shophub.services import carts
from shophub.services.flows.fill_cart import add_to_cart


@dataclass(frozen=True)
class BoughtAgain:
    """The cart as it then is, how many units went into it, and what could not be had, each in a sentence."""

    cart: CartView
    added: int
    problems: tuple[str, ...]


async def buy_again(owner: CartOwner, goods: Sequence[BoughtGoods]) -> BoughtAgain:
    """Put into the cart what was bought, at today's prices; of what is short, as many as there are.

    Each line is a step of its own: one that cannot be had does not keep the others out.
    """
    added, problems = 0, []
    for wanted in goods:
        count, problem = await _add(owner, wanted)
        added += count
        if problem:
            problems.append(problem)
    async with transaction() as session:
        cart = await carts.get_cart(session, owner)
    return BoughtAgain(cart, added, tuple(problems))


async def _add(owner: CartOwner, wanted: BoughtGoods) -> tuple[int, str]:
    """Add one line; return how many units went in, and a sentence where that is not all."""
    if wanted.variant_id is None:
        return 0, f"{wanted.name} is no longer sold."
    try:
        await _put(owner, wanted, wanted.quantity)
        return wanted.quantity, ""
    except InsufficientStockError as error:
        left = await _still_addable(owner, wanted, error.available)
    except NotFoundError:
        return 0, f"{wanted.name} is no longer sold."
    except (InvalidInputError, ConflictError) as error:
        return 0, f"{wanted.name}: {error.message}"
    if left < 1:
        return 0, f"{wanted.name}: no more of it can be had right now."
    try:
        await _put(owner, wanted, left)
    except (InvalidInputError, ConflictError, NotFoundError) as error:
        return 0, f"{wanted.name}: {error.message}"
    return left, f"{wanted.name}: only {left} of {wanted.quantity} could be added."


async def _put(owner: CartOwner, wanted: BoughtGoods, quantity: int) -> None:
    if wanted.variant_id is not None:
        await add_to_cart(owner, wanted.variant_id, quantity)


async def _still_addable(owner: CartOwner, wanted: BoughtGoods, available: int) -> int:
    async with transaction() as session:
        cart = await carts.get_cart(session, owner)
    in_cart = sum(line.quantity for line in cart.lines if line.variant_id == str(wanted.variant_id))
    return min(available, MAX_QUANTITY) - in_cart
