"""The demo store: complete, consistent, the same each time, never in production."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import AsyncSession, close_database, database_url, transaction
from shophub.errors import ConfigurationError, CouponNotApplicableError, ProviderError
from shophub.integrations.cloudinary import image_url
from shophub.repositories import demo_store
from shophub.schemas.catalog import ListingQuery
from shophub.services import catalog
from shophub.services.demo.catalog_data import load_catalog
from shophub.services.demo.gallery import Uploaded
from shophub.services.demo.seed import all_pictures, load_rows, seed_demo_store
from shophub.services.passwords import verify_password
from shophub.settings import get_settings
from tests.databases import TestServer
from tests.factories import make_product
from tests.plain_http import NO_TLS
from tests.sandbox.conftest import SandboxServer, endpoint, running_sandbox, sandbox_database  # noqa: F401 - fixtures
from tests.services.demo.invariants import INVARIANTS

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
# Its content changes from run to run: random salts, numbers given by sequences, what is kept by the job queue.
VOLATILE = {"users": "password_hash", "stock_ledger": "id", "store_settings": "store_id"}
TABLES = """SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'
  AND relname NOT LIKE 'procrastinate%' AND relname <> 'alembic_version' ORDER BY relname"""

Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class DemoStore:
    """A database with the demo store in it, loaded as ``shophub seed`` does, and the sandbox that has its pictures."""

    url: str
    sandbox_url: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo_store_database(
    database_server: TestServer,
    running_sandbox: SandboxServer,  # noqa: F811
) -> AsyncIterator[DemoStore]:
    """The demo store, loaded once for this module: with all pictures, over HTTP."""
    with database_server.clone() as url:
        store = DemoStore(url, running_sandbox.url)
        with Environment(store):
            assert await seed_demo_store() is True
            await close_database()
        yield store


@pytest.fixture
def query(demo_store_database: DemoStore) -> Iterator[Query]:
    """Ask the loaded database."""
    with psycopg.connect(demo_store_database.url) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest_asyncio.fixture
async def in_demo_store(demo_store_database: DemoStore) -> AsyncIterator[DemoStore]:
    """Let ``transaction()`` open sessions on the loaded database."""
    with Environment(demo_store_database):
        yield demo_store_database
        await close_database()


class Environment(pytest.MonkeyPatch):
    def __init__(self, store: DemoStore) -> None:
        super().__init__()
        self._store = store

    def __enter__(self) -> None:
        self.setenv("DATABASE_URL", self._store.url)
        self.setenv("SANDBOX_URL", self._store.sandbox_url)
        _forget()

    def __exit__(self, *_: object) -> None:
        self.undo()
        _forget()


def _forget() -> None:
    get_settings.cache_clear()
    database_url.cache_clear()


@pytest.mark.parametrize("name", INVARIANTS)
def test_invariant_holds(query: Query, name: str) -> None:
    assert query(INVARIANTS[name]) == []


def test_shelves_are_full(query: Query) -> None:
    ((products, categories, without_picture),) = query("""
        SELECT count(*), count(DISTINCT category_id), count(*) FILTER (
          WHERE NOT EXISTS (SELECT FROM images i WHERE i.product_id = products.id AND i.alt <> ''))
        FROM products WHERE status = 'active'""")
    assert products >= 60
    assert (categories, without_picture) == (23, 0)
    assert query("SELECT count(*), count(parent_id) FROM categories") == [(31, 23)]
    assert query("SELECT count(*) FROM categories WHERE image_public_id IS NULL") == [(0,)]
    classics = query("""
        SELECT name, price_from_minor FROM products WHERE name IN ('Wireless Headphones', 'Smart Watch',
          'Laptop Backpack', 'Mechanical Keyboard', 'Wireless Mouse', 'Phone Stand', 'USB-C Hub', 'Cable Organizer')
        ORDER BY price_from_minor DESC""")
    assert classics == [
        ("Smart Watch", 39_999),
        ("Wireless Headphones", 29_999),
        ("Mechanical Keyboard", 14_999),
        ("Laptop Backpack", 7_999),
        ("USB-C Hub", 5_999),
        ("Wireless Mouse", 4_999),
        ("Phone Stand", 2_499),
        ("Cable Organizer", 1_999),
    ]
    ((sold_out, low, marked_down),) = query("""
        SELECT count(*) FILTER (WHERE stock = 0), count(*) FILTER (WHERE stock BETWEEN 1 AND 10),
          count(*) FILTER (WHERE compare_at_minor IS NOT NULL) FROM variants""")
    assert min(sold_out, low, marked_down) > 0


def test_settings_and_coupons_are_those_of_the_demo_store(query: Query) -> None:
    ((fee, threshold, tax, low, countries),) = query("""
        SELECT shipping_fee_minor, free_shipping_threshold_minor, tax_rate_ppm, low_stock_threshold, ship_to_countries
        FROM store_settings""")
    assert (fee, threshold, tax, low) == (1_000, 10_000, 0, 10)
    assert (len(countries), "US" in countries) == (12, True)
    assert query("""
        SELECT code, discount_type, coalesce(percent_bp, amount_minor), minimum_subtotal_minor, max_uses, is_active
        FROM coupons ORDER BY code""") == [
        ("FREESHIP", "FREE_SHIPPING", None, 0, None, True),
        ("NEWYEAR20", "PERCENTAGE", 2_000, 10_000, 50, True),
        ("SAVE10", "PERCENTAGE", 1_000, 0, None, True),
        ("SAVE50", "FIXED", 5_000, 20_000, 10, True),
        ("TECH25", "PERCENTAGE", 2_500, 5_000, 100, True),
        ("WELCOME10", "PERCENTAGE", 1_000, 0, None, True),
    ]
    assert query("""
        SELECT c.code, k.slug FROM coupon_categories cc JOIN coupons c ON c.id = cc.coupon_id
        JOIN categories k ON k.id = cc.category_id""") == [("TECH25", "electronics")]
    ((starts, ends),) = query("SELECT starts_at, ends_at FROM coupons WHERE code = 'NEWYEAR20'")
    assert (starts.month, starts.day, ends - starts) == (1, 1, timedelta(days=31))
    assert ends > datetime.now(UTC)


async def test_the_three_accounts_can_sign_in(query: Query) -> None:
    accounts = query("""
        SELECT email, role, email_verified_at IS NOT NULL, is_active, password_hash FROM users
        WHERE email IN ('john@example.com', 'jane@example.com', 'test@example.com') ORDER BY email""")

    assert [row[:4] for row in accounts] == [
        ("jane@example.com", "CUSTOMER", True, True),
        ("john@example.com", "SUPER_ADMIN", True, True),
        ("test@example.com", "CUSTOMER", True, True),
    ]
    assert [await verify_password("password123", row[4]) for row in accounts] == [(True, None)] * 3
    assert query("SELECT count(*) FROM users WHERE role <> 'CUSTOMER'") == [(1,)]
    assert query("SELECT count(*) FROM users WHERE password_hash IS NOT NULL") == [(3,)]


def test_jane_has_orders_in_every_state_and_an_address_book(query: Query) -> None:
    orders = query("""
        SELECT status, payment_status FROM orders WHERE email = 'jane@example.com' ORDER BY placed_at DESC""")

    assert orders[:6] == [
        ("PROCESSING", "PAID"),
        ("SHIPPED", "PAID"),
        ("DELIVERED", "PAID"),
        ("DELIVERED", "PARTIALLY_REFUNDED"),
        ("CANCELLED", "REFUNDED"),
        ("DELIVERED", "REFUNDED"),
    ]
    assert query("""
        SELECT a.label, a.is_default FROM addresses a JOIN users u ON u.id = a.user_id
        WHERE u.email = 'jane@example.com' ORDER BY a.label""") == [("Home", True), ("Office", False)]


def test_trade_grew_over_twelve_months(query: Query) -> None:
    ((orders, first_quarter, last_quarter, oldest),) = query("""
        SELECT count(*), count(*) FILTER (WHERE placed_at < now() - interval '274 days'),
          count(*) FILTER (WHERE placed_at > now() - interval '91 days'), now() - min(placed_at) FROM orders""")

    assert orders == 600
    assert last_quarter > 2 * first_quarter > 0
    assert timedelta(days=300) < oldest < timedelta(days=366)
    assert query("SELECT last_value FROM order_number") == [(1_600,)]
    ((visits, converted),) = query("SELECT count(*), count(*) FILTER (WHERE ordered) FROM visits")
    assert converted == orders
    assert 15 * orders < visits < 60 * orders


async def test_second_run_changes_nothing(in_demo_store: DemoStore, query: Query) -> None:
    before = _content(query)

    assert await seed_demo_store() is False

    assert _content(query) == before


async def test_pages_show_the_demo_store(in_demo_store: DemoStore, query: Query) -> None:
    slugs = [slug for (slug,) in query("SELECT slug FROM products")]
    async with transaction() as session:
        home = await catalog.get_home(session)
        listing = await catalog.list_listing(session, ListingQuery(q="wireless headphones"))
        pages = [await catalog.get_product(session, slug, {}) for slug in slugs]

    assert (len(home.categories), len(home.new_arrivals), len(home.best_sellers)) == (8, 8, 8)
    assert home.offers
    assert home.hero.url
    assert listing.items[0].name == "Wireless Headphones"
    assert all(page.images and page.summary and page.description_html for page in pages)


async def test_pictures_are_delivered(in_demo_store: DemoStore, query: Query) -> None:
    ((public_id, width, height, colour),) = query(
        "SELECT public_id, width, height, colour FROM images ORDER BY id LIMIT 1"
    )
    address = image_url(public_id, width=320, height=400, fmt="webp").removeprefix("/sandbox")

    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as http:
        answer = await http.get(in_demo_store.sandbox_url + address)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert (width, height, len(colour)) == (1_200, 1_500, 7)


async def test_same_moment_gives_the_same_store(session: AsyncSession) -> None:
    stores = []
    for _ in range(2):
        async with session.begin_nested() as attempt:
            await load_rows(session, load_catalog(), _no_pictures(), "hash", NOW)
            stores.append(await _async_content(session))
            await attempt.rollback()

    assert stores[0] == stores[1]
    assert stores[0]["orders"][0] == 600


@pytest.mark.parametrize("now", [datetime(2026, 1, 15, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)])
async def test_invariants_hold_whatever_the_date(session: AsyncSession, now: datetime) -> None:
    await load_rows(session, load_catalog(), _no_pictures(), "hash", now)

    for name, offenders in INVARIANTS.items():
        if "now()" not in offenders:
            assert (await session.execute(text(offenders))).all() == [], name


async def test_store_that_holds_anything_is_left_alone(database: str) -> None:
    async with transaction() as session:
        await make_product(session)

    assert await seed_demo_store() is False

    async with transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM products"))).scalar_one() == 1
        assert (await session.execute(text("SELECT count(*) FROM users"))).scalar_one() == 0


async def test_unreachable_picture_service_leaves_the_store_empty(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9/sandbox")
    get_settings.cache_clear()

    with pytest.raises(ProviderError, match="picture service") as refused:
        await seed_demo_store()

    assert refused.value.retryable
    async with transaction() as session:
        assert await demo_store.is_empty(session)


async def test_failure_while_loading_leaves_the_store_empty(database: str) -> None:
    async def fail() -> None:
        async with transaction() as session:
            await load_rows(session, load_catalog(), _no_pictures(), "hash", NOW)
            raise CouponNotApplicableError("A crash in the middle.")

    with pytest.raises(CouponNotApplicableError):
        await fail()

    async with transaction() as session:
        assert await demo_store.is_empty(session)
        await load_rows(session, load_catalog(), _no_pictures(), "hash", NOW)


async def test_two_loaders_at_once_load_once(database: str) -> None:
    async def load() -> bool:
        async with transaction() as session:
            if not await demo_store.lock_and_check_empty(session):
                return False
            await load_rows(session, load_catalog(), _no_pictures(), "hash", NOW)
            return True

    assert sorted(await asyncio.gather(load(), load())) == [False, True]


async def test_production_refuses_demo_data(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SHOPHUB_ENV": "production",
        "AUTH_SECRET": "a-secret-of-more-than-thirty-two-characters",
        "PUBLIC_URL": "https://shop.example",
        "STRIPE_SECRET_KEY": "sk_live_1",
        "STRIPE_PUBLISHABLE_KEY": "pk_live_1",
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "CLOUDINARY_CLOUD_NAME": "shop",
        "CLOUDINARY_API_KEY": "1",
        "CLOUDINARY_API_SECRET": "2",
        "RESEND_API_KEY": "re_1",
    }.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    assert get_settings().is_production

    with pytest.raises(ConfigurationError, match="production"):
        await seed_demo_store()

    async with transaction() as session:
        assert await demo_store.is_empty(session)


def _no_pictures() -> Uploaded:
    names = [picture.name for picture in all_pictures(load_catalog())]
    return Uploaded(dict.fromkeys(names, "#e8e4dc"), dict.fromkeys(names, (1_200, 1_500)))


def _fingerprint(table: str) -> str:
    """Return a query for how many rows a table has and what they say."""
    row = f"to_jsonb(t) - '{VOLATILE[table]}'" if table in VOLATILE else "to_jsonb(t)"
    return f"SELECT count(*), md5(coalesce(string_agg(({row})::text, '|' ORDER BY ({row})::text), '')) FROM {table} t"


def _content(query: Query) -> dict[str, tuple[Any, ...]]:
    return {table: query(_fingerprint(table))[0] for (table,) in query(TABLES)}


async def _async_content(session: AsyncSession) -> dict[str, tuple[Any, ...]]:
    tables = (await session.execute(text(TABLES))).scalars().all()
    return {table: tuple((await session.execute(text(_fingerprint(table)))).one()) for table in tables}
