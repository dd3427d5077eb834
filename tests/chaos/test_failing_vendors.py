"""Stripe slow, dead, broken, too busy, or silent after having done it; Resend broken: at each step of the path.

Each time the shopper reads one sentence, nothing is half done, and the same call made again comes out as it should.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from shophub.domain.statuses import RefundStatus
from shophub.errors import IllegalTransitionError, ProviderError, RefundTooLargeError
from shophub.jobs import worker as jobs
from shophub.lib.clock import utc_now
from shophub.services.audit import SHOP
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.confirm_check import check_before_confirm
from shophub.services.flows.expire import expire_checkout
from shophub.services.flows.reconcile import reconcile_checkout, reconcile_refunds
from shophub.services.flows.refund_order import refund_order
from tests.chaos.buyers import Buyer, Buyers, announce
from tests.chaos.conftest import check_books
from tests.checkout.conftest import Shop
from tests.jobs.conftest import Mailbox, make_due
from tests.sandbox.conftest import Controls, SandboxServer

SENTENCE = "The payment service cannot be reached right now. Please try again in a moment."
LATER = timedelta(minutes=10)
# Half a second is all that the impatient shop gives Stripe.
FAULTS = {
    "slow": {"delay_ms": 900},
    "broken": {"status": 500},
    "too busy": {"status": 429},
    "silent after having done it": {"status": 500, "after_effect": True},
}
Act = Callable[[Buyer], Awaitable[object]]


@dataclass(frozen=True)
class Step:
    """One step of the path: who stands before it, what is done, which call of Stripe's it makes, what it comes to."""

    name: str
    prepare: Callable[[str], Awaitable[Buyer]]
    act: Act
    call: dict[str, str]
    check: Callable[[Buyer], Awaitable[None]]


@pytest_asyncio.fixture
async def buyers(shop: Shop, impatience: None) -> Buyers:
    """Buyers in an impatient shop with lamps enough."""
    buyers = Buyers(shop)
    await buyers.restock()
    return buyers


def _steps(buyers: Buyers) -> list[Step]:
    async def start(buyer: Buyer) -> None:
        buyer.payment = await buyers.shop.pay_start(buyer.visitor)

    async def with_more(name: str) -> Buyer:
        buyer = await buyers.paying(name)
        await buyers.shop.add(buyer.visitor, (buyers.shop.mug, 1))
        return buyer

    async def is_held_with_more(buyer: Buyer) -> None:
        assert await buyers.holds(buyer) == [("open", True, 2)]
        assert buyers.shop.stripe.v1.payment_intents.retrieve(buyer.intent_id).amount == 7_499

    async def press(buyer: Buyer) -> None:
        await check_before_confirm(buyer.visitor, buyer.checkout_id)

    async def event(buyer: Buyer) -> None:
        answer = await announce(buyer)
        if answer.status_code == 500:
            assert answer.json()["code"] == "provider_unavailable"
            raise ProviderError(answer.json()["error"], retryable=True)
        assert answer.json() == {"received": True}

    async def reconcile(buyer: Buyer) -> None:
        await reconcile_checkout(buyer.checkout_id)

    async def expire(buyer: Buyer) -> None:
        await expire_checkout(buyer.checkout_id)

    one, creating = {"method": "GET", "path_contains": "/payment_intents/"}, {"path_contains": "/payment_intents"}
    return [
        Step("start", buyers.with_cart, start, {"method": "POST", **creating}, buyers.is_held_once),
        Step("start anew", with_more, start, {"method": "POST", **creating}, is_held_with_more),
        Step("press", buyers.paying, press, one, buyers.is_held_once),
        Step("event", buyers.paid, event, one, buyers.has_one_order),
        Step("reconcile", buyers.paid, reconcile, one, buyers.has_one_order),
        Step("expire", buyers.paying, expire, {"path_contains": "/cancel"}, buyers.has_nothing),
        Step("expire paid", buyers.paid, expire, {"path_contains": "/cancel"}, buyers.has_one_order),
    ]


async def _told(act: Act, buyer: Buyer) -> str:
    """Do it and return what the shopper is told, nothing where all went well."""
    try:
        await act(buyer)
    except ProviderError as error:
        return error.message if error.retryable else f"for good: {error.message}"
    return ""


