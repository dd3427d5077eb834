"""All tables. Importing this package registers every one with the metadata."""

from shophub.models import accounts, carts, catalog, checkouts, community, operations, orders, payments
from shophub.models.base import SQLModel

metadata = SQLModel.metadata

__all__ = [
    "accounts",
    "carts",
    "catalog",
    "checkouts",
    "community",
    "metadata",
    "operations",
    "orders",
    "payments",
]
