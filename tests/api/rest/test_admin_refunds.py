"""Giving money back over the API, at the sandbox's Stripe: what reaches Stripe, the books and the stock."""

import asyncio
from typing import Any
from uuid import UUID

from shophub.domain.statuses import Role
from shophub.integrations import stripe
from tests.api.rest.caller import Caller, sign_in
from tests.checkout.conftest import Shop, shop  # noqa: F401 - a fixture
from tests.checkout.crowds import starting_gate
from tests.checkout.test_currencies import _priced_in
from tests.checkout.test_refunds import deliver_refunds, money, ordered
from tests.sandbox.conftest import (  # noqa: F401 - fixtures
    Controls,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
)

ORDER_ROW = "SELECT 1 FROM orders WHERE number = %s FOR UPDATE"


def at(number: int) -> str:
    return f"/api/admin/orders/SH-{number}/refunds"


async def sku_of(shop: Shop, variant: UUID) -> str:  # noqa: F811
    ((sku,),) = await shop.rows("SELECT sku FROM variants WHERE id = :id", id=variant)
    return str(sku)


async def at_stripe(intent_id: str) -> list[int]:
    return sorted(refund.amount_minor for refund in await stripe.list_refunds(intent_id))


async def test_units_then_an_amount_then_the_rest_are_given_back(shop: Shop, admin: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 3), (shop.lamp, 1))
    mug = await sku_of(shop, shop.mug)
    lines = [{"sku": mug, "quantity": 1}, {"sku": mug, "quantity": 1}]

    first = await admin.answers(
        "POST /api/admin/orders/{number}/refunds", 201, at=at(number),
        json={"lines": lines, "restock": True, "reason": "Broken handles"},
    )  # fmt: skip

    assert (first["amount"], first["currency"], first["status"]) == (3_998, "USD", "succeeded")
    order = first["order"]
    assert (order["number"], order["paymentStatus"], order["refunded"]) == (
        f"SH-{number}", "PARTIALLY_REFUNDED", 3_998,
    )  # fmt: skip
    assert order["refundable"] == 3 * 1_999 + 4_500 - 3_998
    (made,) = order["refunds"]
    assert made == {
        "id": first["id"], "amount": 3_998, "currency": "USD", "status": "succeeded", "source": "shop",
        "reason": "Broken handles", "restock": True, "requestedBy": str(admin.user_id), "failureReason": None,
        "createdAt": made["createdAt"],
    }  # fmt: skip
    assert await shop.stock(shop.mug) == (9, 0)

    await admin.answers(
        "POST /api/admin/orders/{number}/refunds", 201, at=at(number),
        json={"amount": 500, "restock": False, "lines": None, "reason": None},
    )  # fmt: skip
    rest = await admin.answers(
        "POST /api/admin/orders/{number}/refunds", 201, at=at(number), json={"restock": False}
    )  # fmt: skip

    assert (rest["order"]["paymentStatus"], rest["order"]["refundable"]) == ("REFUNDED", 0)
    assert await at_stripe(intent_id) == [500, 3_998, 5_999]
    assert await money(shop) == ("PROCESSING", "REFUNDED", 10_497, 0, 0)
    assert await shop.rows("SELECT action, actor_id FROM audit_log") == [("order.refund", admin.user_id)] * 3


async def test_more_than_is_left_is_refused_and_nothing_moves(shop: Shop, admin: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 1))
    mug = await sku_of(shop, shop.mug)

    for body in (
        {"amount": 3_000, "restock": False},
        {"lines": [{"sku": mug, "quantity": 2}], "restock": True},
        {"lines": [{"sku": mug, "quantity": 1}, {"sku": mug, "quantity": 1}], "restock": True},
    ):
        await admin.refuses(
            "POST /api/admin/orders/{number}/refunds", "refund_too_large", at=at(number), json=body
        )  # fmt: skip

    assert await at_stripe(intent_id) == []
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await shop.stock(shop.mug) == (9, 0)


async def test_two_admins_at_once_refund_once(database: str, shop: Shop, admin: Caller, guest: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 2))
    second = await sign_in(guest, Role.ADMIN)

    async with starting_gate(database, ORDER_ROW, number, waiting=2):
        tasks = [
            asyncio.create_task(
                who.send("POST /api/admin/orders/{number}/refunds", at=at(number), json={"restock": True})
            )
            for who in (admin, second)
        ]
    answers = await asyncio.gather(*tasks)

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (refused,) = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert refused == "refund_too_large"
    assert await at_stripe(intent_id) == [4_998]
    assert await money(shop) == ("PROCESSING", "REFUNDED", 4_998, 0, 0)
    assert await shop.stock(shop.mug) == (10, 0)


