"""What was bought in the demo store over the last twelve months: who, when, what, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from random import Random
from uuid import UUID

from shophub.domain.coupons import CouponLine, CouponStanding, CouponTerms, why_not
from shophub.services.demo.catalog_data import CURRENCY, DemoCatalog, DemoProduct, DemoReview, DemoVariant
from shophub.services.demo.chance import chance_for
from shophub.services.demo.people import JANE, Person, customers, guests
from shophub.services.demo.shelves import category_id, on_sale_since

SALES = 600
YEAR_DAYS = 364
# A parcel leaves after 20 to 30 hours and travels 48 to 72: four days and a quarter at the longest.
SHIPPING_HOURS, TRAVEL_HOURS = (20, 30), (48, 72)
UNSHIPPED_FOR = timedelta(hours=36)
UNDELIVERED_FOR = timedelta(days=5)
SETTLED_AFTER = timedelta(days=15)
REVIEWED_AFTER_DAYS = 5
# Per cent of an ordinary month.
SEASONS = {1: 85, 2: 90, 7: 85, 8: 85, 10: 110, 11: 140, 12: 170}
COUPON_LIMITS = {"TECH25": 22, "NEWYEAR20": 12}
GUEST_PERCENT, COUPON_PERCENT = 9, 18


class Fate(StrEnum):
    """How far an order came."""

    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly refunded"


@dataclass(frozen=True)
class Item:
    """A variant and how many of it."""

    product: DemoProduct
    variant: DemoVariant
    quantity: int


@dataclass(frozen=True)
class Sale:
    """An order to be. ``key`` names it; ``review`` is what its buyer wrote about the first item."""

    key: str
    customer: Person
    placed_at: datetime
    items: tuple[Item, ...]
    fate: Fate
    coupon_code: str | None = None
    review: DemoReview | None = None


# How old Jane's orders are, and what became of them: one of each kind to look at.
JANES_ORDERS = (
    (timedelta(hours=3), Fate.PROCESSING),
    (timedelta(days=2, hours=20), Fate.SHIPPED),
    (timedelta(days=12, hours=5), Fate.DELIVERED),
    (timedelta(days=26, hours=9), Fate.PARTLY_REFUNDED),
    (timedelta(days=41, hours=2), Fate.CANCELLED),
    (timedelta(days=70, hours=7), Fate.REFUNDED),
    (timedelta(days=128, hours=4), Fate.DELIVERED),
    (timedelta(days=211, hours=8), Fate.DELIVERED),
)


def plan_sales(catalog: DemoCatalog, terms: dict[str, CouponTerms], now: datetime) -> list[Sale]:
    """Return all sales, oldest first: those behind the reviews, Jane's, and as many others as make 600."""
    people = customers(catalog.reviewers)
    sales = [*_reviewed_sales(catalog, people, now), *_janes_sales(catalog, people[0], now)]
    buyers = people[1:]
    for number in range(max(SALES - len(sales), 200)):
        sales.append(_other_sale(catalog, buyers, number, now))
    sales.sort(key=lambda sale: (sale.placed_at, sale.key))
    return _with_coupons(sales, terms, now)


def _reviewed_sales(catalog: DemoCatalog, people: Sequence[Person], now: datetime) -> list[Sale]:
    by_name = {person.name: person for person in people}
    sales = []
    for product in catalog.products:
        for review in product.reviews:
            key = f"review/{product.slug}/{review.reviewer}"
            chance = chance_for(key)
            placed_at = _moment(now, review.age_days + REVIEWED_AFTER_DAYS, chance)
            first = Item(product, chance.choice(product.variants), 1)
            more = _items(catalog, placed_at, 1, chance, now) if chance.random() < 0.3 else ()
            items = (first, *(item for item in more if item.product is not product))
            sales.append(Sale(key, by_name[review.reviewer], placed_at, items, Fate.DELIVERED, review=review))
    return sales


def _janes_sales(catalog: DemoCatalog, jane: Person, now: datetime) -> list[Sale]:
    sales = []
    for number, (age, fate) in enumerate(JANES_ORDERS):
        chance = chance_for(JANE, number)
        items = _items(catalog, now - age, 2 if fate is Fate.PARTLY_REFUNDED else chance.randint(1, 3), chance, now)
        sales.append(Sale(f"jane/{number}", jane, now - age, items, fate))
    return sales


def _other_sale(catalog: DemoCatalog, buyers: Sequence[Person], number: int, now: datetime) -> Sale:
    chance = chance_for("sale", number)
    age_days = chance.choices(range(YEAR_DAYS), _demand(now))[0]
    placed_at = _moment(now, age_days, chance)
    buyer = chance.choice(guests()) if chance.randrange(100) < GUEST_PERCENT else chance.choice(buyers)
    items = _items(catalog, placed_at, chance.choices((1, 2, 3, 4), (55, 28, 12, 5))[0], chance, now)
    return Sale(f"sale/{number}", buyer, placed_at, items, _fate(now - placed_at, items, chance))


