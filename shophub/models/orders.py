"""Orders: the frozen copy of what was paid for, its timeline, notes and shipments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Sequence, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    json_column,
    minor_column,
    moment_column,
    one_of,
    primary_key,
    text_column,
    updated_column,
)

ORDER_NUMBER = Sequence("order_number", start=1001, metadata=SQLModel.metadata)


class Order(SQLModel, table=True):
    """A sale. Made from one revision of one checkout, exactly once: ``checkout_id`` is unique."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", OrderStatus),
        one_of("payment_status", PaymentStatus),
        check(
            "amounts_not_negative", "least(subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor) >= 0"
        ),
        check(
            "total_adds_up",
            "total_minor = subtotal_minor - discount_minor + shipping_minor"
            " + CASE WHEN tax_included THEN 0 ELSE tax_minor END",
        ),
        check("refunded_within_total", "refunded_minor BETWEEN 0 AND total_minor"),
        check("currency_code", "currency ~ '^[A-Z]{3}$'"),
        Index(
            "ix_orders_customer_sums",
            "user_id",
            text("placed_at DESC"),
            postgresql_include=["total_minor", "refunded_minor", "payment_status", "currency"],
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        # The staff's list: its counts, read from the index alone, and its other orders.
        Index("ix_orders_counted", "status", "payment_status", "placed_at", postgresql_include=["needs_review"]),
        Index("ix_orders_payment_status_placed_at", "payment_status", text("placed_at DESC")),
        Index("ix_orders_total", "total_minor", "id"),
        Index("ix_orders_placed_at", text("placed_at DESC"), text("id DESC")),
        Index("ix_orders_status_placed_at", "status", text("placed_at DESC")),
        Index("ix_orders_needs_review", "placed_at", postgresql_where=text("needs_review")),
        Index("ix_orders_email_key", "email_key"),
        Index(
            "ix_orders_email_key_begins",
            "email_key",
            postgresql_ops={"email_key": "text_pattern_ops"},
            postgresql_include=["id"],
        ),
    )

    id: UUID = primary_key()
    number: int = Field(
        default=None,
        sa_column=Column(
            BigInteger, ORDER_NUMBER, server_default=ORDER_NUMBER.next_value(), unique=True, nullable=False
        ),
    )
    checkout_id: UUID = foreign_key("checkouts.id", on_delete="RESTRICT", index=False, unique=True)
    user_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True, index=False)
    email: str = text_column()
    email_key: str = text_column()
    status: str = text_column(default=OrderStatus.PROCESSING)
    payment_status: str = text_column(default=PaymentStatus.PAID)
    needs_review: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    review_reason: str | None = text_column(nullable=True)
    currency: str = text_column()
    subtotal_minor: int = minor_column()
    discount_minor: int = minor_column(default=0)
    shipping_minor: int = minor_column(default=0)
    shipping_tax_minor: int = minor_column(default=0)
    tax_minor: int = minor_column(default=0)
    total_minor: int = minor_column()
    refunded_minor: int = minor_column(default=0)
    tax_included: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    coupon_id: UUID | None = foreign_key("coupons.id", on_delete="SET NULL", nullable=True)
    coupon_code: str | None = text_column(nullable=True)
    shipping_address: dict[str, Any] = json_column()
    note: str = text_column(default="")
    placed_at: datetime = moment_column(nullable=False)
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class OrderLine(SQLModel, table=True):
    """A bought variant as it was: later changes of the product do not reach it."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        check("quantity_positive", "quantity > 0"),
        check("amounts_not_negative", "least(price_minor, discount_minor, tax_minor, total_minor) >= 0"),
        check("refunded_quantity_range", "refunded_quantity BETWEEN 0 AND quantity"),
        check("restocked_quantity_range", "restocked_quantity BETWEEN 0 AND quantity"),
        Index("ix_order_lines_product_id_order_id", "product_id", "order_id"),
        Index(
            "ix_order_lines_sku_begins",
            "sku",
            postgresql_ops={"sku": "text_pattern_ops"},
            postgresql_include=["order_id"],
        ),
    )

    id: UUID = primary_key()
    order_id: UUID = foreign_key("orders.id", on_delete="CASCADE", index=False)
    position: int
    variant_id: UUID | None = foreign_key("variants.id", on_delete="SET NULL", nullable=True)
    product_id: UUID | None = foreign_key("products.id", on_delete="SET NULL", nullable=True, index=False)
    name: str = text_column()
    sku: str = text_column()
    options: dict[str, str] = json_column()
    image_public_id: str | None = text_column(nullable=True)
    quantity: int
    price_minor: int = minor_column()
    discount_minor: int = minor_column(default=0)
    tax_minor: int = minor_column(default=0)
    total_minor: int = minor_column()
    refunded_quantity: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    refunded_minor: int = minor_column(default=0)
    restocked_quantity: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class OrderEvent(SQLModel, table=True):
    """A step in an order's timeline. Only public ones are shown to the customer."""

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order_id_created_at", "order_id", "created_at"),)

    id: UUID = primary_key()
    order_id: UUID = foreign_key("orders.id", on_delete="CASCADE", index=False)
    type: str = text_column()
    actor_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    is_public: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    note: str = text_column(default="")
    data: dict[str, Any] | None = json_column(nullable=True)
    created_at: datetime = created_column()


class OrderNote(SQLModel, table=True):
    """What the staff wrote about an order; the customer never sees it."""

    __tablename__ = "order_notes"

    id: UUID = primary_key()
    order_id: UUID = foreign_key("orders.id", on_delete="CASCADE")
    author_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    body: str = text_column()
    created_at: datetime = created_column()


class Shipment(SQLModel, table=True):
    """A parcel on its way."""

    __tablename__ = "shipments"

    id: UUID = primary_key()
    order_id: UUID = foreign_key("orders.id", on_delete="CASCADE")
    carrier: str = text_column(default="")
    tracking_number: str = text_column(default="")
    tracking_url: str = text_column(default="")
    shipped_at: datetime = moment_column(nullable=False)
    delivered_at: datetime | None = moment_column()
    created_at: datetime = created_column()
