"""An account's orders, a guest's by the mailed link, and cancelling them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.models.orders import Order, Shipment
from shophub.models.payments import Dispute, Payment
from shophub.services import guest_orders
from tests.api.rest.caller import Caller
from tests.factories import make_order, make_product, variants_of
from tests.statements import all_statements

ITEM = {
    "name": "Desk Lamp",
    "options": {"Colour": "Sand", "Size": "M"},
    "quantity": 2,
    "refundedQuantity": 0,
    "price": 2_000,
    "discount": 0,
    "tax": 0,
    "total": 4_000,
}
ADDRESS = {
    "fullName": "Ada Shopper",
    "address": "1 Market Street",
    "address2": None,
    "city": "San Francisco",
    "state": "CA",
    "zipCode": "94105",
    "country": "US",
    "phone": None,
}
TRACKING = {"carrier": "Parcelway", "trackingNumber": "PW 1", "trackingUrl": "https://parcelway.example/PW1"}


async def ordered(caller: Caller | None = None, **more: Any) -> Order:
    """Return an order of a caller's account, or of a guest."""
    async with transaction() as session:
        user = await session.get(User, caller.user_id) if caller and caller.user_id else None
        return await make_order(session, user=user, **more)


def cookie_of(order: Order) -> dict[str, str]:
    """Return the header of a browser that has opened the mailed link."""
    token = guest_orders.link(order.number, order.placed_at).partition("token=")[2]
    return {"Cookie": f"{guest_orders.cookie_name(order.number)}={token}"}


async def rows(sql: str) -> Sequence[Any]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(sql))]


async def test_order_is_shown_whole(customer: Caller) -> None:
    order = await ordered(customer, discount_minor=400, steps=("placed", "paid"))
    async with transaction() as session:
        session.add(
            Shipment(
                order_id=order.id,
                carrier="Parcelway",
                tracking_number="PW 1",
                tracking_url="https://parcelway.example/PW1",
                shipped_at=utc_now(),
            )
        )

    shown = await customer.answers("GET /api/orders/{number}", at=f"/api/orders/SH-{order.number}")

    at = order.placed_at.isoformat().replace("+00:00", "Z")
    (item,) = shown.pop("items")
    assert item.pop("sku").startswith("GONE-")
    assert item == ITEM
    assert shown == {
        "number": f"SH-{order.number}",
        "status": "PROCESSING",
        "paymentStatus": "PAID",
        "needsReview": False,
        "subtotal": 4_000,
        "discount": 400,
        "couponCode": None,
        "shipping": 1_000,
        "shippingTax": 0,
        "tax": 0,
        "total": 4_600,
        "refunded": 0,
        "currency": "USD",
        "shippingAddress": ADDRESS,
        "email": customer.email,
        "note": None,
        "tracking": TRACKING,
        "events": [{"type": "placed", "at": at, "note": None}, {"type": "paid", "at": at, "note": None}],
        "createdAt": at,
    }


async def test_list_has_own_orders_only_by_pages_in_a_fixed_number_of_statements(
    customer: Caller, other: Caller
) -> None:
    numbers = [f"SH-{(await ordered(customer)).number}" for _ in range(3)]
    await ordered(other)
    await ordered()

    for query in ({"page": 0}, {"pageSize": 101}, {"page": 10**12}):
        await customer.refuses("GET /api/orders", "invalid_data", params=query)
    await customer.answers("GET /api/orders", params={"page": 3, "pageSize": 2})
    with all_statements() as few:
        second = await customer.answers("GET /api/orders", params={"page": 2, "pageSize": 2})
    with all_statements() as more:
        everything = await customer.answers("GET /api/orders")

    assert [order["number"] for order in second.pop("items")] == numbers[:1]
    assert second == {"total": 3, "totalIsExact": True, "page": 2, "pageSize": 2}
    assert [order["number"] for order in everything["items"]] == numbers[::-1]
    assert (everything["total"], everything["pageSize"]) == (3, 24)
    assert len(few) == len(more)


