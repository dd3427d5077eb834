"""Loading the demo store: all of it, or nothing."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shophub.db import AsyncSession, transaction
from shophub.errors import ConfigurationError
from shophub.integrations import queue
from shophub.lib.clock import utc_now
from shophub.models.accounts import Address, User
from shophub.models.carts import Coupon, CouponCategory, CouponRedemption
from shophub.models.catalog import Category, Image, Product, ProductOption, StockMovement, Variant
from shophub.models.checkouts import Checkout, CheckoutRevision
from shophub.models.community import Review, ReviewVote
from shophub.models.orders import Order, OrderEvent, OrderLine, Shipment
from shophub.models.payments import Payment, Refund, RefundLine
from shophub.repositories import demo_store, sales
from shophub.repositories.demo_store import insert_rows
from shophub.services import figures, search_upkeep
from shophub.services.demo import offers, opinions, people, shelves
from shophub.services.demo.books import Books, keep_books, stock_ledger
from shophub.services.demo.catalog_data import DemoCatalog, DemoPicture, load_catalog
from shophub.services.demo.deals import RULES
from shophub.services.demo.gallery import Uploaded, upload_pictures
from shophub.services.demo.payments import PAY_ORDERS
from shophub.services.demo.sales import YEAR_DAYS, Sale, category_ids, joined_at, plan_sales
from shophub.services.demo.shelves import LOW_STOCK, public_id
from shophub.services.passwords import hash_password
from shophub.settings import get_settings

PAY_AFTER = timedelta(seconds=8)
PASSWORD = "password123"  # noqa: S105 - the demo accounts' password is written on the sign-in page


async def seed_demo_store(*, now: datetime | None = None) -> bool:
    """Load the demo store into an empty shop: pictures first, then all rows in one transaction.

    Returns whether it was loaded; a shop that holds anything already is left as it is. Whatever fails on the way leaves
    the database empty, and the next run begins anew. Everything is the same on each run but the dates, which lie before
    ``now``.

    Raises:
        ConfigurationError: This is production.
        ProviderError: The pictures could not be uploaded.
        MissingPictureSourceError: The npm packages that pictures are made of are not installed.
    """
    settings = get_settings()
    if settings.is_production:
        raise ConfigurationError("The demo store cannot be loaded in production (SHOPHUB_ENV=production).")
    async with transaction() as session:
        if not await demo_store.is_empty(session):
            return False
    catalog = load_catalog()
    uploaded = await upload_pictures(all_pictures(catalog), settings.npm_dir)
    password_hash = await hash_password(PASSWORD)
    moment = (now or utc_now()).replace(microsecond=0)
    async with transaction() as session:
        if not await demo_store.lock_and_check_empty(session):
            return False
        await load_rows(session, catalog, uploaded, password_hash, moment)
        # A little later: who has just started the shop wants its first page now.
        await queue.enqueue(session, PAY_ORDERS, schedule_in=PAY_AFTER)
    return True


def all_pictures(catalog: DemoCatalog) -> list[DemoPicture]:
    """Return every picture of the demo store."""
    return [
        catalog.hero,
        catalog.link_preview,
        *(category.picture for category in catalog.categories),
        *(picture for product in catalog.products for picture in product.pictures),
    ]


async def load_rows(
    session: AsyncSession, catalog: DemoCatalog, uploaded: Uploaded, password_hash: str, now: datetime
) -> None:
    """Insert everything in the caller's transaction. The store must be empty."""
    terms = offers.coupon_terms(category_ids(catalog, now), now)
    planned = plan_sales(catalog, terms, now)
    books = keep_books(planned, terms, now)
    buyers = people.customers(catalog.reviewers)
    await demo_store.update_settings(session, _settings(catalog, uploaded), now)
    await insert_rows(session, User, people.user_rows(buyers, joined_at(planned), password_hash, now))
    await insert_rows(session, Address, people.address_rows(buyers, now))
    await _load_shelves(session, catalog, uploaded, books, now)
    await insert_rows(session, Coupon, offers.coupon_rows(books.coupon_uses, now))
    await insert_rows(session, CouponCategory, offers.coupon_category_rows(category_ids(catalog, now), now))
    await _load_books(session, books)
    reviews, votes = opinions.review_rows(planned, buyers, now)
    await insert_rows(session, Review, reviews)
    await insert_rows(session, ReviewVote, votes)
    await demo_store.insert_visits(session, _orders_per_day(planned, now))
    await sales.refresh_sold_counts(session)
    await figures.add_up(session, 2 * YEAR_DAYS)
    await search_upkeep.apply_turns(session)
    await search_upkeep.refresh_words(session, now)
    await demo_store.analyze(session)


def _settings(catalog: DemoCatalog, uploaded: Uploaded) -> dict[str, Any]:
    def kept(picture: DemoPicture) -> dict[str, str]:
        return {"public_id": public_id(picture), "alt": picture.alt_text, "colour": uploaded.colours[picture.name]}

    return {
        "store_name": "ShopHub",
        "store_email": "hello@shophub.example",
        "store_phone": "+1 503 555 0100",
        "store_address": "120 NW Ninth Avenue, Portland, OR 97209, United States",
        "currency": RULES.currency,
        "shipping_fee_minor": RULES.shipping_fee_minor,
        "free_shipping_threshold_minor": RULES.free_shipping_threshold_minor,
        "ship_to_countries": list(people.SHIP_TO),
        "low_stock_threshold": LOW_STOCK,
        "pages": json.dumps({"hero": kept(catalog.hero), "link_preview": kept(catalog.link_preview)}),
    }


async def _load_shelves(
    session: AsyncSession, catalog: DemoCatalog, uploaded: Uploaded, books: Books, now: datetime
) -> None:
    variants = shelves.variant_rows(catalog, now)
    owner = people.user_id(people.OWNER, now)
    await insert_rows(session, Category, shelves.category_rows(catalog, uploaded.colours, now))
    await insert_rows(session, Product, shelves.product_rows(catalog, now))
    await insert_rows(session, ProductOption, shelves.option_rows(catalog, now))
    await insert_rows(session, Image, shelves.image_rows(catalog, uploaded.colours, uploaded.sizes, now))
    await insert_rows(session, Variant, variants)
    await insert_rows(session, StockMovement, stock_ledger(variants, books.movements, owner, now))


async def _load_books(session: AsyncSession, books: Books) -> None:
    for model, rows in (
        (Checkout, books.checkouts),
        (CheckoutRevision, books.revisions),
        (Order, books.orders),
        (OrderLine, books.lines),
        (OrderEvent, books.events),
        (Payment, books.payments),
        (Refund, books.refunds),
        (RefundLine, books.refund_lines),
        (Shipment, books.shipments),
        (CouponRedemption, books.redemptions),
    ):
        await insert_rows(session, model, rows)
    await demo_store.set_order_number(session, max(row["number"] for row in books.orders))


def _orders_per_day(sales: Sequence[Sale], now: datetime) -> dict[Any, int]:
    counted = Counter(sale.placed_at.date() for sale in sales)
    days = [(now - timedelta(days=age)).date() for age in range(YEAR_DAYS, -1, -1)]
    return {day: counted.get(day, 0) for day in days}
