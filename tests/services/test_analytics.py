"""Analytics: exact by currency and day, the same before and after days were added up, and cheap."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.ranges import CUSTOM, DayRange, Question, parse_question
from shophub.domain.statuses import OrderStatus, Role
from shophub.errors import NotFoundError
from shophub.lib.ids import new_id
from shophub.models.orders import Order
from shophub.schemas.analytics import AnalyticsView, Report
from shophub.services import analytics, figures
from tests.factories import make_category, make_order, make_product, variants_of
from tests.statements import counted_statements

# Over the end of a February that has 29 days.
LEAP = DayRange(CUSTOM, date(2024, 2, 27), date(2024, 3, 1))
ADA, BEN = "ada@example.com", "ben@example.com"


async def sold(session: AsyncSession, moment: datetime, minor: int = 1_000, **more: Any) -> Order:
    """Have one piece sold."""
    return await make_order(
        session, placed_at=moment, **{"shipping_minor": 0, "quantity": 1, "price_minor": minor, **more}
    )


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 2) -> datetime:
    """Return a moment of early 2024."""
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


async def view_of(session: AsyncSession, days: DayRange = LEAP, **more: Any) -> AnalyticsView:
    """Return the page as an admin sees it."""
    return await analytics.get_view(session, Question(days, **more), Role.ADMIN)


def rows_of(view: AnalyticsView, name: str) -> list[tuple[str, ...]]:
    """Return the cells of a report."""
    report: Report = next(one for one in view.reports if one.name == name)
    return [tuple(cell.text for cell in row.cells) for row in report.rows]


async def file_of(session: AsyncSession, name: str, days: DayRange = LEAP) -> Sequence[str]:
    """Return the lines of a file."""
    return (await analytics.get_file(session, name, days)).removeprefix("\ufeff").splitlines()


async def test_days_begin_at_midnight_utc_also_on_leap_day_and_where_the_database_lives_elsewhere(
    session: AsyncSession,
) -> None:
    await session.execute(text("SET LOCAL timezone = 'America/Los_Angeles'"))
    await sold(session, at(26, 23, 59), 90_000)
    await sold(session, at(27, 0), 100)
    await sold(session, at(29, 23, 59), 2_000)
    await sold(session, at(1, 23, 59, month=3), 30_000)
    await sold(session, at(2, 0, month=3), 400_000)

    view = await view_of(session)
    await figures.add_up(session)
    added_up = await view_of(session)

    assert [(one.label, one.net_text) for one in view.points] == [
        ("27 Feb", "$1.00"),
        ("28 Feb", "$0.00"),
        ("29 Feb", "$20.00"),
        ("1 Mar", "$300.00"),
    ]
    assert view.figures[0].value == "$321.00"
    assert view.figures[0].before == "$900.00"
    assert added_up == view


async def test_sums_are_by_currency_without_what_was_cancelled_or_given_back(session: AsyncSession) -> None:
    shelf = await make_category(session, name="Shelf")
    lamp = await make_product(session, name="Lamp", category=shelf)
    lamps = await variants_of(session, lamp)
    await sold(session, at(27), 5_000, variants=lamps)
    await sold(session, at(28), 333, variants=lamps, currency="JPY")
    await sold(session, at(28), 7_000, variants=lamps, status=OrderStatus.CANCELLED)
    refunded = await sold(session, at(29), 4_000, variants=lamps)
    await session.execute(text("UPDATE orders SET refunded_minor = 1500 WHERE id = :id"), {"id": refunded.id})
    await session.execute(
        text("UPDATE order_lines SET refunded_minor = 1500, refunded_quantity = 1 WHERE order_id = :id"),
        {"id": refunded.id},
    )

    dollars, yen = await view_of(session), await view_of(session, currency="JPY")

    assert [one.value for one in dollars.figures[:3]] == ["$75.00", "3", "$37.50"]
    assert dollars.other_currencies == "¥333"
    assert [(one.label, one.is_current) for one in dollars.currencies] == [("JPY", False), ("USD", True)]
    assert rows_of(dollars, "products") == [("Lamp", "1", "$75.00")]
    assert rows_of(dollars, "categories") == [("Shelf", "1", "$75.00")]
    assert (yen.figures[0].value, rows_of(yen, "products")) == ("¥333", [("Lamp", "1", "¥333")])
    assert await file_of(session, "products") == [
        '"Product","Currency","Pieces","Net sales"',
        '"Lamp","USD","1","75.00"',
        '"Lamp","JPY","1","333"',
    ]


async def test_figures_stay_exact_when_orders_change_after_their_day_was_added_up(session: AsyncSession) -> None:
    first = await sold(session, at(27), 1_000, email=ADA)
    await sold(session, at(28), 2_000, email=ADA)
    assert await figures.add_up(session) == 2
    assert await figures.add_up(session) == 0

    await session.execute(text("UPDATE orders SET status = 'CANCELLED' WHERE id = :id"), {"id": first.id})
    view = await view_of(session)

    assert (view.figures[0].value, rows_of(view, "customers")[0][1:]) == ("$20.00", ("1", "$20.00"))
    assert await figures.add_up(session) == 2
    assert await view_of(session) == view


async def test_new_customers_are_those_without_an_earlier_order(session: AsyncSession) -> None:
    await sold(session, at(1, month=1), 9_000, email=ADA)
    await sold(session, at(2, month=1), 9_000, email=BEN, status=OrderStatus.CANCELLED)
    await sold(session, at(27), 1_000, email=ADA)
    await sold(session, at(28), 2_000, email=BEN)
    await sold(session, at(28, 13), 4_000, email=BEN)

    assert rows_of(await view_of(session), "customers") == [("New", "1", "$20.00"), ("Returning", "2", "$50.00")]
    assert await file_of(session, "customers") == [
        '"Day (UTC)","Currency","First orders","Net sales of first orders","Later orders","Net sales of later orders"',
        '"2024-02-27","USD","0","0.00","1","10.00"',
        '"2024-02-28","USD","1","20.00","1","40.00"',
    ]


async def test_coupons_say_what_they_brought_and_took_off(session: AsyncSession) -> None:
    for moment, code, discount in ((at(27), "SAVE", 100), (at(28), "SAVE", 250), (at(29), "=HACK()", 5)):
        order = await sold(session, moment, 1_000)
        await session.execute(
            text(
                "UPDATE orders SET coupon_code = :code, discount_minor = :minor, total_minor = total_minor - :minor"
                " WHERE id = :id"
            ),
            {"code": code, "minor": discount, "id": order.id},
        )

    assert rows_of(await view_of(session), "coupons") == [
        ("SAVE", "2", "$16.50", "$3.50"),
        ("=HACK()", "1", "$9.95", "$0.05"),
    ]
    assert (await file_of(session, "coupons"))[2] == '"\'=HACK()","USD","1","9.95","0.05"'


async def test_refunds_count_on_the_day_on_which_the_money_went_back(session: AsyncSession) -> None:
    order = await sold(session, at(1, month=1), 9_000)
    await session.execute(
        text(
            "INSERT INTO payments (id, order_id, revision, stripe_payment_intent_id, amount_minor, currency)"
            " VALUES (:id, :order, 1, 'pi_refunds', 9000, 'USD')"
        ),
        {"id": new_id(), "order": order.id},
    )
    for minor, moment, reason, status in (
        (100, at(27, 0), "Broken", "succeeded"),
        (200, at(1, 23, 59, month=3), "Broken", "succeeded"),
        (50, at(28), "", "succeeded"),
        (1_000, at(26), "Broken", "succeeded"),
        (5_000, at(28), "Broken", "failed"),
    ):
        await session.execute(
            text(
                "INSERT INTO refunds (id, payment_id, order_id, amount_minor, currency, status, reason, ended_at)"
                " SELECT :id, p.id, p.order_id, :minor, 'USD', :status, :reason, :at FROM payments p"
                " WHERE p.order_id = :order"
            ),
            {"id": new_id(), "minor": minor, "status": status, "reason": reason, "at": moment, "order": order.id},
        )

    view = await view_of(session)

    assert rows_of(view, "refunds") == [("Broken", "2", "$3.00"), ("No reason given", "1", "$0.50")]
    assert (view.figures[4].value, view.figures[4].before, view.figures[4].change) == ("$3.50", "$10.00", "Down 65%")
    assert await file_of(session, "refunds") == [
        '"Reason","Currency","Refunds","Amount"',
        '"Broken","USD","2","3.00"',
        '"","USD","1","0.50"',
    ]


async def test_funnel_has_the_share_of_each_step_and_the_range_before(session: AsyncSession) -> None:
    for day, steps in ((27, 4), (28, 1), (29, 0), (29, 2), (25, 0)):
        flags = [place < steps for place in range(4)]
        await session.execute(
            text(
                "INSERT INTO visits"
                " (id, visited_on, visitor_hash, saw_product, added_to_cart, started_checkout, ordered)"
                " VALUES (:id, :day, 'x', :a, :b, :c, :d)"
            ),
            {"id": new_id(), "day": date(2024, 2, day), **dict(zip("abcd", flags, strict=True))},
        )

    view = await view_of(session)

    assert [(one.label, one.count, one.share, one.of_before, one.width, one.before) for one in view.funnel] == [
        ("Visits", "4", "100.00%", "", 100, "1"),
        ("Saw a product", "3", "75.00%", "75.00%", 75, "0"),
        ("Had something in the cart", "2", "50.00%", "66.67%", 50, "0"),
        ("Began a checkout", "1", "25.00%", "50.00%", 25, "0"),
        ("Ordered", "1", "25.00%", "100.00%", 25, "0"),
    ]
    assert (await file_of(session, "visits"))[1:] == [
        '"2024-02-27","1","1","1","1","1"',
        '"2024-02-28","1","1","0","0","0"',
        '"2024-02-29","2","1","1","0","0"',
    ]


async def test_searches_in_vain_and_what_runs_low(session: AsyncSession) -> None:
    for query, day, times in (("lampp", 27, 2), ("lampp", 1, 30), ("=1+1", 28, 5)):
        await session.execute(
            text("INSERT INTO searches (id, query, result_count, day, times) VALUES (:id, :query, 0, :day, :times)"),
            {"id": new_id(), "query": query, "day": date(2024, 2, day), "times": times},
        )
    scarce = await make_product(session, name="Scarce", stock=6)
    await make_order(session, variants=await variants_of(session, scarce), quantity=20)

    view = await view_of(session)

    assert rows_of(view, "searches") == [("=1+1", "5", "28 Feb 2024"), ("lampp", "2", "27 Feb 2024")]
    assert (await file_of(session, "searches"))[1] == '"\'=1+1","5","2024-02-28"'
    assert rows_of(view, "low-stock")[0] == ("Scarce", "6", "9 days left")


async def test_shop_without_anything_has_no_figures_and_divides_by_nothing(session: AsyncSession) -> None:
    view = await view_of(session)

    assert [one.value for one in view.figures] == ["$0.00", "0", "$0.00", "–", "$0.00"]
    assert [(one.count, one.share, one.width) for one in view.funnel] == [("0", "–", 0)] * 5
    assert (view.has_sales, view.has_visits, view.currencies) == (False, False, ())
    assert [len(one.rows) for one in view.reports] == [0] * 7


async def test_without_comparing_nothing_of_the_range_before_is_shown(session: AsyncSession) -> None:
    await sold(session, at(24), 1_000)

    view = await view_of(session, is_compared=False)

    assert {(one.before, one.change, one.trend) for one in view.figures} == {("", "", "")}
    assert (view.before_text, view.has_sales, view.funnel[0].before) == ("", False, "")
    assert view.compare_url == "/admin/analytics?from=2024-02-27&to=2024-03-01"


async def test_addresses_keep_what_was_asked(session: AsyncSession) -> None:
    view = await view_of(session, currency="EUR", is_compared=False)

    assert view.choices[0].url == "/admin/analytics?range=7d&currency=EUR&compare=no"
    assert [(one.name, one.value) for one in view.kept] == [("currency", "EUR"), ("compare", "no")]
    assert view.sales_csv == "/admin/analytics/sales.csv?from=2024-02-27&to=2024-03-01"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Question(DayRange("30d", date(2024, 2, 1), date(2024, 3, 1)))),
        (
            {"currency": "EUR", "compare": "no"},
            Question(DayRange("30d", date(2024, 2, 1), date(2024, 3, 1)), False, "EUR"),
        ),
        ({"currency": "eu'", "range": "7d"}, Question(DayRange("7d", date(2024, 2, 24), date(2024, 3, 1)))),
        ({"from": "2024-02-29", "to": "2025-01-01"}, Question(DayRange("custom", date(2024, 2, 29), date(2024, 3, 1)))),
    ],
    ids=["nothing", "all", "nonsense", "own-days"],
)
def test_addresses_are_read(given: dict[str, str], expected: Question) -> None:
    assert parse_question(given, date(2024, 3, 1)) == expected


async def test_unknown_report_is_not_found(session: AsyncSession) -> None:
    with pytest.raises(NotFoundError):
        await analytics.get_file(session, "passwords", LEAP)


@pytest.mark.parametrize("is_added_up", [False, True], ids=["from-orders", "added-up"])
async def test_number_of_statements_does_not_grow(is_added_up: bool, session: AsyncSession) -> None:
    for day in range(1, 29):
        product = await make_product(session, stock=1)
        await sold(session, at(day), variants=await variants_of(session, product))
    if is_added_up:
        await figures.add_up(session)

    with counted_statements(session) as statements:
        view = await view_of(session, DayRange(CUSTOM, date(2024, 2, 1), date(2024, 2, 29)))

    assert (len(rows_of(view, "products")), len(rows_of(view, "low-stock"))) == (10, 10)
    assert len(statements) == 8


async def test_a_day_whose_order_moved_away_is_added_up_as_well(session: AsyncSession) -> None:
    order = await sold(session, at(27), 1_000)
    await figures.add_up(session)
    await session.execute(text("UPDATE orders SET placed_at = :at WHERE id = :id"), {"at": at(29), "id": order.id})

    assert await figures.add_up(session) == 2
    left = await session.execute(text("SELECT day FROM sales_days WHERE orders > 0"))
    assert [row.day for row in left] == [date(2024, 2, 29)]
