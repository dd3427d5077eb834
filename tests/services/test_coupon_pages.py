"""Coupons for the staff: in words, by where they stand, from their form, and many at once."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.errors import InvalidInputError
from shophub.lib.clock import utc_now
from shophub.lib.tables import parse_table
from shophub.schemas.coupon_pages import CouponFields
from shophub.schemas.coupons import parse_coupon
from shophub.services import coupon_pages, coupons
from shophub.services.audit import SHOP
from shophub.services.coupon_pages import COUPONS
from tests.factories import make_coupon
from tests.statements import counted_statements

FIELDS = CouponFields(code="SPRING", percent="12.5", starts="2026-03-01", ends="2026-03-31")
LAMPS = (("lamps", "Lamps"), ("desks", "Desks"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "12.5% off the items."),
        ({"maximum": "50", "minimum": "100"}, "12.5% off the items, at most $50.00, on orders of $100.00 or more."),
        ({"categories": ("lamps", "desks")}, "12.5% off items in Lamps and Desks."),
        ({"discount_type": "FIXED", "amount": "5"}, "$5.00 off the items."),
        ({"discount_type": "FREE_SHIPPING", "first_order_only": True}, "Free delivery, on a customer's first order."),
    ],
    ids=["percent", "limits", "categories", "amount", "delivery"],
)
def test_terms_are_said_in_plain_words(changed: dict[str, object], said: str) -> None:
    fields = CouponFields(**{**vars(FIELDS), **changed})

    shown = coupon_pages.preview(fields, "USD", LAMPS)

    assert (shown.summary, shown.problem) == (said, "")
    assert shown.dates == "From 1 Mar 2026 to 31 Mar 2026 (UTC)."


def test_preview_shows_what_orders_come_to() -> None:
    fields = CouponFields(**{**vars(FIELDS), "percent": "10", "maximum": "20", "minimum": "30"})

    shown = coupon_pages.preview(fields, "USD", ())

    assert [(one.before, one.after, one.note) for one in shown.examples] == [
        ("$25.00", "$25.00", "Too small for this coupon"),
        ("$80.00", "$72.00", "$8.00 off"),
        ("$250.00", "$230.00", "$20.00 off, the most"),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"percent": "101"}, "percent"),
        ({"discount_type": "FIXED", "amount": "lots"}, "amount"),
        ({"minimum": "-3"}, "minimum"),
        ({"ends": "2026-02-01"}, "ends"),
        ({"per_customer": "0"}, "per_customer"),
    ],
    ids=["percent", "amount", "minimum", "dates", "uses"],
)
def test_refusals_stand_at_the_field_that_was_typed_into(changed: dict[str, object], field: str) -> None:
    fields = CouponFields(**{**vars(FIELDS), **changed})

    with pytest.raises(InvalidInputError) as refused:
        parse_coupon(coupon_pages.form_data(fields, "USD"))

    errors = coupon_pages.shown_errors(refused.value, fields.discount_type)
    assert [name for name, sentence in vars(errors).items() if sentence] == [field]
    assert coupon_pages.preview(fields, "USD", ()).problem


async def test_form_of_a_coupon_changes_nothing_by_itself(session: AsyncSession) -> None:
    made = await coupons.create_coupon(session, parse_coupon(coupon_pages.form_data(FIELDS, "USD")), actor=SHOP)

    fields = coupon_pages.fields_of(made, "USD")

    assert fields == FIELDS
    assert coupon_pages.changes(fields, fields, "USD") == {}


async def test_many_codes_are_made_that_work_once_each(session: AsyncSession) -> None:
    form = coupon_pages.single_use(parse_coupon(coupon_pages.form_data(FIELDS, "USD")))

    with counted_statements(session) as statements:
        made = await coupons.create_many(session, form, coupon_pages.codes_of("SPRING", 200), actor=SHOP)

    assert len(set(made)) == 200
    assert all(code.startswith("SPRING-") for code in made)
    assert len(statements) <= 3
    kept = (await session.execute(text("SELECT count(*), max(max_uses) FROM coupons"))).one()
    assert tuple(kept) == (200, 1)
    log = (await session.execute(text("SELECT action, after->>'count' FROM audit_log"))).one()
    assert tuple(log) == ("coupon.generate", "200")


async def test_list_tells_where_each_coupon_stands(session: AsyncSession) -> None:
    now = utc_now()
    await make_coupon(session, code="RUNNING")
    await make_coupon(session, code="PAST", starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=1))
    await make_coupon(session, code="SOON", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=9))
    await make_coupon(session, code="STOPPED", is_active=False)

    page = await coupon_pages.list_coupons(session, parse_table(COUPONS, []), None)
    running = await coupon_pages.list_coupons(session, parse_table(COUPONS, [("tab", "running")]), None)

    assert {line.code: line.standing_text for line in page.lines} == {
        "RUNNING": "Running",
        "PAST": "Ended",
        "SOON": "Planned",
        "STOPPED": "Switched off",
    }
    assert [tab.count_text for tab in page.table.tabs] == ["4", "1", "1", "0", "1", "1"]
    assert [line.code for line in running.lines] == ["RUNNING"]


@pytest.mark.parametrize("sort", ["code", "-used", "-ends", "-created"])
async def test_pages_follow_each_other_with_the_same_statements(session: AsyncSession, sort: str) -> None:
    form = parse_coupon(coupon_pages.form_data(FIELDS, "USD"))
    await coupons.create_many(session, form, [f"CODE{number:03}" for number in range(60)], actor=SHOP)

    with counted_statements(session) as statements:
        first = await coupon_pages.list_coupons(session, parse_table(COUPONS, [("sort", sort)]), None)
    query = parse_table(COUPONS, parse_qsl(first.table.next_url.partition("?")[2]))
    second = await coupon_pages.list_coupons(session, query, None)

    assert len(statements) <= 4
    assert (len(first.lines), len(second.lines)) == (50, 10)
    assert len({line.code for line in (*first.lines, *second.lines)}) == 60


async def test_codes_that_two_make_at_once_are_each_made_once(database: str) -> None:
    form = coupon_pages.single_use(parse_coupon(coupon_pages.form_data(FIELDS, "USD")))
    codes = [f"CODE{number:04}" for number in range(1_000)]

    async def make(wanted: list[str]) -> list[str]:
        async with transaction() as session:
            return await coupons.create_many(session, form, wanted, actor=SHOP)

    # Each has a code of its own: whoever comes second to all that they share would be told that none was free.
    first, second = await asyncio.gather(make([*codes, "LESS"]), make([*reversed(codes), "MORE"]))

    assert sorted([*first, *second]) == sorted([*codes, "LESS", "MORE"])
    async with transaction() as session:
        kept = (await session.execute(text("SELECT count(*), count(DISTINCT code) FROM coupons"))).one()
    assert tuple(kept) == (1_002, 1_002)
