"""Everybody's orders, for programs of the staff."""

from datetime import UTC, datetime
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.pagination import PageRequest
from shophub.services.rest import admin_orders as orders
from shophub.services.rest.admin_orders import OrderQuery
from tests.api.rest.caller import Caller
from tests.factories import make_order, make_user
from tests.statements import counted_statements

FIELDS = {
    "number", "status", "paymentStatus", "needsReview", "items", "subtotal", "discount", "couponCode", "shipping",
    "shippingTax", "tax", "total", "refunded", "currency", "shippingAddress", "email", "note", "tracking", "events",
    "createdAt",
}  # fmt: skip
FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({"status": "SHIPPED"}, ["shipped"]),
    ({"paymentStatus": "REFUNDED"}, ["refunded"]),
    ({"needsReview": "true"}, ["flagged"]),
    ({"needsReview": "false"}, ["refunded", "shipped"]),
    ({"q": "ADA@"}, ["shipped"]),
    ({"q": "lamp-"}, ["flagged"]),
    ({"q": "LAMP-", "status": "SHIPPED"}, []),
    ({"from": "2026-03-02"}, ["refunded", "flagged"]),
    ({"to": "2026-03-02"}, ["flagged", "shipped"]),
    ({"from": "2026-03-03", "to": "2026-03-03"}, ["refunded"]),
    ({"pageSize": "1", "page": "2"}, ["flagged"]),
    ({"page": "9"}, []),
    ({"to": "9999-12-31", "q": "'; --"}, []),
]
UNKNOWN: list[dict[str, str]] = [
    {"status": "shipped"},
    {"paymentStatus": "FREE"},
    {"needsReview": "perhaps"},
    {"page": "0"},
    {"pageSize": "101"},
    {"page": "10001"},
    {"page": str(2**70)},
    {"from": "yesterday"},
    {"from": "2026-03-02", "to": "2026-03-01"},
    {"q": "x" * 255},
]
ILLEGAL = [
    (OrderStatus.SHIPPED, "SHIPPED"),
    (OrderStatus.SHIPPED, "CANCELLED"),
    (OrderStatus.PROCESSING, "DELIVERED"),
    (OrderStatus.PROCESSING, "PENDING"),
    (OrderStatus.PENDING, "PROCESSING"),
    (OrderStatus.CANCELLED, "SHIPPED"),
    (OrderStatus.DELIVERED, "CANCELLED"),
]
OTHER_CHANGES: list[object] = [
    {},
    {"status": "LOST"},
    {"status": "SHIPPED", "trackingUrl": "javascript:alert(1)"},
    {"status": "SHIPPED", "trackingUrl": "https://"},
    {"status": "SHIPPED", "trackingUrl": "https://[x"},
    {"status": "SHIPPED", "carrier": "x" * 81},
    {"status": "SHIPPED", "carrier": "a\x00b"},
    {"status": "DELIVERED", "carrier": "Post"},
    {"status": "SHIPPED", "price": 1},
    [],
]


async def placed(**more: Any) -> str:
    """Make an order; gives its number."""
    async with transaction() as session:
        order = await make_order(session, **more)
        return f"SH-{order.number}"


