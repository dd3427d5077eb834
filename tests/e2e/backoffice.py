"""What the staff do to an order, from a process that is not the shop.

Run as a module against a running shop: ``pack SH-1001``, ``ship SH-1001``, ``refund SH-1001 SKU 1``.
"""

import asyncio
import sys
from uuid import UUID

from sqlalchemy import text

from shophub.db import close_database, transaction
from shophub.domain.order_numbers import parse_order_number
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import fulfilment
from shophub.services.audit import Actor
from shophub.services.flows.refund_order import refund_order

PARCEL = {
    "carrier": "Parcelway",
    "trackingNumber": "PW123456789012",
    "trackingUrl": "https://parcelway.example/track/PW123456789012",
}


async def _actor() -> UUID:
    async with transaction() as session:
        return UUID(str((await session.execute(text("SELECT id FROM users ORDER BY created_at LIMIT 1"))).scalar_one()))


async def main(step: str, order: str, *details: str) -> None:
    """Take one step as somebody who works here."""
    number, actor = parse_order_number(order), await _actor()
    if step == "refund":
        sku, quantity = details
        await refund_order(number, lines={sku: int(quantity)}, reason="Arrived scratched", actor=Actor(actor))
    else:
        async with transaction() as session:
            if step == "pack":
                await fulfilment.mark_packed(session, number, actor=Actor(actor))
            elif step == "ship":
                await fulfilment.mark_shipped(session, number, ShipmentForm(**PARCEL), actor=Actor(actor))
            else:
                raise SystemExit(f"unknown step {step}")
    await close_database()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
