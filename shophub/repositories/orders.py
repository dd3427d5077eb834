"""Reading orders. Who may see one is part of the question, so that no caller can forget to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class OrderRow:
    """An order as it was sold. Amounts are minor units of ``currency``."""

    id: UUID
    number: int
    user_id: UUID | None
    email: str
    status: str
    payment_status: str
    currency: str
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    refunded_minor: int
    tax_included: bool
    needs_review: bool
    coupon_code: str | None
    shipping_address: dict[str, str]
    note: str
    placed_at: datetime


@dataclass(frozen=True)
class OrderLineRow:
    """A bought variant. ``slug`` is set while the product can still be visited, ``variant_id`` while it exists."""

    id: UUID
    order_id: UUID
    variant_id: UUID | None
    name: str
    sku: str
    options: dict[str, str]
    image_public_id: str | None
    image_alt: str | None
    image_colour: str | None
    quantity: int
    price_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    refunded_quantity: int
    slug: str | None


@dataclass(frozen=True)
class OrderStepRow:
    """A step of the timeline that the customer may see."""

    type: str
    note: str
    created_at: datetime


@dataclass(frozen=True)
class RefundedLineRow:
    """What of an order line a refund is for."""

    refund_id: UUID
    name: str
    options: dict[str, str]
    quantity: int
    amount_minor: int


@dataclass(frozen=True)
class OrderRefundRow:
    """Money given back, or being given back. The amount is in minor units of ``currency``."""

    id: UUID
    amount_minor: int
    currency: str
    status: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ShipmentRow:
    """A parcel on its way."""

    carrier: str
    tracking_number: str
    tracking_url: str


_COLUMNS = ", ".join(f"o.{name}" for name in OrderRow.__dataclass_fields__)

FIND_VISIBLE = text(f"""
SELECT {_COLUMNS} FROM orders o
WHERE o.number = :number AND (o.user_id = CAST(:user_id AS uuid) OR :may_see_all)
""")  # noqa: S608 - the columns are the names of this module's own fields

FIND_BY_ID = text(f"SELECT {_COLUMNS} FROM orders o WHERE o.id = :order_id")  # noqa: S608 - likewise

LIST_OWN = text(f"""
SELECT {_COLUMNS}, count(*) OVER () AS found FROM orders o
WHERE o.user_id = :user_id ORDER BY o.placed_at DESC, o.number DESC LIMIT :limit OFFSET :offset
""")  # noqa: S608 - likewise

COUNT_OWN = text("SELECT count(*) FROM orders WHERE user_id = :user_id")

LIST_LINES = text("""
SELECT l.id, l.order_id, l.variant_id, l.name, l.sku, l.options, l.image_public_id, i.alt AS image_alt,
  i.colour AS image_colour, l.quantity, l.price_minor, l.discount_minor, l.tax_minor, l.total_minor,
  l.refunded_quantity, p.slug
FROM order_lines l
LEFT JOIN products p ON p.id = l.product_id AND p.status = 'active'
LEFT JOIN images i ON i.public_id = l.image_public_id
WHERE l.order_id = ANY(:order_ids) ORDER BY l.order_id, l.position
""")


async def find_visible(
    session: AsyncSession, number: int, *, user_id: UUID | None, may_see_all: bool
) -> OrderRow | None:
    """Return the order if it is the account's own, or the caller may see every one of that number."""
    values = {"number": number, "user_id": user_id, "may_see_all": may_see_all}
    row = (await session.execute(FIND_VISIBLE, values)).mappings().one_or_none()
    return OrderRow(**row) if row else None


async def find_by_id(session: AsyncSession, order_id: UUID) -> OrderRow | None:
    """Return an order for the shop's own use, such as an e-mail to its customer."""
    row = (await session.execute(FIND_BY_ID, {"order_id": order_id})).mappings().one_or_none()
    return OrderRow(**row) if row else None


async def list_own(session: AsyncSession, user_id: UUID, *, limit: int, offset: int) -> tuple[list[OrderRow], int]:
    """Return a page of an account's orders, newest first, and how many there are in all."""
    values = {"user_id": user_id, "limit": limit, "offset": offset}
    rows = (await session.execute(LIST_OWN, values)).mappings().all()
    if not rows and offset:
        return [], int((await session.execute(COUNT_OWN, {"user_id": user_id})).scalar_one())
    total = int(rows[0]["found"]) if rows else 0
    return [OrderRow(**{name: row[name] for name in OrderRow.__dataclass_fields__}) for row in rows], total


