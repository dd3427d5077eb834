"""Figures of the store for programs. Amounts are minor units of ``currency``; days are UTC, both ends included."""

import datetime as dt
from uuid import UUID

from pydantic import Field

from shophub.schemas.api.base import ApiOut


class SalesOut(ApiOut):
    """What a range brought. ``revenue`` has tax and delivery in it, less what was given back; cancelled orders are out.

    ``revenue`` and ``averageOrder`` are of the orders in ``currency``, ``orders`` are all.
    """

    revenue: int
    orders: int = Field(ge=0)
    average_order: int
    visits: int = Field(ge=0)
    visits_with_order: int = Field(ge=0)
    new_customers: int = Field(ge=0, description="Orders that were their customer's first.")
    refunded: int = Field(ge=0, description="By the day on which the money went back.")


class DayOut(ApiOut):
    """A day, also one without orders."""

    day: dt.date
    revenue: int
    orders: int = Field(ge=0)


class CurrencySalesOut(ApiOut):
    """What orders in a currency brought."""

    currency: str
    revenue: int
    orders: int = Field(ge=0)


class SoldOut(ApiOut):
    """A product or category with what it brought; no id: what is not in the catalog any more."""

    id: UUID | None
    name: str
    quantity: int
    revenue: int


class CouponSalesOut(ApiOut):
    """A code with what the orders that used it brought, and what it took off."""

    code: str
    uses: int = Field(ge=0)
    revenue: int
    discount: int = Field(ge=0)


class FunnelOut(ApiOut):
    """How many visits there were, and how many of them came how far."""

    visits: int = Field(ge=0)
    saw_product: int = Field(ge=0)
    added_to_cart: int = Field(ge=0)
    started_checkout: int = Field(ge=0)
    ordered: int = Field(ge=0)


class SearchOut(ApiOut):
    """What was searched for in vain."""

    query: str
    times: int = Field(ge=1)
    last_on: dt.date


class LowStockOut(ApiOut):
    """A variant of which little is left, with the pieces sold in the last thirty days."""

    product_id: UUID
    name: str
    sku: str
    available: int
    sold: int = Field(ge=0)


class AnalyticsOut(ApiOut):
    """The figures of a range, and the sums of the range of as many days before it."""

    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    currency: str
    sales: SalesOut
    before: SalesOut
    by_day: list[DayOut]
    by_status: dict[str, int]
    by_currency: list[CurrencySalesOut]
    top_products: list[SoldOut]
    top_categories: list[SoldOut]
    coupons: list[CouponSalesOut]
    funnel: FunnelOut
    searches_in_vain: list[SearchOut]
    low_stock: list[LowStockOut]
