"""Writing an order: its rows, its payment, its first events. Read by ``repositories/orders.py``."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.revisions import Revision
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class OrderKey:
    """An order's id and its public number."""

    id: UUID
    number: int


async def find_of_checkout(session: AsyncSession, checkout_id: UUID) -> OrderKey | None:
    """Return the order that was made from a checkout."""
    row = (
        await session.execute(text("SELECT id, number FROM orders WHERE checkout_id = :id"), {"id": checkout_id})
    ).one_or_none()
    return OrderKey(row.id, row.number) if row else None


async def insert_order(
    session: AsyncSession,
    revision: Revision,
    *,
    user_id: UUID | None,
    email_key: str,
    status: OrderStatus,
    payment_status: PaymentStatus,
    review_reason: str | None,
    placed_at: datetime,
) -> OrderKey:
    """Insert the order and its lines. The unique ``checkout_id`` refuses a second one for the same checkout."""
    order_id = new_id()
    sums = revision.sums
    values: dict[str, Any] = {
        "id": order_id,
        "checkout_id": revision.checkout_id,
        "user_id": user_id,
        "email": revision.email,
        "email_key": email_key,
        "status": status.value,
        "payment_status": payment_status.value,
        "needs_review": review_reason is not None,
        "review_reason": review_reason,
        "currency": revision.currency,
        "subtotal_minor": sums.subtotal_minor,
        "discount_minor": sums.discount_minor,
        "shipping_minor": sums.shipping_minor,
        "shipping_tax_minor": sums.shipping_tax_minor,
        "tax_minor": sums.tax_minor,
        "total_minor": sums.total_minor,
        "tax_included": sums.tax_included,
        "coupon_id": revision.coupon_id,
        "coupon_code": revision.coupon_code,
        "shipping_address": json.dumps(revision.shipping_address),
        "note": revision.note,
        "placed_at": placed_at,
    }
    number = (await session.execute(INSERT_ORDER, values)).scalar_one()
    await session.execute(INSERT_LINE, _line_values(order_id, revision))
    return OrderKey(order_id, number)


def _line_values(order_id: UUID, revision: Revision) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "order_id": order_id,
            "position": position,
            "variant_id": line.variant_id,
            "product_id": line.product_id,
            "name": line.name,
            "sku": line.sku,
            "options": json.dumps(line.options),
            "image_public_id": line.image_public_id,
            "quantity": line.quantity,
            "price_minor": line.price_minor,
            "discount_minor": line.discount_minor,
            "tax_minor": line.tax_minor,
            "total_minor": line.total_minor,
        }
        for position, line in enumerate(revision.lines)
    ]


# A product or variant deleted in between leaves NULL: the order keeps its own copy of what was bought.
INSERT_ORDER = text("""
INSERT INTO orders (id, checkout_id, user_id, email, email_key, status, payment_status, needs_review, review_reason,
  currency, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, tax_included,
  coupon_id, coupon_code, shipping_address, note, placed_at)
VALUES (:id, :checkout_id, :user_id, :email, :email_key, :status, :payment_status, :needs_review, :review_reason,
  :currency, :subtotal_minor, :discount_minor, :shipping_minor, :shipping_tax_minor, :tax_minor, :total_minor,
  :tax_included, (SELECT id FROM coupons WHERE id = :coupon_id), :coupon_code, CAST(:shipping_address AS jsonb),
  :note, :placed_at)
RETURNING number
""")

INSERT_LINE = text("""
INSERT INTO order_lines (id, order_id, position, variant_id, product_id, name, sku, options, image_public_id, quantity,
  price_minor, discount_minor, tax_minor, total_minor)
VALUES (:id, :order_id, :position, (SELECT id FROM variants WHERE id = :variant_id),
  (SELECT id FROM products WHERE id = :product_id), :name, :sku, CAST(:options AS jsonb), :image_public_id, :quantity,
  :price_minor, :discount_minor, :tax_minor, :total_minor)
""")


async def insert_payment(
    session: AsyncSession,
    *,
    order_id: UUID,
    intent_id: str,
    charge_id: str | None,
    revision: int,
    amount_minor: int,
    currency: str,
) -> UUID:
    """Record the money received for an order: one payment per order and per PaymentIntent."""
    payment_id = new_id()
    await session.execute(
        text("""
        INSERT INTO payments
          (id, order_id, stripe_payment_intent_id, stripe_charge_id, revision, amount_minor, currency)
        VALUES (:id, :order_id, :intent_id, :charge_id, :revision, :amount_minor, :currency)
        """),
        {
            "id": payment_id,
            "order_id": order_id,
            "intent_id": intent_id,
            "charge_id": charge_id,
            "revision": revision,
            "amount_minor": amount_minor,
            "currency": currency,
        },
    )
    return payment_id


async def insert_events(
    session: AsyncSession, order_id: UUID, events: list[tuple[str, str, bool]], at: datetime
) -> None:
    """Add steps to the timeline: type, note, and whether the customer sees it."""
    await session.execute(
        text("""
        INSERT INTO order_events (id, order_id, type, note, is_public, created_at)
        VALUES (:id, :order_id, :type, :note, :is_public, :at)
        """),
        [
            {"id": new_id(), "order_id": order_id, "type": kind, "note": note, "is_public": is_public, "at": at}
            for kind, note, is_public in events
        ],
    )


async def is_paid_by(session: AsyncSession, order_id: UUID, intent_id: str) -> bool:
    """Return whether this PaymentIntent is the one that paid the order."""
    statement = text(
        "SELECT EXISTS (SELECT 1 FROM payments WHERE order_id = :id AND stripe_payment_intent_id = :intent_id)"
    )
    return bool((await session.execute(statement, {"id": order_id, "intent_id": intent_id})).scalar_one())


async def flag_for_review(session: AsyncSession, order_id: UUID, reason: str) -> None:
    """Let nothing ship until somebody has looked."""
    await session.execute(
        text("UPDATE orders SET needs_review = true, review_reason = :reason, updated_at = now() WHERE id = :id"),
        {"id": order_id, "reason": reason},
    )
