"""Carts and coupons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import DiscountType, RedemptionState
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    minor_column,
    moment_column,
    one_of,
    primary_key,
    text_column,
    updated_column,
)


class Cart(SQLModel, table=True):
    """A cart: an account's only one, or a guest's, known by the hash of an opaque token."""

    __tablename__ = "carts"
    __table_args__ = (
        check("one_owner", "(user_id IS NULL) <> (guest_token_hash IS NULL)"),
        Index("ix_carts_updated_at", "updated_at"),
    )

    id: UUID = primary_key()
    user_id: UUID | None = foreign_key("users.id", on_delete="CASCADE", nullable=True, index=False, unique=True)
    guest_token_hash: str | None = text_column(nullable=True, unique=True)
    coupon_id: UUID | None = foreign_key("coupons.id", on_delete="SET NULL", nullable=True)
    # A fingerprint of what its owner was last reminded of by e-mail: once per content.
    reminded_of: str | None = text_column(nullable=True)
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class CartLine(SQLModel, table=True):
    """One variant in a cart, with the price at which it was put there, to tell the shopper of a change."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        check("quantity_range", "quantity BETWEEN 1 AND 99"),
        check("price_positive", "added_price_minor > 0"),
    )

    id: UUID = primary_key()
    cart_id: UUID = foreign_key("carts.id", on_delete="CASCADE", index=False)
    variant_id: UUID = foreign_key("variants.id", on_delete="CASCADE")
    quantity: int
    added_price_minor: int = minor_column()
    is_saved: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class Coupon(SQLModel, table=True):
    """A code that lowers a price. ``held`` uses belong to checkouts under way, ``used`` ones to orders."""

    __tablename__ = "coupons"
    __table_args__ = (
        one_of("discount_type", DiscountType),
        Index("uq_coupons_code_upper", func.upper(text("code")), unique=True),
        check("code_length", "length(code) BETWEEN 3 AND 40"),
        check("ends_after_start", "ends_at > starts_at"),
        check("used_not_negative", "used >= 0"),
        check("held_not_negative", "held >= 0"),
        check("minimum_not_negative", "minimum_subtotal_minor >= 0"),
        check("maximum_positive", "maximum_discount_minor IS NULL OR maximum_discount_minor > 0"),
        check("max_uses_positive", "max_uses IS NULL OR max_uses > 0"),
        check("max_uses_per_customer_positive", "max_uses_per_customer IS NULL OR max_uses_per_customer > 0"),
        check(
            "value_fits_type",
            "(discount_type = 'PERCENTAGE' AND percent_bp BETWEEN 1 AND 10000 AND amount_minor IS NULL)"
            " OR (discount_type = 'FIXED' AND amount_minor > 0 AND percent_bp IS NULL)"
            " OR (discount_type = 'FREE_SHIPPING' AND percent_bp IS NULL AND amount_minor IS NULL)",
        ),
    )

    id: UUID = primary_key()
    code: str = text_column()
    description: str = text_column(default="")
    discount_type: str = text_column()
    percent_bp: int | None = Field(default=None)
    amount_minor: int | None = minor_column(nullable=True)
    minimum_subtotal_minor: int = minor_column(default=0)
    maximum_discount_minor: int | None = minor_column(nullable=True)
    max_uses: int | None = Field(default=None)
    max_uses_per_customer: int | None = Field(default=None)
    used: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    held: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Uses that are older than the limits may be more than these allow.
    limits_set_at: datetime | None = moment_column()
    first_order_only: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    starts_at: datetime = moment_column(nullable=False)
    ends_at: datetime = moment_column(nullable=False)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class CouponCategory(SQLModel, table=True):
    """A category that a coupon applies to; a coupon without any applies to all."""

    __tablename__ = "coupon_categories"

    coupon_id: UUID = Field(primary_key=True, foreign_key="coupons.id", ondelete="CASCADE")
    category_id: UUID = Field(primary_key=True, foreign_key="categories.id", ondelete="CASCADE", index=True)


class CouponRedemption(SQLModel, table=True):
    """One use of a coupon by one customer. It outlives the coupon, so that the history stays."""

    __tablename__ = "coupon_redemptions"
    __table_args__ = (
        one_of("state", RedemptionState),
        check("use_number_positive", "use_number > 0"),
        check("discount_not_negative", "discount_minor >= 0"),
        Index(
            "uq_coupon_redemptions_customer_use",
            "coupon_id",
            "email_key",
            "use_number",
            unique=True,
            postgresql_where=text("state <> 'released'"),
        ),
        Index(
            "uq_coupon_redemptions_checkout",
            "checkout_id",
            "coupon_id",
            unique=True,
            postgresql_where=text("state <> 'released'"),
        ),
        Index("ix_coupon_redemptions_user", "coupon_id", "user_id", postgresql_where=text("state <> 'released'")),
    )

    id: UUID = primary_key()
    coupon_id: UUID | None = foreign_key("coupons.id", on_delete="SET NULL", nullable=True, index=False)
    code: str = text_column()
    checkout_id: UUID = foreign_key("checkouts.id", on_delete="CASCADE")
    order_id: UUID | None = foreign_key("orders.id", on_delete="SET NULL", nullable=True)
    user_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    email_key: str = text_column()
    use_number: int
    state: str = text_column(default=RedemptionState.HELD)
    discount_minor: int = minor_column(default=0)
    created_at: datetime = created_column()
    ended_at: datetime | None = moment_column()
