"""All tables. Importing this package registers every one with the metadata."""

from shophub.models import (
    accounts,
    carts,
    catalog,
    checkouts,
    community,
    figures,
    idempotency,
    imports,
    long_work,
    operations,
    orders,
    payments,
    search,
)
from shophub.models.base import SQLModel

metadata = SQLModel.metadata

__all__ = [
    "accounts",
    "carts",
    "catalog",
    "checkouts",
    "community",
    "figures",
    "idempotency",
    "imports",
    "long_work",
    "metadata",
    "operations",
    "orders",
    "payments",
    "search",
]
