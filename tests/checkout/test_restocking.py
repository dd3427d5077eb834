"""Units that cost nothing come back without any money."""

import pytest

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.errors import RefundTooLargeError
from shophub.jobs import worker
from shophub.lib.ids import new_id
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import orders
from shophub.services.audit import SHOP
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.refund_order import refund_order
from tests.checkout.conftest import Shop
from tests.checkout.test_refunds import deliver_refunds, money, ordered
from tests.factories import make_user


async def ordered_for_the_delivery_alone(shop: Shop) -> tuple[int, str, str]:
    """Buy two mugs that a coupon pays for; return the order's number, the mugs' SKU and the PaymentIntent's id."""
    await shop.coupon("ALL", percent_bp=10_000)
    number, intent_id = await ordered(shop, (shop.mug, 2), code="ALL")
    ((sku, total),) = await shop.rows("SELECT sku, total_minor FROM order_lines")
    assert (total, await shop.stock(shop.mug)) == (0, (8, 0))
    return number, str(sku), intent_id


async def test_line_that_cost_nothing_is_put_back_without_asking_stripe(shop: Shop):
    number, sku, intent_id = await ordered_for_the_delivery_alone(shop)
    request_id = new_id()

    for _ in range(2):
        result = await refund_order(number, lines={sku: 1}, restock=True, request_id=request_id)
    assert await shop.rows("SELECT count(*) FROM procrastinate_jobs WHERE args->>'kind' = 'order_refunded'") == [(0,)]
    await worker.run_due("default")

    assert (result.status, result.amount_minor) == ("succeeded", 0)
    assert await shop.stock(shop.mug) == (9, 0)
    assert await shop.rows("SELECT delta, reason FROM stock_ledger WHERE reason = 'refund'") == [(1, "refund")]
    assert await shop.rows("SELECT quantity, refunded_quantity, restocked_quantity FROM order_lines") == [(2, 1, 1)]
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert shop.stripe.v1.refunds.list({"payment_intent": intent_id}).data == []
    async with transaction() as session:
        admin = await make_user(session, role=Role.ADMIN)
        reader = Visitor(user=UserView(admin.id, admin.email, admin.full_name, admin.role, True))
        view = await orders.get_order(session, f"SH-{number}", reader)
    assert [step.label for step in view.timeline if step.is_done] == ["Placed", "Paid"]


async def test_units_that_cost_nothing_are_put_back_once_each_and_not_without_being_asked(shop: Shop):
    number, sku, _ = await ordered_for_the_delivery_alone(shop)
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, lines={sku: 1})
    await refund_order(number, lines={sku: 1}, restock=True)
    with pytest.raises(RefundTooLargeError):
        await refund_order(number, lines={sku: 2}, restock=True)

    await cancel_order(number, actor=SHOP, by_customer=False)
    await deliver_refunds()

    assert await shop.stock(shop.mug) == (10, 0)
    assert await money(shop) == ("CANCELLED", "REFUNDED", 1_000, 0, 0)