@lru_cache(maxsize=4)
def _demand(now: datetime) -> list[int]:
    """Return the weight of each day, by its age: the shop grows to three times its size, sells more in winter."""
    weights = []
    for age_days in range(YEAR_DAYS):
        day = now - timedelta(days=age_days)
        growth = YEAR_DAYS * 3 - age_days * 2
        weights.append(growth * SEASONS.get(day.month, 100) * (125 if day.weekday() >= 5 else 100))
    return weights


def _moment(now: datetime, age_days: int, chance: Random) -> datetime:
    """Return a moment of the day that is ``age_days`` ago, while people are awake and before now."""
    day = now - timedelta(days=age_days)
    moment = day.replace(
        hour=chance.randint(6, 21), minute=chance.randint(0, 59), second=chance.randint(0, 59), microsecond=0
    )
    latest = now - timedelta(minutes=chance.randint(40, 400))
    return min(moment, latest)


def _fate(age: timedelta, items: Sequence[Item], chance: Random) -> Fate:
    if age < UNSHIPPED_FOR:
        return Fate.PROCESSING
    if age < UNDELIVERED_FOR:
        return Fate.SHIPPED
    if age < SETTLED_AFTER:
        return Fate.DELIVERED
    fate = chance.choices((Fate.DELIVERED, Fate.CANCELLED, Fate.REFUNDED, Fate.PARTLY_REFUNDED), (88, 5, 3, 4))[0]
    is_divisible = sum(item.quantity for item in items) > 1
    return fate if fate is not Fate.PARTLY_REFUNDED or is_divisible else Fate.DELIVERED


def _items(catalog: DemoCatalog, at: datetime, count: int, chance: Random, now: datetime) -> tuple[Item, ...]:
    """Return different products that were on sale then; some are always more popular than others."""
    on_sale = [product for product in catalog.products if on_sale_since(product, now) < at]
    weights = [_popularity(product.slug) for product in on_sale]
    chosen = {product.slug: product for product in chance.choices(on_sale, weights, k=count * 3)}
    products = list(chosen.values())[:count]
    return tuple(_item(product, chance) for product in products)


@lru_cache(maxsize=1024)
def _popularity(slug: str) -> int:
    return 10 + chance_for("popular", slug).randrange(60) ** 2 // 10


def _item(product: DemoProduct, chance: Random) -> Item:
    variant = chance.choice(product.variants)
    weights = (60, 25, 10, 5) if variant.price_minor < 3_000 else (92, 8, 0, 0)
    return Item(product, variant, chance.choices((1, 2, 3, 4), weights)[0])


def _with_coupons(sales: Sequence[Sale], terms: dict[str, CouponTerms], now: datetime) -> list[Sale]:
    """Give some sales a coupon that was valid for them; a first order may have the welcome one."""
    used: dict[str, int] = {}
    known: set[str] = set()
    result = []
    for sale in sales:
        chance = chance_for("coupon", sale.key)
        is_first = sale.customer.email_key not in known
        known.add(sale.customer.email_key)
        codes = ["WELCOME10"] if is_first else chance.sample(("TECH25", "NEWYEAR20", "SAVE10", "FREESHIP"), 4)
        code = None
        if sale.customer.email != JANE and chance.randrange(100) < COUPON_PERCENT:
            code = next((one for one in codes if _fits(terms[one], sale, used.get(one, 0), now)), None)
        if code is not None:
            used[code] = used.get(code, 0) + 1
        result.append(replace(sale, coupon_code=code))
    return result


def _fits(terms: CouponTerms, sale: Sale, used: int, now: datetime) -> bool:
    lines = [
        CouponLine(
            item.quantity * item.variant.price_minor, frozenset({str(category_id(item.product.category_slug, now))})
        )
        for item in sale.items
    ]
    if used >= COUPON_LIMITS.get(terms.code, SALES):
        return False
    return why_not(terms, lines, currency=CURRENCY, now=sale.placed_at, standing=CouponStanding()) is None


def joined_at(sales: Sequence[Sale]) -> dict[str, datetime]:
    """Return when each buyer registered, by e-mail address: some time before their first order."""
    joined: dict[str, datetime] = {}
    for sale in sales:  # oldest first
        if sale.customer.email not in joined:
            hours = chance_for("joined", sale.customer.email).randint(1, 400)
            joined[sale.customer.email] = sale.placed_at - timedelta(hours=hours)
    return joined


def category_ids(catalog: DemoCatalog, now: datetime) -> dict[str, UUID]:
    """Return the categories' ids by slug."""
    return {category.slug: category_id(category.slug, now) for category in catalog.categories}
