"""Checkouts: what a payment is made for, and the stock set aside for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import CheckoutStatus, ReservationState
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


class Checkout(SQLModel, table=True):
    """A payment under way. A cart has at most one open checkout."""

    __tablename__ = "checkouts"
    __table_args__ = (
        one_of("status", CheckoutStatus),
        check("revision_positive", "revision > 0"),
        check("currency_code", "currency ~ '^[A-Z]{3}$'"),
        Index(
            "uq_checkouts_open_cart",
            "cart_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'processing')"),
        ),
        Index("ix_checkouts_due", "expires_at", postgresql_where=text("status IN ('open', 'processing')")),
        Index("ix_checkouts_network", "network_address", postgresql_where=text("status IN ('open', 'processing')")),
    )

    id: UUID = primary_key()
    # The cart whose one live checkout this is, and the cart that its goods are taken out of once they are bought. They
    # differ where two live checkouts met at a sign-in; items given by a program leave every cart alone.
    cart_id: UUID | None = foreign_key("carts.id", on_delete="SET NULL", nullable=True, index=False)
    goods_cart_id: UUID | None = foreign_key("carts.id", on_delete="SET NULL", nullable=True)
    user_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    guest_token_hash: str | None = text_column(nullable=True)
    email: str = text_column()
    email_key: str = text_column()
    status: str = text_column(default=CheckoutStatus.OPEN)
    revision: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    currency: str = text_column()
    stripe_payment_intent_id: str | None = text_column(nullable=True, unique=True)
    stripe_client_secret: str | None = text_column(nullable=True)
    # Each try to create the PaymentIntent has a key of its own: Stripe repeats a failure under a key for a day.
    payment_attempt: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    # Until then a tab may be confirming the payment: nobody changes what it is for. And the other way round: until then
    # a change may be on its way to Stripe, and nobody confirms.
    confirming_until: datetime | None = moment_column()
    changing_until: datetime | None = moment_column()
    network_address: str = text_column(default="")
    opened_at: datetime = moment_column(nullable=False)
    expires_at: datetime = moment_column(nullable=False)
    ended_at: datetime | None = moment_column()
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class CheckoutRevision(SQLModel, table=True):
    """What exactly is paid for: lines, prices, quote and address, frozen. The database refuses changes to it.

    One exception: once the checkout is over, an erased person can be taken out of it.
    """

    __tablename__ = "checkout_revisions"
    __table_args__ = (
        UniqueConstraint("checkout_id", "number"),
        check("number_positive", "number > 0"),
        check("total_not_negative", "total_minor >= 0"),
    )

    id: UUID = primary_key()
    checkout_id: UUID = foreign_key("checkouts.id", on_delete="CASCADE", index=False)
    number: int
    currency: str = text_column()
    total_minor: int = minor_column()
    lines: list[dict[str, Any]] = json_column()
    quote: dict[str, Any] = json_column()
    shipping_address: dict[str, Any] = json_column()
    coupon_id: UUID | None = foreign_key("coupons.id", on_delete="SET NULL", nullable=True)
    coupon_code: str | None = text_column(nullable=True)
    email: str = text_column()
    note: str = text_column(default="")
    created_at: datetime = created_column()


class Reservation(SQLModel, table=True):
    """Units of a variant set aside for a checkout until ``expires_at``."""

    __tablename__ = "reservations"
    __table_args__ = (
        one_of("state", ReservationState),
        check("quantity_positive", "quantity > 0"),
        Index(
            "uq_reservations_held",
            "checkout_id",
            "variant_id",
            unique=True,
            postgresql_where=text("state = 'held'"),
        ),
        Index("ix_reservations_variant_held", "variant_id", postgresql_where=text("state = 'held'")),
        Index("ix_reservations_due", "expires_at", postgresql_where=text("state = 'held'")),
    )

    id: UUID = primary_key()
    checkout_id: UUID = foreign_key("checkouts.id", on_delete="CASCADE")
    variant_id: UUID = foreign_key("variants.id", on_delete="CASCADE")
    quantity: int
    state: str = text_column(default=ReservationState.HELD)
    expires_at: datetime = moment_column(nullable=False)
    ended_at: datetime | None = moment_column()
    created_at: datetime = created_column()
