"""Figures of the store, and who did what, for programs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.ranges import DayRange, Question
from shophub.domain.statuses import OrderStatus
from shophub.lib.clock import utc_now
from shophub.lib.pagination import PageRequest
from shophub.services import audit
from shophub.services.audit import SHOP, Actor
from shophub.services.rest.analytics import get_analytics
from shophub.services.rest.audit_log import AuditFilter, list_entries
from tests.api.rest.caller import Caller
from tests.factories import make_order, make_product, variants_of
from tests.statements import counted_statements

MARCH = {"from": "2026-03-01", "to": "2026-03-03"}


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


async def test_range_adds_up_by_day_status_currency_and_product(admin: Caller) -> None:
    async with transaction() as session:
        lamp = await make_product(session, name="Desk Lamp", stock=2)
        variants = await variants_of(session, lamp)
        await make_order(session, email="ada@example.com", variants=variants, placed_at=on(1, 0))
        await make_order(session, email="ada@example.com", placed_at=on(3, 23), status=OrderStatus.DELIVERED)
        await make_order(session, email="eve@example.com", placed_at=on(3), currency="EUR", price_minor=100)
        await make_order(session, email="bob@example.com", placed_at=on(2), status=OrderStatus.CANCELLED)
        await make_order(session, email="old@example.com", placed_at=on(1) - timedelta(days=1), price_minor=500)

    found = await admin.answers("GET /api/admin/analytics", params=MARCH)

    assert (found["from"], found["to"], found["currency"]) == ("2026-03-01", "2026-03-03", "USD")
    assert found["sales"] == {
        "revenue": 10_000, "orders": 3, "averageOrder": 5_000, "visits": 0, "visitsWithOrder": 0, "newCustomers": 2,
        "refunded": 0,
    }  # fmt: skip
    assert (found["before"]["revenue"], found["before"]["orders"]) == (2_000, 1)
    assert found["byDay"] == [
        {"day": "2026-03-01", "revenue": 5_000, "orders": 1},
        {"day": "2026-03-02", "revenue": 0, "orders": 0},
        {"day": "2026-03-03", "revenue": 5_000, "orders": 2},
    ]
    assert found["byStatus"] == {"CANCELLED": 1, "DELIVERED": 1, "PROCESSING": 2}
    assert found["byCurrency"] == [
        {"currency": "EUR", "revenue": 1_200, "orders": 1},
        {"currency": "USD", "revenue": 10_000, "orders": 2},
    ]
    assert found["topProducts"] == [{"id": str(lamp.id), "name": "Desk Lamp", "quantity": 2, "revenue": 4_000}]
    assert [(one["sku"], one["available"]) for one in found["lowStock"]] == [(variants[0].sku, 2)]
    euros = await admin.answers("GET /api/admin/analytics", params={**MARCH, "currency": "EUR"})
    assert (euros["currency"], euros["sales"]["revenue"], euros["sales"]["averageOrder"]) == ("EUR", 1_200, 1_200)


async def test_preset_ends_today_and_is_thirty_days_without_any(admin: Caller) -> None:
    for asked, days in (({}, 30), ({"preset": "7d"}, 7), ({"preset": "12m"}, 365)):
        found = await admin.answers("GET /api/admin/analytics", params=asked)

        assert len(found["byDay"]) == days
        assert date.fromisoformat(found["to"]) - date.fromisoformat(found["from"]) == timedelta(days=days - 1)
        assert abs((utc_now().date() - date.fromisoformat(found["to"])).days) <= 1


async def test_range_that_cannot_be_had_is_invalid(admin: Caller) -> None:
    wrong: list[dict[str, str]] = [
        {"preset": "1d"}, {"from": "2026-03-01"}, {"to": "2026-03-01"}, {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "2020-01-01", "to": "2026-01-01"}, {"from": "0001-01-01", "to": "0001-01-02"},
        {**MARCH, "preset": "7d"},
        {"from": "2026-03-01", "to": "9999-12-31"}, {"currency": "usd"}, {"from": "x", "to": "y"},
    ]  # fmt: skip

    for asked in wrong:
        await admin.refuses("GET /api/admin/analytics", "invalid_data", params=asked)


async def test_figures_take_eight_statements_and_customers_do_not_see_them(customer: Caller) -> None:
    async with transaction() as session:
        for day in (1, 2, 3):
            await make_order(session, placed_at=on(day))
        days = DayRange("custom", date(2026, 3, 1), date(2026, 3, 3))
        with counted_statements(session) as statements:
            await get_analytics(session, Question(days))

    assert len(statements) == 8
    await customer.refuses("GET /api/admin/analytics", "forbidden")


async def record(*entries: tuple[Actor, str, str, str, dict[str, Any]]) -> None:
    for actor, action, target, target_id, after in entries:
        async with transaction() as session:
            await audit.record(session, actor, action, target=target, target_id=target_id, after=after)


async def test_audit_log_says_who_did_what_and_is_narrowed(owner: Caller) -> None:
    mine = Actor(owner.user_id, "192.0.2.7")
    await record(
        (mine, "order.ship", "order", "SH-1001", {"status": "SHIPPED"}),
        (SHOP, "order.refund", "order", "SH-1002", {"amount_minor": 500}),
        (mine, "user.profile", "user", str(owner.user_id), {"email": "ada@example.com"}),
    )

    found = await owner.answers("GET /api/admin/audit-log")

    assert (found["total"], found["totalIsExact"], found["page"], found["pageSize"]) == (3, True, 1, 24)
    assert [one["action"] for one in found["items"]] == ["user.profile", "order.refund", "order.ship"]
    assert found["items"][2] == {
        "id": found["items"][2]["id"], "at": found["items"][2]["at"], "actorId": str(owner.user_id),
        "actorName": "Ada Shopper", "action": "order.ship", "target": "order", "targetId": "SH-1001", "before": None,
        "after": {"status": "SHIPPED"}, "networkAddress": "192.0.2.7",
    }  # fmt: skip
    assert (found["items"][1]["actorId"], found["items"][1]["actorName"]) == (None, None)
    assert found["items"][0]["after"] == {"email": "(personal)"}
    today = utc_now().date().isoformat()
    for asked, actions in (
        ({"actor": str(owner.user_id)}, ["user.profile", "order.ship"]),
        ({"action": "order.refund"}, ["order.refund"]),
        ({"target": "order"}, ["order.refund", "order.ship"]),
        ({"targetId": "SH-1001", "from": today, "to": "9999-12-31"}, ["order.ship"]),
        ({"to": "2000-01-01"}, []),
        ({"action": "' OR true --"}, []),
        ({"pageSize": "1", "page": "3"}, ["order.ship"]),
    ):
        page = await owner.answers("GET /api/admin/audit-log", params=asked)
        assert [one["action"] for one in page["items"]] == actions, asked


async def test_audit_log_takes_two_statements_and_unknown_filters_are_invalid(owner: Caller, admin: Caller) -> None:
    await record(*[(SHOP, "order.ship", "order", f"SH-{number}", {}) for number in range(3)])

    async with transaction() as session:
        with counted_statements(session) as statements:
            page = await list_entries(session, AuditFilter(), PageRequest())

    assert (len(page.items), len(statements)) == (3, 2)
    wrong: list[dict[str, str]] = [
        {"actor": "me"}, {"page": "0"}, {"pageSize": "101"}, {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "x"}, {"action": "x" * 81},
    ]  # fmt: skip
    for asked in wrong:
        await owner.refuses("GET /api/admin/audit-log", "invalid_data", params=asked)
    await admin.refuses("GET /api/admin/audit-log", "forbidden")


async def test_audit_log_counts_exactly_up_to_ten_thousand(owner: Caller) -> None:
    async with transaction() as session:
        many = "SELECT 'order.ship', 'order' FROM generate_series(1, 10001)"
        await session.execute(text(f"INSERT INTO audit_log (action, target_type) {many}"))

    page = await owner.answers("GET /api/admin/audit-log", params={"pageSize": 1, "page": 10_000})

    assert (page["total"], page["totalIsExact"], len(page["items"])) == (10_000, False, 1)