async def rows(statement: str) -> list[tuple[object, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def change(statement: str) -> None:
    async with transaction() as session:
        await session.execute(text(statement))


async def test_list_has_every_field_of_the_newest_first(admin: Caller) -> None:
    async with transaction() as session:
        ada = await make_user(session, email="ada@example.com")
        older = await make_order(session, user=ada, placed_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    newer = await placed(email="guest@example.com", discount_minor=500)

    page = await admin.answers("GET /api/admin/orders")

    assert (page["total"], page["totalIsExact"], page["page"], page["pageSize"]) == (2, True, 1, 24)
    assert [one["number"] for one in page["items"]] == [newer, f"SH-{older.number}"]
    first, second = page["items"]
    assert set(first) >= FIELDS
    assert (first["subtotal"], first["discount"], first["shipping"], first["total"]) == (4_000, 500, 1_000, 4_500)
    assert (first["email"], first["customerId"], second["customerId"]) == ("guest@example.com", None, str(ada.id))
    assert second["createdAt"] == "2026-01-05T12:00:00Z"
    assert first["items"] == [
        {
            "name": "Desk Lamp", "sku": first["items"][0]["sku"], "options": {"Colour": "Sand", "Size": "M"},
            "quantity": 2, "refundedQuantity": 0, "price": 2_000, "discount": 0, "tax": 0, "total": 4_000,
        }
    ]  # fmt: skip
    assert first["shippingAddress"] == {
        "fullName": "Ada Shopper", "address": "1 Market Street", "address2": None, "city": "San Francisco",
        "state": "CA", "zipCode": "94105", "country": "US", "phone": None,
    }  # fmt: skip
    assert [event["type"] for event in first["events"]] == ["placed", "paid"]
    assert (first["tracking"], first["note"], first["couponCode"]) == (None, None, None)


@pytest_asyncio.fixture
async def three(database: str) -> dict[str, str]:
    """An order that was shipped, one that needs a review, and one that was refunded."""
    made = {
        "shipped": await placed(
            email="ada@example.com", status=OrderStatus.SHIPPED, placed_at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
        ),
        "flagged": await placed(email="bob@example.com", placed_at=datetime(2026, 3, 2, tzinfo=UTC)),
        "refunded": await placed(
            email="cid@example.com",
            payment_status=PaymentStatus.REFUNDED,
            placed_at=datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC),
        ),
    }
    number = made["flagged"].removeprefix("SH-")
    await change(f"UPDATE orders SET needs_review = true WHERE number = {number}")
    await change(f"UPDATE order_lines l SET sku = 'LAMP-7' FROM orders o WHERE o.id = l.order_id AND number = {number}")
    return made


async def test_filters_narrow_the_list(admin: Caller, three: dict[str, str]) -> None:
    for asked, found in FILTERS:
        page = await admin.answers("GET /api/admin/orders", params=asked)

        assert [one["number"] for one in page["items"]] == [three[name] for name in found], asked
        assert page["total"] == (3 if "page" in asked else len(found))


async def test_number_finds_its_order(admin: Caller, three: dict[str, str]) -> None:
    page = await admin.answers("GET /api/admin/orders", params={"q": three["refunded"].lower()})

    assert [one["number"] for one in page["items"]] == [three["refunded"]]


async def test_unknown_filter_is_invalid(admin: Caller) -> None:
    for asked in UNKNOWN:
        await admin.refuses("GET /api/admin/orders", "invalid_data", params=asked)


async def test_list_takes_as_many_statements_for_many_orders_as_for_one(three: dict[str, str]) -> None:
    async with transaction() as session:
        with counted_statements(session) as statements:
            page = await orders.list_all(session, OrderQuery(), PageRequest())

    assert (len(page.items), len(statements)) == (3, 6)


async def test_order_shows_its_money_and_every_step(admin: Caller) -> None:
    number = await placed()
    event = "SELECT gen_random_uuid(), id, 'reviewed', false, 'Rang twice.' FROM orders"
    await change(f"INSERT INTO order_events (id, order_id, type, is_public, note) {event}")

    order = await admin.answers("GET /api/admin/orders/{number}", at=f"/api/admin/orders/{number}")
    again = await admin.answers("GET /api/admin/orders/{number}", at=f"/api/admin/orders/{number[3:]}")

    assert order == again
    assert set(order) >= FIELDS | {"refunds", "refundable", "disputed", "reviewReason"}
    assert [(one["type"], one["isPublic"], one["note"]) for one in order["events"]] == [
        ("placed", True, None), ("paid", True, None), ("reviewed", False, "Rang twice."),
    ]  # fmt: skip
    assert (order["refunds"], order["refundable"], order["disputed"]) == ([], 0, 0)


async def test_unknown_order_is_not_found(admin: Caller) -> None:
    for number in ("SH-999999", "SH-0", "lamp", "SH-99999999999999999999", "%F0%9F%92%A9"):
        at = f"/api/admin/orders/{number}"

        await admin.refuses("GET /api/admin/orders/{number}", "order_not_found", at=at)
        await admin.refuses("PATCH /api/admin/orders/{number}", "order_not_found", at=at, json={"status": "SHIPPED"})


async def test_parcel_leaves_and_arrives(admin: Caller) -> None:
    number = await placed()
    at = f"/api/admin/orders/{number}"
    parcel = {"carrier": "Post", "trackingNumber": "P1", "trackingUrl": "https://post.example/P1"}

    shipped = await admin.answers("PATCH /api/admin/orders/{number}", at=at, json={"status": "SHIPPED", **parcel})
    delivered = await admin.answers("PATCH /api/admin/orders/{number}", at=at, json={"status": "DELIVERED"})

    assert (shipped["status"], shipped["tracking"]) == ("SHIPPED", parcel)
    assert (shipped["events"][-1]["type"], shipped["events"][-1]["actorId"]) == ("shipped", str(admin.user_id))
    assert (delivered["status"], delivered["tracking"]) == ("DELIVERED", parcel)
    assert await rows("SELECT action, actor_id FROM audit_log ORDER BY id") == [
        ("order.ship", admin.user_id),
        ("order.deliver", admin.user_id),
    ]


async def test_parcel_may_be_without_number_and_nulls_are_as_good_as_nothing(admin: Caller) -> None:
    at = f"/api/admin/orders/{await placed()}"
    body = {"status": "SHIPPED", "carrier": "Post", "trackingNumber": None, "trackingUrl": None}

    order = await admin.answers("PATCH /api/admin/orders/{number}", at=at, json=body)

    assert order["tracking"] == {"carrier": "Post", "trackingNumber": "", "trackingUrl": None}


async def test_illegal_step_changes_nothing(admin: Caller) -> None:
    for status, to in ILLEGAL:
        number = await placed(status=status)

        at = f"/api/admin/orders/{number}"
        await admin.refuses("PATCH /api/admin/orders/{number}", "illegal_transition", at=at, json={"status": to})

        assert await rows(f"SELECT status FROM orders WHERE number = {number[3:]}") == [(status.value,)]
    assert await rows("SELECT 1 FROM audit_log") == []


async def test_flagged_or_unpaid_order_does_not_leave(admin: Caller) -> None:
    flagged, unpaid = await placed(), await placed(payment_status=PaymentStatus.PROCESSING)
    await change(f"UPDATE orders SET needs_review = true WHERE number = {flagged[3:]}")
    body = {"status": "SHIPPED"}

    at = f"/api/admin/orders/{flagged}"
    await admin.refuses("PATCH /api/admin/orders/{number}", "needs_review", at=at, json=body)
    at = f"/api/admin/orders/{unpaid}"
    await admin.refuses("PATCH /api/admin/orders/{number}", "not_paid", at=at, json=body)

    assert await rows("SELECT DISTINCT status FROM orders") == [("PROCESSING",)]
    assert await rows("SELECT 1 FROM shipments") == []


async def test_cancelling_gives_money_back_and_needs_the_password_entered_lately(admin: Caller) -> None:
    at = f"/api/admin/orders/{await placed()}"
    await change("UPDATE sessions SET step_up_at = now() - interval '11 minutes'")
    body = {"status": "CANCELLED"}

    await admin.refuses("PATCH /api/admin/orders/{number}", "step_up_required", at=at, json=body)
    assert await rows("SELECT status FROM orders") == [("PROCESSING",)]
    await change("UPDATE sessions SET step_up_at = now()")
    order = await admin.answers("PATCH /api/admin/orders/{number}", at=at, json=body)

    assert order["status"] == "CANCELLED"
    assert await rows("SELECT action FROM audit_log") == [("order.cancel",)]


async def test_other_changes_are_invalid(admin: Caller) -> None:
    at = f"/api/admin/orders/{await placed()}"

    for body in OTHER_CHANGES:
        await admin.refuses("PATCH /api/admin/orders/{number}", "invalid_data", at=at, json=body)

    assert await rows("SELECT status FROM orders") == [("PROCESSING",)]
    assert await rows("SELECT 1 FROM shipments") == []


async def test_customers_do_not_get_in(customer: Caller) -> None:
    at = f"/api/admin/orders/{await placed()}"

    await customer.refuses("GET /api/admin/orders", "forbidden")
    await customer.refuses("GET /api/admin/orders/{number}", "forbidden", at=at)
    await customer.refuses("PATCH /api/admin/orders/{number}", "forbidden", at=at, json={"status": "SHIPPED"})

    assert await rows("SELECT status FROM orders") == [("PROCESSING",)]


async def test_what_cost_nothing_is_not_refunded_and_nor_is_what_is_not_there(admin: Caller) -> None:
    free = await placed()

    at = f"/api/admin/orders/{free}/refunds"
    await admin.refuses("POST /api/admin/orders/{number}/refunds", "not_paid", at=at, json={"restock": False})
    at = "/api/admin/orders/lamp/refunds"
    await admin.refuses("POST /api/admin/orders/{number}/refunds", "order_not_found", at=at, json={"restock": False})
    assert await rows("SELECT 1 FROM refunds") == []
