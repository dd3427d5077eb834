"""The dashboard's figures: exact, by currency, against the range before."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.ranges import DayRange
from shophub.domain.statuses import OrderStatus, Role
from shophub.models.orders import Order
from shophub.schemas.dashboard import ChartPoint, DashboardView, Figure
from shophub.services import dashboard
from tests.factories import make_order, make_product, make_user, variants_of
from tests.statements import counted_statements

WEEK = DayRange("custom", date(2026, 3, 9), date(2026, 3, 15))
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


async def sold(session: AsyncSession, day: int, hour: int = 12, *, refunded_minor: int = 0, **more: object) -> Order:
    """Have an order placed on a day of March."""
    order = await make_order(session, placed_at=datetime(2026, 3, day, hour, tzinfo=UTC), shipping_minor=0, **more)  # type: ignore[arg-type]
    await session.execute(
        text("UPDATE orders SET refunded_minor = :minor WHERE id = :id"), {"minor": refunded_minor, "id": order.id}
    )
    return order


async def view_of(session: AsyncSession, days: DayRange = WEEK) -> DashboardView:
    """Return the dashboard as an admin sees it."""
    return await dashboard.get_dashboard(session, days, Role.ADMIN)


def named(view: DashboardView, label: str) -> Figure:
    """Return one of the figures."""
    return next(figure for figure in view.figures if figure.label == label)


async def test_net_sales_are_what_was_paid_less_what_went_back(session: AsyncSession) -> None:
    await sold(session, 9, 0, quantity=1, price_minor=3_001)
    await sold(session, 15, 23, quantity=1, price_minor=7_000, refunded_minor=500)
    await sold(session, 12, quantity=1, price_minor=90_000, status=OrderStatus.CANCELLED)
    await sold(session, 8, 23, quantity=1, price_minor=4_000)
    await sold(session, 16, 0, quantity=1, price_minor=50_000)

    view = await view_of(session)

    assert [(named(view, label).value, named(view, label).change) for label in ("Net sales", "Orders")] == [
        ("$95.01", "Up 138%"),
        ("2", "Up 100%"),
    ]
    assert (named(view, "Average order").value, named(view, "Net sales").before) == ("$47.51", "$40.00")
    assert (view.start, view.end, view.before_text) == ("2026-03-09", "2026-03-15", "2 Mar 2026 – 8 Mar 2026")


async def test_currencies_are_never_added_up(session: AsyncSession) -> None:
    await sold(session, 10, quantity=1, price_minor=1_000)
    await sold(session, 10, quantity=1, price_minor=2_000, currency="EUR")
    await sold(session, 11, quantity=1, price_minor=300, currency="JPY")

    view = await view_of(session)

    assert (named(view, "Net sales").value, named(view, "Average order").value) == ("$10.00", "$10.00")
    assert named(view, "Orders").value == "3"
    assert view.other_currencies == "€20.00 · ¥300"


async def test_chart_has_every_day_with_the_one_before_beside_it(session: AsyncSession) -> None:
    await sold(session, 9, quantity=2, price_minor=1_250)
    await sold(session, 2, quantity=1, price_minor=999)

    points = (await view_of(session)).points

    assert len(points) == 7
    assert points[0] == ChartPoint("9 Mar", 25, 9, "$25.00", "2 Mar", "$9.99", 1, 1, 25, 9, "$25.00", "$9.99")
    assert points[6] == ChartPoint("15 Mar", 0, 0, "$0.00", "8 Mar", "$0.00", 0, 0, 0, 0, "$0.00", "$0.00")


async def test_conversion_is_the_share_of_visits_that_came_to_an_order(session: AsyncSession) -> None:
    for day, ordered in ((9, True), (9, False), (10, False), (3, False)):
        await session.execute(
            text(
                "INSERT INTO visits (id, visited_on, visitor_hash, ordered)"
                " VALUES (gen_random_uuid(), :day, gen_random_uuid()::text, :ordered)"
            ),
            {"day": date(2026, 3, day), "ordered": ordered},
        )

    conversion = named(await view_of(session), "Conversion")

    assert (conversion.value, conversion.change, conversion.hint) == ("33.33%", "New", "1 of 3 visits came to an order")


async def test_new_customers_are_accounts_of_customers(session: AsyncSession) -> None:
    for role, day in ((Role.CUSTOMER, 9), (Role.CUSTOMER, 15), (Role.ADMIN, 10), (Role.CUSTOMER, 2)):
        user = await make_user(session, role=role)
        await session.execute(
            text("UPDATE users SET created_at = :day WHERE id = :id"),
            {"day": datetime(2026, 3, day, 1, tzinfo=UTC), "id": user.id},
        )

    figure = named(await view_of(session), "New customers")

    assert (figure.value, figure.trend, figure.change, figure.before) == ("2", "up", "Up 100%", "1")


async def test_orders_are_counted_where_they_stand(session: AsyncSession) -> None:
    await sold(session, 9)
    await sold(session, 10, status=OrderStatus.DELIVERED)
    await sold(session, 11, status=OrderStatus.DELIVERED)
    await sold(session, 1, status=OrderStatus.SHIPPED)

    statuses = (await view_of(session)).statuses

    assert [(one.label, one.count, one.share, one.url) for one in statuses] == [
        ("Being prepared", 1, 50, "/admin/orders?tab=PROCESSING"),
        ("On its way", 0, 0, "/admin/orders?tab=SHIPPED"),
        ("Delivered", 2, 100, "/admin/orders?tab=DELIVERED"),
        ("Cancelled", 0, 0, "/admin/orders?tab=CANCELLED"),
    ]


async def test_top_products_are_those_that_brought_most(session: AsyncSession) -> None:
    lamp, chair = await make_product(session, name="Lamp"), await make_product(session, name="Chair")
    await sold(session, 9, variants=await variants_of(session, lamp), quantity=5, price_minor=1_000)
    await sold(session, 10, variants=await variants_of(session, chair), quantity=1, price_minor=9_000)
    await sold(session, 10, variants=await variants_of(session, lamp), quantity=90, status=OrderStatus.CANCELLED)

    top = (await view_of(session)).top

    assert [(one.name, one.pieces, one.net_text) for one in top] == [("Chair", "1", "$90.00"), ("Lamp", "5", "$50.00")]
    assert top[0].url == f"/admin/products/{chair.id}"


async def test_low_stock_says_how_long_it_lasts(session: AsyncSession) -> None:
    plenty = await make_product(session, name="Plenty", stock=500)
    scarce = await make_product(session, name="Scarce", stock=6)
    gone = await make_product(session, name="Gone", stock=0)
    await make_order(session, variants=await variants_of(session, scarce), quantity=20)
    await make_order(session, variants=await variants_of(session, plenty), quantity=20)

    low = [one for one in (await view_of(session)).low if one.name in {"Plenty", "Scarce", "Gone"}]

    assert [(one.name, one.available, one.tone, one.cover) for one in low] == [
        ("Gone", "0", "danger", "Sold out"),
        ("Scarce", "6", "warning", "9 days left"),
    ]
    assert low[0].url == f"/admin/products/{gone.id}"


async def test_number_of_statements_does_not_grow(session: AsyncSession) -> None:
    for day in range(1, 16):
        product = await make_product(session, stock=1)
        await sold(session, day, variants=await variants_of(session, product))

    with counted_statements(session) as statements:
        view = await view_of(session)
        feed = await dashboard.get_feed(session, Role.ADMIN, NOW)

    assert (len(view.top), len(view.low), len(feed.orders)) == (5, 5, 8)
    assert len(statements) == 7


async def test_feed_marks_what_the_page_has_not_shown(session: AsyncSession) -> None:
    older = await make_order(session, placed_at=NOW - timedelta(hours=3))
    newer = await make_order(session, placed_at=NOW - timedelta(minutes=1), email="ada@example.com")

    feed = await dashboard.get_feed(session, Role.ADMIN, NOW, frozenset({str(older.id)}))

    assert [(one.id, one.is_new, one.placed_text) for one in feed.orders] == [
        (str(newer.id), True, "1 minute ago"),
        (str(older.id), False, "3 hours ago"),
    ]
    assert (feed.orders[0].total_text, feed.orders[0].url) == ("$50.00", f"/admin/orders/SH-{newer.number}")


async def test_to_do_counts_what_waits_and_leaves_out_what_does_not(session: AsyncSession) -> None:
    await make_order(session)
    seen = await make_order(session, status=OrderStatus.SHIPPED)
    await session.execute(text("UPDATE orders SET needs_review = true WHERE id = :id"), {"id": seen.id})

    feed = await dashboard.get_feed(session, Role.ADMIN, NOW)

    assert [(one.label, one.url) for one in feed.to_do] == [
        ("1 order needs a look", "/admin/orders?tab=review"),
        ("1 order to ship", "/admin/orders?tab=PROCESSING"),
    ]
