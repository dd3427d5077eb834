"""What every list and page of the back office takes once the shop is big: the services that its handlers call."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import text

from benchmarks.big_shop import SIZES, fill
from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import clean_database
from benchmarks.timing import Act, Taken, timed
from shophub.db import AsyncSession, close_database, transaction
from shophub.domain.ranges import Question, parse_range
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.lib.tables import Cursor, TableSpec, parse_table
from shophub.repositories import coupon_lists, review_lists
from shophub.repositories import order_list as orders_sql
from shophub.repositories import people_lists as people_sql
from shophub.repositories import product_list as products_sql
from shophub.repositories.audit_lists import NO_ID
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.order_list import ORDER_TABLE
from shophub.schemas.product_list import PRODUCTS
from shophub.services import (
    alerts,
    analytics,
    audit_pages,
    coupon_pages,
    customers,
    dashboard,
    list_export,
    order_desk,
    order_list,
    orders,
    palette,
    people_lists,
    product_editor,
    product_export,
    product_list,
    review_moderation,
)  # fmt: skip

AIM_SECONDS = 0.3
TIMES = 20
WARM_UP = 6  # from the sixth time on a statement is prepared
Lister = Callable[..., Awaitable[object]]

# Each list with what may be asked of it: words that everything, a part, or nothing matches, and every filter.
LISTS: tuple[tuple[TableSpec, Lister, Mapping[str, Mapping[str, str]]], ...] = (
    (
        PRODUCTS,
        product_list.list_products,
        {
            "search, a sixth matches": {"q": "lamp"},
            "search, everything matches": {"q": "tag"},
            "search, everything matches, by name": {"q": "tag", "sort": "name"},
            "search by article number": {"q": "art-900"},
            "search by the article numbers' beginning, all match": {"q": "art-"},
            "search, nothing matches": {"q": "xylophone"},
            "in stock": {"stock": "in"},
            "low": {"stock": "low"},
            "sold out": {"stock": "out"},
            "a category": {"category": "shelf-3", "sort": "-sold"},
            "a tag": {"tag": "tag7", "tab": "draft"},
        },
    ),
    (
        ORDER_TABLE,
        order_list.get_page,
        {
            "search by number": {"q": "SH-51001"},
            "search by e-mail": {"q": "buyer-77"},
            "search by the beginning of many addresses": {"q": "buyer-"},
            "search by article number": {"q": "art-7"},
            "search by the article numbers' beginning, all match": {"q": "ART-"},
            "search, nothing matches": {"q": "xylophone"},
            "partly refunded": {"payment": "PARTIALLY_REFUNDED"},
            "refunded, dearest first": {"payment": "REFUNDED", "sort": "-total"},
            "failed, of which there are none": {"payment": "FAILED"},
            "waiting, dearest first": {"tab": "PENDING", "sort": "-total"},
            "the last thirty days": {"days": "30"},
            "the last year, delivered": {"days": "365", "tab": "DELIVERED"},
        },
    ),
    (
        people_lists.CUSTOMERS,
        people_lists.list_customers,
        {
            "search by name": {"q": "ada"},
            "search by address": {"q": "buyer-4"},
            "search, nothing matches": {"q": "xylophone"},
            "deactivated": {"state": "off"},
            "bought, most spent": {"tab": "bought", "sort": "-spent"},
        },
    ),
    (
        people_lists.USERS,
        people_lists.list_users,
        {
            "search by name": {"q": "ada"},
            "search, nothing matches": {"q": "xylophone"},
            "deactivated": {"state": "off"},
        },
    ),
    (
        coupon_pages.COUPONS,
        coupon_pages.list_coupons,
        {
            "search": {"q": "code-4"},
            "a kind": {"type": "FIXED"},
            "running, most used": {"tab": "running", "sort": "-used"},
        },
    ),
    (
        review_moderation.REVIEWS,
        review_moderation.list_reviews,
        {"search": {"q": "number 29"}, "search, nothing matches": {"q": "xylophone"}, "one star": {"stars": "1"}},
    ),
    (
        audit_pages.AUDIT_LOG,
        audit_pages.list_entries,
        {
            "search by action": {"q": "ship"},
            "search by a rare action": {"q": "settings.hide"},
            "search by target": {"q": "SH-1500"},
            "search, nothing matches": {"q": "xylophone"},
            "the shop itself": {"actor": "shop"},
            "about orders": {"target": "order"},
        },
    ),
)
DEEP: tuple[tuple[TableSpec, str, str, Mapping[str, Any]], ...] = (
    (PRODUCTS, "products p", "p.id", products_sql.SORTS),
    (ORDER_TABLE, "orders o", "o.id", orders_sql.SORTS),
    (people_lists.CUSTOMERS, "users u", "u.id", people_sql.USER_SORTS),
    (people_lists.USERS, "users u", "u.id", people_sql.USER_SORTS),
    (coupon_pages.COUPONS, "coupons c", "c.id", coupon_lists.SORTS),
    (review_moderation.REVIEWS, "reviews r", "r.id", review_lists.SORTS),
)
RANGES = ("7d", "30d", "90d", "12m")


def measure(server: str) -> list[Row]:
    """Fill a clean database with a year of trade and measure every list and page."""
    with clean_database(server, "back_office"):
        return asyncio.run(_measure())


async def _measure() -> list[Row]:
    began = perf_counter()
    await fill()
    size = ", ".join(f"{count:,} {what}" for what, count in SIZES.items())
    rows = [Row("filling the shop", f"{perf_counter() - began:.0f} s", size), *await measure_all()]
    await close_database()
    return rows


async def measure_all() -> list[Row]:
    """Measure in the database that ``transaction()`` opens; late is what takes more than 300 ms on the clock (p95)."""
    rows = []
    for name, act in (await ways()).items():
        taken = await timed(act, TIMES, WARM_UP)
        rows.append(_row(name, taken))
        sys.stderr.write(f"{rows[-1].what}: {rows[-1].result}\n")
    rows += [await _file(spec, parts) for spec, parts in FILES]
    return rows


async def ways() -> dict[str, Act]:
    """Return everything that is measured, by what it is called."""
    found: dict[str, Act] = {}
    for spec, lister, asked in LISTS:
        for tab in spec.tabs or (None,):
            label = f"{spec.name}: {tab.label.lower() if tab and tab.value else 'all'}"
            found[label] = _list(spec, lister, {"tab": tab.value} if tab else {})
        for column in spec.columns:
            for sort in (column.name, f"-{column.name}") if column.sort else ():
                found[f"{spec.name}: by {sort.lstrip('-')}, {'down' if sort[0] == '-' else 'up'}"] = _list(
                    spec, lister, {"sort": sort}
                )
        for name, parameters in asked.items():
            found[f"{spec.name}: {name}"] = _list(spec, lister, parameters)
    async with transaction() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        return found | await _deep(session) | await _pages(session)


def _list(spec: TableSpec, lister: Lister, parameters: Mapping[str, str], cursor: Cursor | None = None) -> Act:
    query = replace(parse_table(spec, parameters.items()), cursor=cursor)

    async def act(session: AsyncSession) -> object:
        return await lister(session, query, None)

    return act


async def _deep(session: AsyncSession) -> dict[str, Act]:
    """Return pages behind nine tenths of each list, in each of its orders, and the one before."""
    listers = {spec.name: lister for spec, lister, _ in LISTS}
    found: dict[str, Act] = {}
    for spec, source, row_id, sorts in DEEP:
        for name, (expression, _) in sorts.items():
            row = (
                await session.execute(
                    text(f"""
                    SELECT {expression}, {row_id} FROM {source} ORDER BY {expression}, {row_id}
                    OFFSET (SELECT count(*) * 9 / 10 FROM {source}) LIMIT 1""")  # noqa: S608 - constants of ours
                )
            ).one()
            cursor = Cursor(row[0], row[1])
            lister = listers[spec.name]
            found[f"{spec.name}: by {name}, behind nine tenths"] = _list(spec, lister, {"sort": name}, cursor)
            if name == spec.default_sort.lstrip("-"):
                back = replace(cursor, is_before=True)
                found[f"{spec.name}: the page before that"] = _list(spec, lister, {"sort": name}, back)
    entry = (await session.execute(text("SELECT max(id) / 10 FROM audit_log"))).scalar_one()
    found["audit-log: behind nine tenths"] = _list(
        audit_pages.AUDIT_LOG, audit_pages.list_entries, {}, Cursor(entry, NO_ID)
    )
    return found


async def _pages(session: AsyncSession) -> dict[str, Act]:
    """Return the pages that are no lists, and what is beside them."""
    owner = await _one(session, "SELECT id FROM users WHERE role = 'SUPER_ADMIN'")
    product = await _one(session, "SELECT product_id FROM variants WHERE position = 2 ORDER BY stock DESC, id LIMIT 1")
    number = await _one(session, "SELECT number FROM orders WHERE payment_status = 'PARTIALLY_REFUNDED' LIMIT 1")
    buyer = await _one(
        session, "SELECT user_id FROM orders WHERE user_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    visitor = Visitor(user=UserView(owner, "staff-1@example.com", "Ada", Role.SUPER_ADMIN, is_email_verified=True))
    today = utc_now().date()
    found: dict[str, Act] = {
        "products: one line with its sizes": partial(product_list.get_line, product_id=product, is_open=True),
        "product: the editor": partial(product_editor.get_product, product_id=product, currency="USD"),
        "product: beside the editor": product_editor.get_surroundings,
        "order: the desk": partial(order_desk.get_desk, number=f"SH-{number}", visitor=visitor),
        "order: as its customer sees it": partial(orders.get_order, number=f"SH-{number}", visitor=visitor),
        "customer: who ordered most": partial(customers.get_customer, user_id=buyer),
        "dashboard: newest orders and what waits": partial(dashboard.get_feed, role=Role.SUPER_ADMIN, now=utc_now()),
        "dashboard: open alerts": alerts.list_open,
    }
    for name in RANGES:
        days = parse_range(name, "", "", today)
        found[f"dashboard: {name}"] = partial(dashboard.get_dashboard, days=days, role=Role.SUPER_ADMIN)
        found[f"analytics: {name}"] = partial(analytics.get_view, asked=Question(days), role=Role.SUPER_ADMIN)
    year_before = parse_range("", str(today - timedelta(days=364)), str(today - timedelta(days=182)), today)
    found["dashboard: half a year of its own"] = partial(
        dashboard.get_dashboard, days=year_before, role=Role.SUPER_ADMIN
    )
    for typed in ("51", "SH-51001", "la", "oak lamp", "art-9", "ada", "buyer-77", "xylophone"):
        found[f"palette: {typed}"] = partial(palette.find, role=Role.SUPER_ADMIN, typed=typed)
    return found


async def _one(session: AsyncSession, statement: str) -> Any:
    return (await session.execute(text(statement))).scalar_one()


def _row(name: str, taken: Taken) -> Row:
    result = f"{percentiles_ms(taken.seconds)}, processors {taken.processor * 1000:.1f} ms"
    return Row(name, result, f"{taken.statements} statements", is_late=taken.p95 > AIM_SECONDS)


# Whole lists as files: what each makes of its query.
FILES: tuple[tuple[TableSpec, Callable[..., AsyncIterator[str]]], ...] = (
    (PRODUCTS, product_export.csv_parts),
    (ORDER_TABLE, order_list.csv_lines),
    (people_lists.CUSTOMERS, list_export.customer_parts),
    (coupon_pages.COUPONS, list_export.coupon_parts),
    (audit_pages.AUDIT_LOG, audit_pages.csv_lines),
)


async def _file(spec: TableSpec, parts: Callable[..., AsyncIterator[str]]) -> Row:
    """Read a file to its end: when its first rows came, and how many came a second."""
    began, first, lines = perf_counter(), 0.0, 0
    async with transaction() as session:
        async for part in parts(session, parse_table(spec, [])):
            lines += part.count("\r\n")
            if not first and lines > 1:
                first = perf_counter() - began
    taken = perf_counter() - began
    return Row(
        f"{spec.name}.csv: first rows", f"{first * 1000:.0f} ms", f"{lines:,} rows, {lines / taken:,.0f} a second"
    )
