"""The audit log as it is read: by actor, action and target, with what differs before and after."""

from urllib.parse import parse_qsl

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.tables import TableQuery, parse_table
from shophub.services import audit, audit_pages
from shophub.services.audit import SHOP, Actor
from shophub.services.audit_pages import AUDIT_LOG, difference
from tests.factories import make_user
from tests.statements import counted_statements


async def read(session: AsyncSession, **asked: str) -> list[tuple[str, str]]:
    page = await audit_pages.list_entries(session, parse_table(AUDIT_LOG, list(asked.items())), None)
    return [(line.actor, line.action) for line in page.lines]


async def test_log_is_narrowed_by_actor_action_and_target(session: AsyncSession) -> None:
    ana = await make_user(session, full_name="Ana Admin", role=Role.ADMIN)
    await audit.record(session, SHOP, "order.expire", target="order", target_id="SH-1")
    await audit.record(session, Actor(ana.id), "coupon.create", target="coupon", target_id="c")
    await audit.record(session, Actor(ana.id), "product.update", target="product", target_id="p")

    assert await read(session) == [
        ("Ana Admin", "Product: update"),
        ("Ana Admin", "Coupon: create"),
        ("The shop itself", "Order: expire"),
    ]
    assert await read(session, actor=str(ana.id), target="coupon") == [("Ana Admin", "Coupon: create")]
    assert await read(session, actor="shop") == [("The shop itself", "Order: expire")]
    assert await read(session, q="update") == [("Ana Admin", "Product: update")]
    assert await read(session, q="SH-1") == [("The shop itself", "Order: expire")]
    assert await read(session, actor="nobody") == []
    assert await read(session, action="order.expire", days="1") == [("The shop itself", "Order: expire")]
    await session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
    await session.execute(text("UPDATE audit_log SET created_at = now() - interval '2 days'"))
    assert await read(session, days="1") == []
    assert len(await read(session, days="7")) == 3


async def test_who_was_erased_has_no_name_there(session: AsyncSession) -> None:
    ana = await make_user(session, full_name="Ana Admin", role=Role.ADMIN)
    await audit.record(session, Actor(ana.id), "coupon.create", target="coupon")
    await session.execute(text("UPDATE users SET erased_at = now() WHERE id = :id"), {"id": ana.id})

    assert await read(session) == [("Somebody who was erased", "Coupon: create")]


def test_difference_shows_what_changed_and_nothing_else() -> None:
    changes = difference({"fee": 10, "tax": 5, "email": "(personal)"}, {"fee": 12, "tax": 5, "email": "(personal)"})

    assert [(one.name, one.before, one.after) for one in changes] == [
        ("fee", "10", "12"),
        ("email", "(personal)", "(personal)"),
    ]


def test_difference_of_something_new_shows_it_all() -> None:
    changes = difference(None, {"is_active": True, "applicable_categories": ["lamps"], "max_uses": None})

    assert [(one.name, one.before, one.after) for one in changes] == [
        ("is active", "\u2013", "yes"),
        ("applicable categories", "\u2013", "lamps"),
        ("max uses", "\u2013", "\u2013"),
    ]


def test_values_are_said_as_people_say_them() -> None:
    changes = difference(
        {"price_minor": 1_999, "tax_rate_ppm": 88_750, "percent_bp": 1_250, "expires_at": "2026-12-05T10:30:00+00:00"},
        {"price_minor": 2_500, "tax_rate_ppm": 0, "percent_bp": 1_000, "expires_at": None, "amount_minor": 500,
         "currency": "JPY"},
        "EUR",
    )  # fmt: skip

    assert [(one.name, one.before, one.after) for one in changes] == [
        ("price", "19.99 EUR", "2500 JPY"),
        ("tax rate", "8.875 %", "0 %"),
        ("percent", "12.5 %", "10 %"),
        ("expires", "2026-12-05 10:30 UTC", "\u2013"),
        ("amount", "\u2013", "500 JPY"),
        ("currency", "\u2013", "JPY"),
    ]


async def test_file_holds_all_pages_of_what_was_asked_for(session: AsyncSession) -> None:
    for number in range(60):
        await audit.record(
            session, SHOP, "stock.set", target="product", target_id=f"p{number}", after={"stock": number}
        )
    await audit.record(session, SHOP, "order.expire", target="order", target_id="=SH-1")

    whole = "".join([part async for part in audit_pages.csv_lines(session, parse_table(AUDIT_LOG, []))])
    narrowed = [part async for part in audit_pages.csv_lines(session, parse_table(AUDIT_LOG, [("q", "order")]))]

    lines = whole.splitlines()
    assert (len(lines), len("".join(narrowed).splitlines())) == (62, 2)
    assert '"\'=SH-1"' in lines[1]
    assert lines[2].endswith('"product","p59","","stock: 59",""')


async def test_pages_follow_each_other_both_ways_with_the_same_statements(session: AsyncSession) -> None:
    for number in range(60):
        await audit.record(session, SHOP, "stock.set", target="product", target_id=str(number))

    with counted_statements(session) as statements:
        first = await audit_pages.list_entries(session, parse_table(AUDIT_LOG, []), None)
    second = await audit_pages.list_entries(session, asked(first.table.next_url), None)
    back = await audit_pages.list_entries(session, asked(second.table.previous_url), None)

    assert len(statements) == 5
    assert [line.target_id for line in first.lines] == [str(number) for number in range(59, 9, -1)]
    assert [line.target_id for line in second.lines] == [str(number) for number in range(9, -1, -1)]
    assert back.lines == first.lines


def asked(url: str) -> TableQuery:
    return parse_table(AUDIT_LOG, parse_qsl(url.partition("?")[2]))


async def test_counting_ends_where_nobody_reads_on(session: AsyncSession) -> None:
    await session.execute(
        text("""
        INSERT INTO audit_log (action, target_type)
        SELECT CASE WHEN n > 10 THEN 'order.ship' ELSE 'order.pack' END, 'order' FROM generate_series(1, 10050) n""")
    )

    every = (await audit_pages.list_entries(session, parse_table(AUDIT_LOG, []), None)).table
    few = (await audit_pages.list_entries(session, parse_table(AUDIT_LOG, [("q", "pack")]), None)).table

    assert (every.shown_text, every.total_text) == ("50 of 10,000+", "10,000+")
    assert few.shown_text == "10 in all"
