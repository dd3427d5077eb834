"""What running the shop needs: settings, audit log, idempotency keys, searches, visits, imports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import AlertKind, ImportStatus
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    json_column,
    minor_column,
    moment_column,
    one_of,
    primary_key,
    text_array_column,
    text_column,
    updated_column,
)


class StoreSettings(SQLModel, table=True):
    """The store's settings: one row."""

    __tablename__ = "store_settings"
    __table_args__ = (
        check("single_row", "id = 1"),
        check("currency_code", "currency ~ '^[A-Z]{3}$'"),
        check("tax_rate_range", "tax_rate_ppm BETWEEN 0 AND 1000000"),
        check("shipping_fee_not_negative", "shipping_fee_minor >= 0"),
        check("threshold_not_negative", "free_shipping_threshold_minor IS NULL OR free_shipping_threshold_minor >= 0"),
        check("low_stock_not_negative", "low_stock_threshold >= 0"),
    )

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    store_name: str = text_column(default="ShopHub")
    store_email: str = text_column(default="hello@shophub.example")
    store_phone: str = text_column(default="")
    store_address: str = text_column(default="")
    logo_public_id: str | None = text_column(nullable=True)
    currency: str = text_column(default="USD")
    tax_rate_ppm: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    prices_include_tax: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    tax_on_shipping: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    shipping_fee_minor: int = minor_column(default=1000)
    free_shipping_threshold_minor: int | None = minor_column(nullable=True)
    ship_to_countries: list[str] = text_array_column()
    low_stock_threshold: int = Field(default=10, sa_column_kwargs={"server_default": text("10")})
    reviews_enabled: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    wishlist_enabled: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    guest_checkout_enabled: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    maintenance_enabled: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    maintenance_message: str = text_column(default="")
    admin_two_factor_required: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    synonyms: dict[str, Any] | None = json_column(nullable=True)
    pages: dict[str, Any] | None = json_column(nullable=True)
    store_id: UUID = Field(sa_column_kwargs={"server_default": text("gen_random_uuid()")}, default=None)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    updated_at: datetime = updated_column()


class AuditEntry(SQLModel, table=True):
    """Who did what to what. Append-only: the database refuses everything but sealing (filling in the hash once)."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_unsealed", "id", postgresql_where=text("hash IS NULL")),
        Index("ix_audit_log_target", "target_type", "target_id"),
        Index("ix_audit_log_actor_id", "actor_id"),
    )

    id: int = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    # No foreign key: erasing a person must never break the log.
    actor_id: UUID | None = Field(default=None)
    action: str = text_column()
    target_type: str = text_column()
    target_id: str = text_column(default="")
    before: dict[str, Any] | None = json_column(nullable=True)
    after: dict[str, Any] | None = json_column(nullable=True)
    network_address: str = text_column(default="")
    created_at: datetime = created_column()
    # The chain: a row's place in it, the hash before it and its own, all filled in once.
    position: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    previous_hash: str | None = text_column(nullable=True)
    hash: str | None = text_column(nullable=True)


class IdempotencyKey(SQLModel, table=True):
    """An answer given to a request with an ``Idempotency-Key``, to be given again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("scope", "key"), Index("ix_idempotency_keys_created_at", "created_at"))

    id: UUID = primary_key()
    scope: str = text_column()
    key: str = text_column()
    request_hash: str = text_column()
    status_code: int | None = Field(default=None)
    response: Any = json_column(nullable=True)
    completed_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class Search(SQLModel, table=True):
    """Something that was searched for, without who."""

    __tablename__ = "searches"
    __table_args__ = (
        Index("ix_searches_nothing_found", "created_at", postgresql_where=text("result_count = 0")),
        Index("ix_searches_created_at", "created_at"),
    )

    id: UUID = primary_key()
    query: str = text_column()
    result_count: int
    created_at: datetime = created_column()


class Visit(SQLModel, table=True):
    """A visitor of a day, known by a hash that changes daily, and how far they came."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("visited_on", "visitor_hash"),)

    id: UUID = primary_key()
    visited_on: date
    visitor_hash: str = text_column()
    saw_product: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    added_to_cart: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    started_checkout: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    ordered: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = created_column()


class ImportRun(SQLModel, table=True):
    """A bulk import, its progress and its report."""

    __tablename__ = "imports"
    __table_args__ = (one_of("status", ImportStatus),)

    id: UUID = primary_key()
    kind: str = text_column()
    status: str = text_column(default=ImportStatus.MAPPING)
    file_name: str = text_column(default="")
    is_dry_run: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    mapping: dict[str, Any] | None = json_column(nullable=True)
    report: Any = json_column(nullable=True)
    total_rows: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    done_rows: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    bad_rows: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    cancel_requested: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class Alert(SQLModel, table=True):
    """Something that somebody of the shop has to look at. While it is open, seeing it again only counts."""

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("kind", AlertKind),
        Index("uq_alerts_open", "kind", "subject", unique=True, postgresql_where=text("resolved_at IS NULL")),
        Index("ix_alerts_raised_at", "raised_at"),
    )

    id: UUID = primary_key()
    kind: str = text_column()
    subject: str = text_column()
    message: str = text_column()
    seen: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    raised_at: datetime = moment_column(nullable=False)
    last_seen_at: datetime = moment_column(nullable=False)
    resolved_at: datetime | None = moment_column()
    resolved_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)


class InvariantCheck(SQLModel, table=True):
    """The last time that a rule of the books was checked, and what broke it (a few examples)."""

    __tablename__ = "invariant_checks"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    checked_at: datetime = moment_column(nullable=False)
    violations: int = Field(default=0)
    sample: Any = json_column()
    milliseconds: int = Field(default=0)


class Mark(SQLModel, table=True):
    """How far something that is read bit by bit has come, such as the provider's events."""

    __tablename__ = "marks"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    reached_at: datetime = moment_column(nullable=False)
    updated_at: datetime = updated_column()


class Digest(SQLModel, table=True):
    """What one e-mail to several people is about, kept so that each gets the same."""

    __tablename__ = "digests"

    id: UUID = primary_key()
    kind: str = text_column()
    items: Any = json_column()
    created_at: datetime = created_column()