async def list_lines(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, list[OrderLineRow]]:
    """Return the lines of several orders at once, in their order."""
    lines: dict[UUID, list[OrderLineRow]] = {order_id: [] for order_id in order_ids}
    for row in (await session.execute(LIST_LINES, {"order_ids": list(order_ids)})).mappings():
        lines[row["order_id"]].append(OrderLineRow(**row))
    return lines


async def list_steps(session: AsyncSession, order_id: UUID) -> list[OrderStepRow]:
    """Return the public steps of an order's timeline, oldest first."""
    return (await list_steps_of(session, [order_id]))[order_id]


async def list_steps_of(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, list[OrderStepRow]]:
    """Return the public steps of several orders at once, each order's oldest first."""
    steps: dict[UUID, list[OrderStepRow]] = {order_id: [] for order_id in order_ids}
    statement = text("""
        SELECT order_id, type, note, created_at FROM order_events
        WHERE order_id = ANY(:order_ids) AND is_public ORDER BY created_at, id
    """)
    for row in await session.execute(statement, {"order_ids": list(order_ids)}):
        steps[row.order_id].append(OrderStepRow(row.type, row.note, row.created_at))
    return steps


async def list_refunds(
    session: AsyncSession, order_id: UUID
) -> tuple[list[OrderRefundRow], dict[UUID, list[RefundedLineRow]]]:
    """Return an order's refunds, oldest first, and per refund the lines that it is for (none: it is for an amount)."""
    refunds = text("""
        SELECT id, amount_minor, currency, status, created_at, ended_at FROM refunds
        WHERE order_id = :order_id ORDER BY created_at, id
    """)
    rows = [OrderRefundRow(**row) for row in (await session.execute(refunds, {"order_id": order_id})).mappings()]
    lines: dict[UUID, list[RefundedLineRow]] = {row.id: [] for row in rows}
    if rows:
        found = text("""
            SELECT rl.refund_id, l.name, l.options, rl.quantity, rl.amount_minor
            FROM refund_lines rl JOIN order_lines l ON l.id = rl.order_line_id
            WHERE rl.refund_id = ANY(:ids) ORDER BY l.position
        """)
        for row in (await session.execute(found, {"ids": list(lines)})).mappings():
            lines[row["refund_id"]].append(RefundedLineRow(**row))
    return rows, lines


async def find_shipment(session: AsyncSession, order_id: UUID) -> ShipmentRow | None:
    """Return the newest parcel of an order."""
    return (await list_shipments(session, [order_id])).get(order_id)


async def list_shipments(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, ShipmentRow]:
    """Return the newest parcel of each of these orders that has one."""
    statement = text("""
        SELECT DISTINCT ON (order_id) order_id, carrier, tracking_number, tracking_url FROM shipments
        WHERE order_id = ANY(:order_ids) ORDER BY order_id, shipped_at DESC, id DESC
    """)
    rows = await session.execute(statement, {"order_ids": list(order_ids)})
    return {row.order_id: ShipmentRow(row.carrier, row.tracking_number, row.tracking_url) for row in rows}


async def find_last_address(session: AsyncSession, user_id: UUID) -> dict[str, str] | None:
    """Return where the account's newest order went to."""
    statement = text(
        "SELECT shipping_address FROM orders WHERE user_id = :user_id ORDER BY placed_at DESC, number DESC LIMIT 1"
    )
    return (await session.execute(statement, {"user_id": user_id})).scalar_one_or_none()


async def find_by_number_and_email(session: AsyncSession, number: int, email_key: str) -> UUID | None:
    """Return the order of that number if it was placed with that address."""
    statement = text("SELECT id FROM orders WHERE number = :number AND email_key = :email_key")
    return (await session.execute(statement, {"number": number, "email_key": email_key})).scalar_one_or_none()


@dataclass(frozen=True)
class JustPlaced:
    """An order with the checkout that it was made of."""

    checkout_id: UUID
    number: int


async def find_just_placed(session: AsyncSession, cart_id: UUID, since: datetime) -> JustPlaced | None:
    """Return the newest order of a cart that was placed since then, if nothing has been put into the cart after it."""
    statement = text("""
        SELECT o.checkout_id, o.number FROM orders o JOIN checkouts c ON c.id = o.checkout_id
        WHERE c.goods_cart_id = :cart_id AND o.placed_at >= :since
          AND NOT EXISTS (SELECT 1 FROM cart_lines l WHERE l.cart_id = :cart_id)
        ORDER BY o.placed_at DESC LIMIT 1
    """)
    row = (await session.execute(statement, {"cart_id": cart_id, "since": since})).one_or_none()
    return JustPlaced(*row) if row else None