async def test_contested_payment_is_neither_refunded_nor_is_its_order_cancelled(
    shop: Shop,  # noqa: F811
    controls: Controls,  # noqa: F811
    admin: Caller,
) -> None:
    number, intent_id = await ordered(shop, (shop.mug, 1))
    ((charge_id,),) = await shop.rows("SELECT stripe_charge_id FROM payments")
    controls.post(f"/charges/{charge_id}/dispute").raise_for_status()
    await deliver_refunds()

    await admin.refuses(
        "POST /api/admin/orders/{number}/refunds", "payment_disputed", at=at(number),
        json={"amount": 1, "restock": False},
    )  # fmt: skip
    order_at = f"/api/admin/orders/{number}"
    await admin.refuses(
        "PATCH /api/admin/orders/{number}", "payment_disputed", at=order_at, json={"status": "CANCELLED"}
    )  # fmt: skip

    order = await admin.answers("GET /api/admin/orders/{number}", at=order_at)
    assert (order["disputed"], order["refundable"], order["status"]) == (2_999, 0, "PROCESSING")
    assert await at_stripe(intent_id) == []


async def test_cancelled_order_gives_back_everything(shop: Shop, admin: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 2))

    order = await admin.answers(
        "PATCH /api/admin/orders/{number}", at=f"/api/admin/orders/{number}", json={"status": "CANCELLED"}
    )  # fmt: skip

    assert (order["status"], order["paymentStatus"], order["refunded"]) == ("CANCELLED", "REFUNDED", 4_998)
    assert await at_stripe(intent_id) == [4_998]
    assert await shop.stock(shop.mug) == (10, 0)


async def test_stripe_out_of_reach_leaves_the_refund_pending_and_its_amount_held(
    shop: Shop,  # noqa: F811
    controls: Controls,  # noqa: F811
    admin: Caller,
) -> None:
    number, _ = await ordered(shop, (shop.mug, 1))
    controls.post("/faults", count=9, status=503, method="POST", path_contains="/refunds")

    made = await admin.answers(
        "POST /api/admin/orders/{number}/refunds", 201, at=at(number), json={"amount": 500, "restock": False}
    )  # fmt: skip

    assert (made["status"], made["order"]["refundable"]) == ("pending", 2_499)
    assert await money(shop) == ("PROCESSING", "PAID", 0, 500, 0)


async def test_amount_that_stripe_does_not_divide_cannot_be_given_back(shop: Shop, admin: Caller) -> None:  # noqa: F811
    await _priced_in(shop, "KWD", 15_000)
    number, intent_id = await ordered(shop, (shop.mug, 1))

    await admin.refuses(
        "POST /api/admin/orders/{number}/refunds", "amount_not_chargeable", at=at(number),
        json={"amount": 1_001, "restock": False},
    )  # fmt: skip

    assert await at_stripe(intent_id) == []


async def test_other_bodies_and_old_passwords_give_nothing_back(shop: Shop, admin: Caller, customer: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 1))
    mug = await sku_of(shop, shop.mug)
    bodies: list[object] = [
        {},
        {"restock": "yes"},
        {"restock": False, "amount": 0},
        {"restock": False, "amount": -1},
        {"restock": False, "amount": 1.5},
        {"restock": False, "amount": True},
        {"restock": False, "amount": 2**70},
        {"restock": False, "lines": []},
        {"restock": False, "lines": [{"sku": mug, "quantity": 0}]},
        {"restock": False, "lines": [{"sku": mug, "quantity": 2**70}]},
        {"restock": False, "lines": [{"sku": "NOT-OF-IT", "quantity": 1}]},
        {"restock": False, "lines": [{"sku": mug, "quantity": 1}], "amount": 1},
        {"restock": False, "reason": "x" * 301},
        {"restock": False, "currency": "EUR"},
        [],
    ]

    for body in bodies:
        await admin.refuses(
            "POST /api/admin/orders/{number}/refunds", "invalid_data", at=at(number), json=body
        )  # fmt: skip
    await customer.refuses(
        "POST /api/admin/orders/{number}/refunds", "forbidden", at=at(number), json={"restock": True}
    )  # fmt: skip
    await shop.rows("UPDATE sessions SET step_up_at = now() - interval '11 minutes' RETURNING 1")
    await admin.refuses(
        "POST /api/admin/orders/{number}/refunds", "step_up_required", at=at(number), json={"restock": True}
    )  # fmt: skip

    assert await at_stripe(intent_id) == []
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)


async def test_refund_whose_answer_was_lost_with_its_process_is_found_by_its_key(shop: Shop, admin: Caller) -> None:  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 3))
    ask: dict[str, Any] = {"at": at(number), "headers": {"Idempotency-Key": "refund-1"}}
    body = {"amount": 500, "restock": False}
    first = await admin.answers("POST /api/admin/orders/{number}/refunds", 201, json=body, **ask)
    await shop.rows("DELETE FROM idempotency_keys RETURNING 1")  # as where the process died before it could keep it

    again = await admin.answers("POST /api/admin/orders/{number}/refunds", 201, json=body, **ask)
    another = await admin.answers(
        "POST /api/admin/orders/{number}/refunds",
        201,
        at=at(number),
        json=body,
        headers={"Idempotency-Key": "refund-2"},
    )

    assert again["id"] == first["id"] != another["id"]
    assert await at_stripe(intent_id) == [500, 500]
