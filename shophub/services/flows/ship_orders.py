"""Marking many orders shipped: each in a transaction of its own, so that one that may not leave holds no other up."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from shophub.db import transaction
from shophub.domain.order_numbers import order_number
from shophub.errors import ShopHubError, UnavailableError
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import fulfilment
from shophub.services.audit import Actor


@dataclass(frozen=True)
class Shipped:
    """What became of one order; ``refusal`` is empty where it is on its way."""

    number: str
    refusal: str = ""


async def ship_orders(numbers: Sequence[int], form: ShipmentForm, *, actor: Actor) -> AsyncIterator[Shipped]:
    """Mark orders shipped one after the other, and say of each what became of it as soon as that is known.

    Raises:
        UnavailableError: The database is away; what was said before holds.
    """
    for number in numbers:
        try:
            async with transaction() as session:
                await fulfilment.mark_shipped(session, number, form, actor=actor)
        except UnavailableError:
            raise
        except ShopHubError as error:
            yield Shipped(order_number(number), error.message)
        else:
            yield Shipped(order_number(number))
