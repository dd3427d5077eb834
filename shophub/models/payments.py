"""Payments, refunds, disputes and what the payment provider told us."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import ProviderEventStatus, RefundSource, RefundStatus
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


class Payment(SQLModel, table=True):
    """Money received for an order: one per order and one per PaymentIntent."""

    __tablename__ = "payments"
    __table_args__ = (
        check("amount_positive", "amount_minor > 0"),
        check("never_more_than_paid", "refunded_minor + pending_minor + disputed_minor <= amount_minor"),
        check("parts_not_negative", "least(refunded_minor, pending_minor, disputed_minor) >= 0"),
        check("currency_code", "currency ~ '^[A-Z]{3}$'"),
    )

    id: UUID = primary_key()
    order_id: UUID = foreign_key("orders.id", on_delete="RESTRICT", index=False, unique=True)
    stripe_payment_intent_id: str = text_column(unique=True)
    stripe_charge_id: str | None = text_column(nullable=True, unique=True)
    revision: int
    amount_minor: int = minor_column()
    currency: str = text_column()
    refunded_minor: int = minor_column(default=0)
    pending_minor: int = minor_column(default=0)
    disputed_minor: int = minor_column(default=0)
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class Refund(SQLModel, table=True):
    """Money given back. Its id is the idempotency key at Stripe, so that a repeated call pays once."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("status", RefundStatus),
        one_of("source", RefundSource),
        check("amount_or_restock", "amount_minor > 0 OR amount_minor = 0 AND restock"),
        Index("ix_refunds_pending", "created_at", postgresql_where=text("status = 'pending'")),
        Index("ix_refunds_succeeded", "ended_at", postgresql_where=text("status = 'succeeded'")),
    )

    id: UUID = primary_key()
    payment_id: UUID = foreign_key("payments.id", on_delete="RESTRICT")
    order_id: UUID = foreign_key("orders.id", on_delete="RESTRICT")
    amount_minor: int = minor_column()
    currency: str = text_column()
    status: str = text_column(default=RefundStatus.PENDING)
    stripe_refund_id: str | None = text_column(nullable=True, unique=True)
    reason: str = text_column(default="")
    source: str = text_column(default=RefundSource.SHOP)
    restock: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    requested_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    failure_reason: str | None = text_column(nullable=True)
    created_at: datetime = created_column()
    ended_at: datetime | None = moment_column()


class RefundLine(SQLModel, table=True):
    """The part of a refund that is for one order line."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        UniqueConstraint("refund_id", "order_line_id"),
        check("quantity_positive", "quantity > 0"),
        check("amount_not_negative", "amount_minor >= 0"),
    )

    id: UUID = primary_key()
    refund_id: UUID = foreign_key("refunds.id", on_delete="CASCADE", index=False)
    order_line_id: UUID = foreign_key("order_lines.id", on_delete="RESTRICT")
    quantity: int
    amount_minor: int = minor_column()


class Dispute(SQLModel, table=True):
    """A payment that the cardholder's bank contests."""

    __tablename__ = "disputes"
    __table_args__ = (check("amount_not_negative", "amount_minor >= 0"),)

    id: UUID = primary_key()
    payment_id: UUID = foreign_key("payments.id", on_delete="RESTRICT")
    stripe_dispute_id: str = text_column(unique=True)
    amount_minor: int = minor_column()
    currency: str = text_column()
    status: str = text_column()
    reason: str = text_column(default="")
    funds_withdrawn: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    opened_at: datetime = moment_column(nullable=False)
    closed_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class ProviderEvent(SQLModel, table=True):
    """An event that a provider sent, kept once under the provider's own id."""

    __tablename__ = "provider_events"
    __table_args__ = (
        one_of("status", ProviderEventStatus),
        UniqueConstraint("provider", "event_id"),
        Index("ix_provider_events_object_id", "object_id"),
        Index("ix_provider_events_received_at", "received_at"),
    )

    id: UUID = primary_key()
    provider: str = text_column()
    event_id: str = text_column()
    type: str = text_column()
    object_id: str = text_column(default="")
    status: str = text_column()
    message: str = text_column(default="")
    payload: dict[str, Any] = json_column()
    occurred_at: datetime = moment_column(nullable=False)
    received_at: datetime = created_column()
