"""Parcels, and the flag that keeps an order from leaving."""

from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id


async def insert_shipment(
    session: AsyncSession, order_id: UUID, *, carrier: str, tracking_number: str, tracking_url: str
) -> UUID:
    """Record a parcel that leaves now."""
    shipment_id = new_id()
    await session.execute(
        text("""
        INSERT INTO shipments (id, order_id, carrier, tracking_number, tracking_url, shipped_at)
        VALUES (:id, :order_id, :carrier, :tracking_number, :tracking_url, now())
        """),
        {
            "id": shipment_id,
            "order_id": order_id,
            "carrier": carrier,
            "tracking_number": tracking_number,
            "tracking_url": tracking_url,
        },
    )
    return shipment_id


async def deliver_shipments(session: AsyncSession, order_id: UUID) -> None:
    """Note that what is under way has arrived now."""
    await session.execute(
        text("UPDATE shipments SET delivered_at = now() WHERE order_id = :id AND delivered_at IS NULL"),
        {"id": order_id},
    )


async def has_event(session: AsyncSession, order_id: UUID, kind: str) -> bool:
    """Return whether the order's timeline has a step of that kind."""
    statement = text("SELECT EXISTS (SELECT 1 FROM order_events WHERE order_id = :id AND type = :kind)")
    return bool((await session.execute(statement, {"id": order_id, "kind": kind})).scalar_one())


async def clear_review(session: AsyncSession, order_id: UUID) -> bool:
    """Take the flag from an order; False where it has none. Why it was flagged stays."""
    statement = text("""
        UPDATE orders SET needs_review = false, updated_at = now() WHERE id = :id AND needs_review RETURNING id
    """)
    return (await session.execute(statement, {"id": order_id})).scalar_one_or_none() is not None
