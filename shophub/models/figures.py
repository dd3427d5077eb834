"""Sales by day, added up beforehand, and the days whose sums are no longer true."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Identity, Text
from sqlalchemy.types import Uuid
from sqlmodel import Field, SQLModel

from shophub.models.base import minor_column


def _day() -> Column[date]:
    return Column(Date, primary_key=True)


def _currency() -> Column[str]:
    return Column(Text, primary_key=True)


class SalesDay(SQLModel, table=True):
    """A day's orders in one currency that stand at one status, and those of them that were a customer's first."""

    __tablename__ = "sales_days"

    day: date = Field(sa_column=_day())
    currency: str = Field(sa_column=_currency())
    status: str = Field(sa_column=Column(Text, primary_key=True))
    orders: int
    net_minor: int = minor_column()
    first_orders: int
    first_net_minor: int = minor_column()


class SalesProduct(SQLModel, table=True):
    """What a product brought on a day, of orders that were not cancelled; all that are gone share the id of zeros."""

    __tablename__ = "sales_products"

    day: date = Field(sa_column=_day())
    currency: str = Field(sa_column=_currency())
    product_id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    pieces: int
    net_minor: int = minor_column()


class SalesCoupon(SQLModel, table=True):
    """What a day's orders with a coupon brought, and what it took off."""

    __tablename__ = "sales_coupons"

    day: date = Field(sa_column=_day())
    currency: str = Field(sa_column=_currency())
    code: str = Field(sa_column=Column(Text, primary_key=True))
    uses: int
    net_minor: int = minor_column()
    discount_minor: int = minor_column()


class SalesChange(SQLModel, table=True):
    """A day of which an order was made or changed since its sums were made. Only ever added to: nobody waits for it."""

    __tablename__ = "sales_changes"

    id: int = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    day: date