async def _until_done(act: Act, buyer: Buyer) -> None:
    """Try again until it works: while Stripe is still busy with the first call, it says so."""
    for _ in range(20):
        if not await _told(act, buyer):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("trying again does not help")


@pytest.mark.parametrize("fault", FAULTS)
async def test_failing_stripe_leaves_nothing_half_done_and_trying_again_works(
    fault: str, buyers: Buyers, controls: Controls
) -> None:
    for step in _steps(buyers):
        buyer = await step.prepare(f"{step.name} {fault}".replace(" ", "-"))
        controls.post("/faults", count=1, **step.call, **FAULTS[fault]).raise_for_status()

        assert await _told(step.act, buyer) == SENTENCE, step.name
        await check_books()

        await _until_done(step.act, buyer)
        await step.check(buyer)
    await check_books()


async def test_dead_stripe_leaves_nothing_half_done_and_is_asked_again_when_it_is_back(
    buyers: Buyers, running_sandbox: SandboxServer
) -> None:
    steps = [step for step in _steps(buyers) if step.name != "event"]  # a dead Stripe sends none
    waiting = [(step, await step.prepare(step.name.replace(" ", "-"))) for step in steps]
    running_sandbox.kill()
    try:
        for step, buyer in waiting:
            assert await _told(step.act, buyer) == SENTENCE, step.name
        await check_books()
    finally:
        running_sandbox.start()

    for step, buyer in waiting:
        await _until_done(step.act, buyer)
        await step.check(buyer)
    await check_books()


@pytest.mark.parametrize("fault", FAULTS)
async def test_refund_through_a_failing_stripe_is_made_once(fault: str, buyers: Buyers, controls: Controls) -> None:
    refunded, cancelled = await buyers.ordered("refunded"), await buyers.ordered("cancelled")
    controls.post("/faults", count=2, path_contains="/refunds", **FAULTS[fault]).raise_for_status()

    refund = await refund_order(refunded.number)
    await cancel_order(cancelled.number, actor=SHOP, by_customer=True)

    assert refund.status is RefundStatus.PENDING
    assert await buyers.shop.rows("SELECT status FROM refunds") == [("pending",), ("pending",)]
    await check_books()
    with pytest.raises(RefundTooLargeError):  # pressing again does not pay again
        await refund_order(refunded.number)
    with pytest.raises(IllegalTransitionError):
        await cancel_order(cancelled.number, actor=SHOP, by_customer=True)

    await asyncio.sleep(1)  # until a slow Stripe has done what nobody waited for
    await reconcile_refunds(now=utc_now() + LATER)
    await make_due()
    await jobs.run_due()
    for buyer in (refunded, cancelled):
        await buyers.has_money_back(buyer)


@pytest.mark.parametrize("order", [{"status": 500}, {"status": 429}, {"status": 500, "afterEffect": True}], ids=str)
async def test_order_stands_while_mail_fails_and_its_mail_comes_once(
    order: dict[str, object], buyers: Buyers, mailbox: Mailbox
) -> None:
    buyer = await buyers.paid("mail-" + "-".join(map(str, order.values())))
    await mailbox.fail(count=2, **order)

    assert (await announce(buyer)).json() == {"received": True}
    await jobs.run_due()
    await buyers.has_one_order(buyer)
    for _ in range(3):
        await make_due()
        await jobs.run_due()

    assert len(await mailbox.to(buyer.email)) == 1
    assert await buyers.shop.rows("SELECT task_name, status FROM procrastinate_jobs WHERE queue_name = 'default'") == []


async def test_order_stands_while_mail_cannot_be_reached(
    buyers: Buyers, mailbox: Mailbox, running_sandbox: SandboxServer
) -> None:
    buyer = await buyers.ordered("unreached")
    running_sandbox.kill()
    try:
        await jobs.run_due()
        await buyers.has_one_order(buyer)
    finally:
        running_sandbox.start()

    await make_due()
    await jobs.run_due()
    for _ in range(40):
        with_mail = await _messages(mailbox, buyer)
        if with_mail:
            break
        await asyncio.sleep(0.1)
    assert with_mail == 1


async def _messages(mailbox: Mailbox, buyer: Buyer) -> int:
    try:
        return len(await mailbox.to(buyer.email))
    except httpx.TransportError:  # the kept connection was that of the dead
        return 0
