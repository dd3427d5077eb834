"""What running the shop needs: settings, audit log, searches, visits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.domain.information import InformationPage
from shophub.domain.statuses import AlertKind
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


class InformationText(SQLModel, table=True):
    """The merchant's text of a page about the shop; without one the shop's own holds."""

    __tablename__ = "information_texts"
    __table_args__ = (one_of("page", InformationPage), check("body_not_empty", "body <> ''"))

    page: str = Field(sa_column=Column(Text, primary_key=True))
    body: str | None = text_column(nullable=True)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    updated_at: datetime = updated_column()


class AuditEntry(SQLModel, table=True):
    """Who did what to what. Append-only: the database refuses everything but sealing (filling in the hash once)."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_unsealed", "id", postgresql_where=text("hash IS NULL")),
        Index("ix_audit_log_target", "target_type", "target_id"),
        Index("ix_audit_log_actor_id", "actor_id"),
        Index("ix_audit_log_action", "action", "id"),
        Index("ix_audit_log_target_id", "target_id", "id"),
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


class Search(SQLModel, table=True):
    """Something that was searched for on a day, how often and when last; without who."""

    __tablename__ = "searches"
    __table_args__ = (
        UniqueConstraint("day", "query"),
        Index("ix_searches_nothing_found", "created_at", postgresql_where=text("result_count = 0")),
        Index("ix_searches_created_at", "created_at"),
    )

    id: UUID = primary_key()
    query: str = text_column()
    result_count: int
    day: date = Field(sa_column_kwargs={"server_default": text("(now() AT TIME ZONE 'UTC')::date")})
    times: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = created_column()


class Visit(SQLModel, table=True):
    """A visit: one browser with no pause of half an hour, known by a hash that changes daily, and how far it came.

    ``checkout_id`` is there only until that checkout is over. What counts in figures is ``VisitDay``.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_visitor_hash_last_seen_at", "visitor_hash", "last_seen_at"),
        Index("ix_visits_checkout_id", "checkout_id", postgresql_where=text("checkout_id IS NOT NULL")),
        Index("ix_visits_last_seen_at", "last_seen_at"),
    )

    id: UUID = primary_key()
    visited_on: date
    visitor_hash: str = text_column()
    saw_product: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    added_to_cart: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    started_checkout: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    ordered: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    checkout_id: UUID | None = Field(default=None)
    created_at: datetime = created_column()
    last_seen_at: datetime = created_column()


class VisitDay(SQLModel, table=True):
    """The visits of a day that began on it, and how many came how far. Triggers on the visits keep it."""

    __tablename__ = "visit_days"

    day: date = Field(primary_key=True)
    visits: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    saw_product: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    added_to_cart: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    started_checkout: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    ordered: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class SavedView(SQLModel, table=True):
    """A way to look at a table of the back office that somebody keeps under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("user_id", "table_name", "name"),
        check("name_length", "length(name) BETWEEN 1 AND 60"),
    )

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE", index=False)
    table_name: str = text_column()
    name: str = text_column()
    parameters: str = text_column(default="")
    created_at: datetime = created_column()


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