async def test_another_customers_order_is_unknown_and_unchanged(
    customer: Caller, other: Caller, guest: Caller, admin: Caller
) -> None:
    """Known failure 31: another customer's order opens by its number; a guest's by counting upward."""
    own, of_a_guest = await ordered(customer), await ordered()
    strangers = [(other, own), (guest, own), (customer, of_a_guest), (guest, of_a_guest)]
    for caller, order in strangers:
        for wrong in (f"SH-{order.number}", str(order.number), "SH-999999999", "SH-1%27", "nothing"):
            await caller.refuses("GET /api/orders/{number}", "order_not_found", at=f"/api/orders/{wrong}")
            await caller.refuses(
                "POST /api/orders/{number}/cancel", "order_not_found", at=f"/api/orders/{wrong}/cancel"
            )
    for stranger in (admin, other):  # the staff cancel in the back office, where it is logged
        await stranger.refuses(
            "POST /api/orders/{number}/cancel", "order_not_found", at=f"/api/orders/SH-{own.number}/cancel"
        )

    assert await rows("SELECT DISTINCT status, payment_status FROM orders") == [("PROCESSING", "PAID")]
    assert (await admin.answers("GET /api/orders/{number}", at=f"/api/orders/SH-{own.number}"))["email"] == own.email


async def test_guest_sees_and_cancels_by_the_mailed_link_and_no_other_order(guest: Caller) -> None:
    order, of_another = await ordered(), await ordered()
    cookie = cookie_of(order)

    shown = await guest.answers("GET /api/orders/{number}", at=f"/api/orders/SH-{order.number}", headers=cookie)
    cancelled = await guest.answers(
        "POST /api/orders/{number}/cancel", at=f"/api/orders/SH-{order.number}/cancel", headers=cookie
    )

    assert (shown["email"], shown["status"], cancelled["status"]) == (order.email, "PROCESSING", "CANCELLED")
    await guest.refuses(
        "POST /api/orders/{number}/cancel",
        "order_not_found",
        at=f"/api/orders/SH-{of_another.number}/cancel",
        headers=cookie,
    )
    assert await rows("SELECT number FROM orders WHERE status = 'CANCELLED'") == [(order.number,)]


async def test_cancelling_gives_the_goods_back_and_is_told(customer: Caller) -> None:
    async with transaction() as session:
        product = await make_product(session, stock=3)
        (variant,) = await variants_of(session, product)
    order = await ordered(customer, variants=[variant], quantity=2)

    shown = await customer.answers("POST /api/orders/{number}/cancel", at=f"/api/orders/sh-{order.number}/cancel")

    assert [event["type"] for event in shown["events"]] == ["placed", "paid", "cancelled"]
    assert shown["events"][-1]["note"] == "Cancelled by the customer."
    assert await rows("SELECT stock FROM variants") == [(5,)]
    assert await rows("SELECT delta, reason FROM stock_ledger WHERE delta = 2") == [(2, "cancellation")]
    assert await rows("SELECT task_name FROM procrastinate_jobs") == [("emails.send",)]


async def test_order_on_its_way_or_contested_is_not_cancelled(customer: Caller) -> None:
    shipped, contested = await ordered(customer, status=OrderStatus.SHIPPED), await ordered(customer)
    async with transaction() as session:
        payment = Payment(
            order_id=contested.id, revision=1, stripe_payment_intent_id="pi_1", amount_minor=5_000, currency="USD"
        )
        session.add(payment)
        await session.flush()
        session.add(
            Dispute(
                payment_id=payment.id,
                stripe_dispute_id="dp_1",
                amount_minor=5_000,
                currency="USD",
                status="needs_response",
                opened_at=utc_now(),
            )
        )

    await customer.refuses(
        "POST /api/orders/{number}/cancel", "illegal_transition", at=f"/api/orders/SH-{shipped.number}/cancel"
    )
    await customer.refuses(
        "POST /api/orders/{number}/cancel", "payment_disputed", at=f"/api/orders/SH-{contested.number}/cancel"
    )

    assert await rows("SELECT status FROM orders ORDER BY number") == [("SHIPPED",), ("PROCESSING",)]
    assert await rows("SELECT count(*) FROM refunds") == [(0,)]
