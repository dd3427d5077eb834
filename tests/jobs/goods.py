"""Goods and their stock, for the tests of what is told about them."""

from typing import Any
from uuid import uuid4

from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.models.catalog import Product, Variant
from tests.factories import make_product, variants_of

NASTY = '<script>alert(1)</script> & "Co"'


def address() -> str:
    """Return an e-mail address that no other test uses."""
    return f"{uuid4().hex}@example.com"


async def run(statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Run a statement in a transaction of its own and return its rows."""
    async with transaction() as session:
        result = await session.execute(text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else []


async def set_stock(variant: Variant, stock: int, reserved: int = 0) -> None:
    """Change what is there of a variant."""
    await run(
        "UPDATE variants SET stock = :stock, reserved = :reserved WHERE id = :id",
        id=variant.id,
        stock=stock,
        reserved=reserved,
    )


async def product_of(session: AsyncSession, **values: Any) -> tuple[Product, Variant]:
    """Make a product with one variant, and return both."""
    product = await make_product(session, **values)
    (variant,) = await variants_of(session, product)
    return product, variant
