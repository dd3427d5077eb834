"""Accounts: users, their sessions, invites, links sent by e-mail, second factors and address book."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import AddressType, EmailTokenPurpose, Role
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    moment_column,
    one_of,
    primary_key,
    text_column,
    updated_column,
)


class User(SQLModel, table=True):
    """An account. Deactivation keeps the row; deletion anonymises it, because the books need it."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("role", Role),
        check("full_name_length", "length(full_name) >= 2"),
        Index("uq_users_email_lower", func.lower(text("email")), unique=True),
        Index("ix_users_role_active", "role", "is_active"),
        Index("ix_users_created_at_id", "created_at", "id"),
        Index("ix_users_name", text("lower(full_name)"), "id"),
    )

    id: UUID = primary_key()
    email: str = text_column()
    full_name: str = text_column()
    password_hash: str | None = text_column(nullable=True)
    role: str = text_column(default=Role.CUSTOMER)
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    email_verified_at: datetime | None = moment_column()
    accepts_marketing: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    # Word when something on the wishlist can be had again; on until its owner says otherwise.
    accepts_stock_mails: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    deactivated_at: datetime | None = moment_column()
    erased_at: datetime | None = moment_column()
    last_sign_in_at: datetime | None = moment_column()
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class UserSession(SQLModel, table=True):
    """A signed-in device. The cookie names it; it ends here, whatever the cookie says."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_live", "user_id", postgresql_where=text("revoked_at IS NULL")),)

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE")
    user_agent: str = text_column(default="")
    network_address: str = text_column(default="")
    step_up_at: datetime = moment_column(nullable=False)
    last_seen_at: datetime = moment_column(nullable=False)
    expires_at: datetime = moment_column(nullable=False, index=True)
    revoked_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class Invite(SQLModel, table=True):
    """A link that makes its reader an admin. Only the token's hash is kept."""

    __tablename__ = "invites"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "uq_invites_open_email",
            func.lower(text("email")),
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: UUID = primary_key()
    email: str = text_column()
    role: str = text_column()
    token_hash: str = text_column(unique=True)
    invited_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    expires_at: datetime = moment_column(nullable=False)
    accepted_at: datetime | None = moment_column()
    accepted_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    revoked_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class EmailToken(SQLModel, table=True):
    """A single-use link sent by e-mail: verify an address, reset a password, change an address."""

    __tablename__ = "email_tokens"
    __table_args__ = (one_of("purpose", EmailTokenPurpose),)

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE")
    purpose: str = text_column()
    token_hash: str = text_column(unique=True)
    new_email: str | None = text_column(nullable=True)
    # What the address was before this link changed it: the e-mail that tells its owner goes there.
    former_email: str | None = text_column(nullable=True)
    expires_at: datetime = moment_column(nullable=False, index=True)
    used_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class SecondFactor(SQLModel, table=True):
    """A TOTP secret, encrypted. ``last_step`` is the newest time step accepted, so that no code works twice."""

    __tablename__ = "second_factors"

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    secret_encrypted: str = text_column()
    confirmed_at: datetime | None = moment_column()
    last_step: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = created_column()


class RecoveryCode(SQLModel, table=True):
    """One of the codes that replace a lost second factor; each works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE", index=False)
    code_hash: str = text_column()
    used_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class Address(SQLModel, table=True):
    """An entry of a customer's address book; at most one is the default."""

    __tablename__ = "addresses"
    __table_args__ = (
        one_of("type", AddressType),
        check("address_length", "length(address) >= 5"),
        check("city_length", "length(city) >= 2"),
        check("country_code", "country ~ '^[A-Z]{2}$'"),
        Index("uq_addresses_default", "user_id", unique=True, postgresql_where=text("is_default")),
    )

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE")
    type: str = text_column(default=AddressType.HOME)
    label: str = text_column(default="")
    full_name: str = text_column()
    address: str = text_column()
    address2: str = text_column(default="")
    city: str = text_column()
    state: str = text_column(default="")
    zip_code: str = text_column()
    country: str = text_column()
    phone: str = text_column(default="")
    is_default: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()
