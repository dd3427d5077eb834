"""Many hands on one order's money at the same instant: admins, its customer, the warehouse, Stripe's dashboard."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest
import stripe as sdk

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.errors import IllegalTransitionError, NotPaidError, RefundTooLargeError, ShopHubError
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services.audit import SHOP, Actor
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.handle_event import handle_event
from shophub.services.flows.reconcile import reconcile_refunds
from shophub.services.flows.refund_order import RefundResult, refund_order
from shophub.services.fulfilment import mark_shipped
from tests.checkout.conftest import Shop
from tests.checkout.crowds import deadlocks, starting_gate
from tests.checkout.test_refunds import LATER, deliver_refunds, money, ordered
from tests.factories import make_user

ORDER_ROW = "SELECT 1 FROM orders WHERE number = %s FOR UPDATE"


async def at_once(database: str, number: int, *works: Coroutine[Any, Any, Any]) -> list[Any]:
    """Start all, and let them go when all of them wait for the order; return answers and refusals in that order."""
    async with starting_gate(database, ORDER_ROW, number, waiting=len(works)):
        tasks = [asyncio.create_task(work) for work in works]
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    unexpected = [a for a in answers if isinstance(a, BaseException) and not isinstance(a, ShopHubError)]
    assert unexpected == []
    return answers


def paid_back(answers: list[Any]) -> int:
    """Return what the answered refunds come to."""
    assert all(answer.status == "succeeded" for answer in answers if isinstance(answer, RefundResult))
    return sum(answer.amount_minor for answer in answers if isinstance(answer, RefundResult))


async def at_stripe(intent_id: str) -> int:
    """Return what Stripe has given back."""
    return sum(refund.amount_minor for refund in await stripe.list_refunds(intent_id))


async def test_two_admins_who_press_refund_together_do_not_pay_back_twice(database: str, shop: Shop):
    """Known failure 11: two admins press Refund together: paid back twice."""
    number, intent_id = await ordered(shop, (shop.mug, 2), (shop.lamp, 1))

    answers = await at_once(database, number, *(refund_order(number, restock=True) for _ in range(2)))

    assert {type(answer) for answer in answers} == {RefundResult, RefundTooLargeError}
    assert paid_back(answers) == await at_stripe(intent_id) == 9_498
    assert await money(shop) == ("PROCESSING", "REFUNDED", 9_498, 0, 0)
    assert (await shop.stock(shop.mug), await shop.stock(shop.lamp)) == ((10, 0), (5, 0))


@pytest.mark.parametrize("round_number", range(3))
async def test_16_refunds_at_once_never_pay_back_more_than_was_paid(database: str, shop: Shop, round_number: int):
    """In full, by line and by amount, mixed; each other round starts with another kind."""
    number, intent_id = await ordered(shop, (shop.mug, 3), (shop.lamp, 1))
    paid = 3 * 1_999 + 4_500
    rows = await shop.rows("SELECT name, sku FROM order_lines")
    sku = {str(name): str(sku) for name, sku in rows}
    kinds: list[dict[str, Any]] = [
        {"lines": {sku["Mug"]: 1}, "restock": True},
        {"amount_minor": 2_500},
        {"lines": {sku["Mug"]: 2, sku["Lamp"]: 1}, "restock": True},
        {"amount_minor": 1},
        {"lines": {sku["Lamp"]: 1}, "restock": True},
        {"amount_minor": paid},
        {},
        {"amount_minor": 4_999},
    ]
    asked = [kinds[(n * (2 * round_number + 1)) % len(kinds)] for n in range(16)]

    answers = await at_once(database, number, *(refund_order(number, **one) for one in asked))

    assert {type(answer) for answer in answers} <= {RefundResult, RefundTooLargeError}
    back = paid_back(answers)
    assert 0 < back == await at_stripe(intent_id) <= paid
    assert (await money(shop))[2:] == (back, 0, 0)
    returned = await shop.rows("SELECT restocked_quantity, refunded_quantity, quantity FROM order_lines")
    assert all(back_again <= refunded <= bought for back_again, refunded, bought in returned)  # type: ignore[operator]
    assert (await shop.stock(shop.mug))[0] + (await shop.stock(shop.lamp))[0] == 11 + sum(
        int(str(r[0])) for r in returned
    )
    if back < paid:
        await refund_order(number)
    assert await money(shop) == ("PROCESSING", "REFUNDED", paid, 0, 0)
    assert await at_stripe(intent_id) == paid
    assert await deadlocks(database) == 0


async def test_cancelling_and_refunding_at_once_pays_and_restocks_once(database: str, shop: Shop):
    number, intent_id = await ordered(shop, (shop.mug, 2), (shop.lamp, 2))
    paid = 2 * 1_999 + 2 * 4_500
    works = [cancel_order(number, actor=SHOP, by_customer=True) for _ in range(5)]
    works += [cancel_order(number, actor=SHOP, by_customer=False) for _ in range(3)]
    works += [refund_order(number, amount_minor=1_000) for _ in range(4)]
    works += [refund_order(number, restock=True) for _ in range(4)]

    answers = await at_once(database, number, *works[::3], *works[1::3], *works[2::3])

    refusals = {type(answer) for answer in answers if isinstance(answer, BaseException)}
    assert refusals <= {IllegalTransitionError, RefundTooLargeError}
    assert sum(answer is None for answer in answers) == 1
    assert await money(shop) == ("CANCELLED", "REFUNDED", paid, 0, 0)
    assert await at_stripe(intent_id) == paid
    units = (await shop.stock(shop.mug), await shop.stock(shop.lamp))
    # Whoever refunded all of it first said whether the goods come back; cancelling always brings back the rest.
    assert units == ((10, 0), (5, 0))
    assert await deadlocks(database) == 0


async def test_cancelling_while_a_refund_is_under_way_brings_the_goods_of_both_back_once(database: str, shop: Shop):
    """The refund is recorded, Stripe is being asked, and then the order is cancelled."""
    number, intent_id = await ordered(shop, (shop.mug, 3))
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines")

    await at_once(
        database,
        number,
        refund_order(number, lines={str(sku): 2}, restock=True),
        cancel_order(number, actor=SHOP, by_customer=False),
    )

    assert await money(shop) == ("CANCELLED", "REFUNDED", 3 * 1_999 + 1_000, 0, 0)
    assert await at_stripe(intent_id) == 3 * 1_999 + 1_000
    assert await shop.stock(shop.mug) == (10, 0)


@pytest.mark.parametrize("refund_first", [True, False])
async def test_refunding_and_shipping_at_once_leaves_a_state_that_can_be(database: str, shop: Shop, refund_first: bool):
    """Shipped first, the refund is a goodwill; refunded first, nothing leaves the house."""
    number, intent_id = await ordered(shop, (shop.mug, 1))
    admin = await _admin()
    works = [refund_order(number), *(_ship(number, admin) for _ in range(4))]

    answers = await at_once(database, number, *(works if refund_first else works[::-1]))

    shipped = sum(answer is None for answer in answers)
    refusals = {type(answer) for answer in answers if isinstance(answer, BaseException)}
    assert refusals <= {IllegalTransitionError, NotPaidError}
    assert shipped <= 1
    assert await money(shop) == ("SHIPPED" if shipped else "PROCESSING", "REFUNDED", 2_999, 0, 0)
    assert await at_stripe(intent_id) == 2_999
    assert await shop.rows("SELECT count(*) FROM shipments") == [(shipped,)]


@pytest.mark.parametrize("cancel_first", [True, False])
async def test_of_cancelling_and_shipping_at_once_one_happens(database: str, shop: Shop, cancel_first: bool):
    """Known failure 12: any status may follow any other; cancelling neither refunds nor restocks."""
    number, intent_id = await ordered(shop, (shop.mug, 1))
    admin = await _admin()
    works = [cancel_order(number, actor=SHOP, by_customer=True) for _ in range(4)]
    works += [_ship(number, admin) for _ in range(4)]

    answers = await at_once(database, number, *(works if cancel_first else works[::-1]))

    assert sum(answer is None for answer in answers) == 1
    assert {type(answer) for answer in answers if answer is not None} <= {IllegalTransitionError}
    was_cancelled = (await money(shop))[0] == "CANCELLED"
    assert await money(shop) == (
        ("CANCELLED", "REFUNDED", 2_999, 0, 0) if was_cancelled else ("SHIPPED", "PAID", 0, 0, 0)
    )
    assert await at_stripe(intent_id) == (2_999 if was_cancelled else 0)
    assert await shop.stock(shop.mug) == ((10, 0) if was_cancelled else (9, 0))


async def _ship(number: int, admin: UUID) -> None:
    async with transaction() as session:
        await mark_shipped(session, number, ShipmentForm(), actor=Actor(admin))


async def _admin() -> UUID:
    async with transaction() as session:
        return (await make_user(session, role=Role.ADMIN)).id


async def test_refunds_here_and_in_stripes_dashboard_at_once_never_exceed_what_was_paid(database: str, shop: Shop):
    """The dashboard does not ask the shop; Stripe's own refusal is then the shop's, and an alert says so."""
    number, intent_id = await ordered(shop, (shop.mug, 2))
    paid = 2 * 1_999 + 1_000

    def elsewhere(amount: int) -> int:
        try:
            return shop.stripe.v1.refunds.create({"payment_intent": intent_id, "amount": amount}).amount
        except sdk.InvalidRequestError:
            return 0

    dashboard = [asyncio.to_thread(elsewhere, 900) for _ in range(4)]
    here = [refund_order(number, amount_minor=1_100) for _ in range(4)]
    answers = await asyncio.gather(*dashboard, *here, return_exceptions=True)

    assert {type(answer) for answer in answers} <= {int, RefundResult, RefundTooLargeError}
    back = await at_stripe(intent_id)
    assert back <= paid
    await asyncio.gather(*(deliver_refunds() for _ in range(3)))
    await reconcile_refunds(now=utc_now() + LATER)
    assert (await money(shop))[2:] == (back, 0, 0)
    failed = await shop.rows("SELECT count(*) FROM refunds WHERE status = 'failed'")
    assert await shop.rows("SELECT count(*) FROM alerts WHERE kind = 'refund_failed'") == failed
    if back < paid:
        await refund_order(number)
    assert (await at_stripe(intent_id), (await money(shop))[1]) == (paid, "REFUNDED")


async def test_refunds_and_their_events_at_once_count_once(shop: Shop):
    """Each refund is recorded by who asked for it, by its events and by the reconciler, all at the same time."""
    number, intent_id = await ordered(shop, (shop.mug, 2))

    async def refund_and_tell() -> None:
        await refund_order(number, amount_minor=300)
        events = [e for e in await stripe.list_events(utc_now() - LATER) if "refund" in e.type]
        await asyncio.gather(*(handle_event(event) for event in events))

    await asyncio.gather(*(refund_and_tell() for _ in range(6)), reconcile_refunds(now=utc_now() + LATER))

    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 1_800, 0, 0)
    assert await at_stripe(intent_id) == 1_800
    assert await shop.rows("SELECT DISTINCT source, status FROM refunds") == [("shop", "succeeded")]
    assert await shop.rows("SELECT count(*) FROM refunds") == [(6,)]
