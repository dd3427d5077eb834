"""A sale of the demo store worked out: priced as a checkout would, numbered, and with the course it took."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from shophub.domain.coupons import CouponTerms
from shophub.domain.pricing import PriceLine, PricingRules, quote
from shophub.domain.revisions import RevisionLine, RevisionSums, sums_of
from shophub.lib.money import allocate
from shophub.services.demo.catalog_data import CURRENCY
from shophub.services.demo.chance import chance_for, demo_id
from shophub.services.demo.people import user_id
from shophub.services.demo.sales import SHIPPING_HOURS, TRAVEL_HOURS, Fate, Item, Sale
from shophub.services.demo.shelves import category_id, product_id, public_id, variant_id

RULES = PricingRules(currency=CURRENCY, shipping_fee_minor=1_000, free_shipping_threshold_minor=10_000)
SENT = frozenset({Fate.SHIPPED, Fate.DELIVERED, Fate.REFUNDED, Fate.PARTLY_REFUNDED})
ARRIVED = SENT - {Fate.SHIPPED}
GIVEN_BACK = frozenset({Fate.CANCELLED, Fate.REFUNDED, Fate.PARTLY_REFUNDED})
WHOLLY_GIVEN_BACK = frozenset({Fate.CANCELLED, Fate.REFUNDED})


@dataclass(frozen=True)
class Course:
    """When things happened to an order; None for what did not."""

    shipped_at: datetime | None
    delivered_at: datetime | None
    returned_at: datetime | None


def order_id(sale: Sale) -> UUID:
    """Return the id of a sale's order."""
    return demo_id("order", sale.key, sale.placed_at)


def course_of(sale: Sale) -> Course:
    """Return when a sale was shipped, delivered and given back."""
    chance = chance_for("course", sale.key)
    shipped_at = sale.placed_at + timedelta(hours=chance.randint(*SHIPPING_HOURS), minutes=-chance.randint(0, 59))
    delivered_at = shipped_at + timedelta(hours=chance.randint(*TRAVEL_HOURS))
    cancelled_at = sale.placed_at + timedelta(hours=chance.randint(2, 14))
    returned_at = cancelled_at if sale.fate is Fate.CANCELLED else delivered_at + timedelta(days=chance.randint(3, 9))
    return Course(
        shipped_at if sale.fate in SENT else None,
        delivered_at if sale.fate in ARRIVED else None,
        returned_at if sale.fate in GIVEN_BACK else None,
    )


@dataclass(frozen=True)
class Deal:
    """A sale with its order's number and the terms of its coupon, reckoned at ``now``."""

    sale: Sale
    number: int
    coupon: CouponTerms | None
    now: datetime

    @cached_property
    def _priced(self) -> tuple[tuple[RevisionLine, ...], RevisionSums]:
        wanted = [
            PriceLine(str(position), item.quantity, item.variant.price_minor, frozenset({self._category(item)}))
            for position, item in enumerate(self.sale.items)
        ]
        priced = quote(wanted, self.coupon, RULES)
        lines = [
            RevisionLine(
                **self._goods(item),  # type: ignore[arg-type]
                quantity=line.quantity,
                price_minor=line.unit_minor,
                discount_minor=line.discount_minor,
                tax_minor=line.tax_minor,
                total_minor=line.total_minor,
            )
            for item, line in zip(self.sale.items, priced.lines, strict=True)
        ]
        return tuple(lines), sums_of(priced)

    def _category(self, item: Item) -> str:
        return str(category_id(item.product.category_slug, self.now))

    def _goods(self, item: Item) -> dict[str, object]:
        product, variant = item.product, item.variant
        picture = next((one for one in product.pictures if one.name == variant.picture), product.pictures[0])
        names = [option.name for option in product.options]
        return {
            "variant_id": variant_id(product, variant.sku, self.now),
            "product_id": product_id(product, self.now),
            "slug": product.slug,
            "name": product.name,
            "sku": variant.sku,
            "options": dict(zip(names, variant.option_values, strict=True)),
            "image_public_id": public_id(picture),
            "image_alt": picture.alt_text,
            "image_colour": "#e8e4dc",
        }

    @property
    def lines(self) -> tuple[RevisionLine, ...]:
        """Return what was bought, priced."""
        return self._priced[0]

    @property
    def sums(self) -> RevisionSums:
        """Return what it came to."""
        return self._priced[1]

    @cached_property
    def course(self) -> Course:
        """Return what happened when."""
        return course_of(self.sale)

    @cached_property
    def order_id(self) -> UUID:
        """Return the order's id."""
        return order_id(self.sale)

    @property
    def account_id(self) -> UUID | None:
        """Return the buyer's account, None for a guest."""
        customer = self.sale.customer
        return user_id(customer.email, self.now) if customer.has_account else None

    @property
    def coupon_id(self) -> UUID | None:
        """Return the coupon's id."""
        return UUID(self.coupon.id) if self.coupon else None

    @property
    def ended_at(self) -> datetime:
        """Return when the order last changed."""
        course = self.course
        return course.returned_at or course.delivered_at or course.shipped_at or self.sale.placed_at

    def id_of(self, kind: str, part: object = "") -> UUID:
        """Return the id of one of the sale's rows."""
        return demo_id(kind, f"{self.sale.key}/{part}", self.sale.placed_at)

    def stripe_id(self, prefix: str) -> str:
        """Return what the payment provider would call its part of the sale."""
        return f"{prefix}_demo_{self.order_id.hex[12:]}"

    @cached_property
    def given_back(self) -> tuple[tuple[int, int], ...]:
        """Return per line how many pieces came back, and the money for them."""
        if self.sale.fate in WHOLLY_GIVEN_BACK:
            return tuple((line.quantity, line.total_minor) for line in self.lines)
        nothing = [(0, 0)] * len(self.lines)
        if self.sale.fate is Fate.PARTLY_REFUNDED:
            first = self.lines[0]
            nothing[0] = (1, allocate(first.total_minor, [1] * first.quantity)[0])
        return tuple(nothing)

    @property
    def refund_minor(self) -> int:
        """Return how much money was given back: all of it with its shipping, or the pieces'."""
        if self.sale.fate in WHOLLY_GIVEN_BACK:
            return self.sums.total_minor
        return sum(amount for _, amount in self.given_back)
