"""Products that tests of the staff's routes write."""

from typing import Any

from shophub.db import transaction
from shophub.repositories import loose_pictures
from tests.api.rest.caller import Caller

MUG: dict[str, Any] = {
    "name": "Blue Mug",
    "description": "Holds half a litre of tea.",
    "price": 2_450,
    "category": "mugs",
    "stock": 5,
}
SHIRT: dict[str, Any] = {
    **{name: MUG[name] for name in ("description", "category")},
    "name": "Linen Shirt",
    "price": 4_500,
    "compareAtPrice": 6_000,
    "options": [{"name": "Size", "values": ["S", "M"]}, {"name": "Colour", "values": ["Red"]}],
    "variants": [
        {"options": {"Size": "M", "Colour": "Red"}, "stock": 6, "sku": "M-RED"},
        {"options": {"Colour": "Red", "Size": "S"}, "stock": 4, "price": 4_700},
    ],
}
LEDGER_IS_STOCK = """
SELECT count(*) FROM variants v
WHERE v.stock <> (SELECT coalesce(sum(delta), 0) FROM stock_ledger WHERE variant_id = v.id)
"""


async def uploaded(*names: str) -> None:
    """Let pictures have been uploaded."""
    async with transaction() as session:
        for name in names:
            await loose_pictures.note(session, name)


def at(product: dict[str, Any]) -> str:
    """Return where a product is."""
    return f"/api/admin/products/{product['id']}"


async def read(admin: Caller, product: dict[str, Any]) -> dict[str, Any]:
    """Return a product as it stands."""
    found: dict[str, Any] = await admin.answers("GET /api/admin/products/{product_id}", at=at(product))
    return found
