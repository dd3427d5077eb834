"""What all tables share: constraint names, column shapes, checks."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Uuid
from sqlmodel import Field, SQLModel

from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id

# Named constraints, so that a migration can drop what an earlier one made.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def primary_key() -> Any:
    """Return a UUIDv7 primary key, made in Python."""
    return Field(default_factory=new_id, sa_column=Column(Uuid, primary_key=True))


def foreign_key(
    target: str, *, on_delete: str, nullable: bool = False, index: bool = True, unique: bool = False
) -> Any:
    """Return a foreign key column. It has an index unless one of the table's own indexes begins with it."""
    column = Column(Uuid, ForeignKey(target, ondelete=on_delete), nullable=nullable, index=index, unique=unique)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def text_column(*, nullable: bool = False, default: str | None = None, unique: bool = False) -> Any:
    """Return a text column of any length."""
    column = Column(Text, nullable=nullable, unique=unique, server_default=default)
    if nullable or default is not None:
        return Field(default=default, sa_column=column)
    return Field(sa_column=column)


def minor_column(*, nullable: bool = False, default: int | None = None) -> Any:
    """Return an amount in minor units."""
    column = Column(BigInteger, nullable=nullable, server_default=None if default is None else str(default))
    if nullable or default is not None:
        return Field(default=default, sa_column=column)
    return Field(sa_column=column)


def created_column(*, index: bool = False) -> Any:
    """Return the moment the row was made."""
    column = Column(DateTime(timezone=True), nullable=False, server_default=func.now(), index=index)
    return Field(default_factory=utc_now, sa_column=column)


def updated_column() -> Any:
    """Return the moment of the last change through the ORM."""
    column = Column(DateTime(timezone=True), nullable=False, server_default=func.now(), onupdate=utc_now)
    return Field(default_factory=utc_now, sa_column=column)


def moment_column(*, nullable: bool = True, index: bool = False) -> Any:
    """Return an aware moment in UTC."""
    column = Column(DateTime(timezone=True), nullable=nullable, index=index)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def json_column(*, nullable: bool = False) -> Any:
    """Return a JSON document."""
    return Field(default=None, sa_column=Column(JSONB, nullable=nullable))


def text_array_column() -> Any:
    """Return a list of texts, empty by default."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return a CHECK that ``column`` holds a value of the enumeration."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def check(name: str, condition: str) -> CheckConstraint:
    """Return a CHECK with a short name; the convention adds the table's."""
    return CheckConstraint(condition, name=name)


__all__ = [
    "UUID",
    "SQLModel",
    "check",
    "created_column",
    "datetime",
    "foreign_key",
    "json_column",
    "minor_column",
    "moment_column",
    "one_of",
    "primary_key",
    "text_array_column",
    "text_column",
    "updated_column",
]
