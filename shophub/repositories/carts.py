"""Carts: finding, filling and reading them. Every change of a quantity is one statement, so that tabs cannot race."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.models.carts import Cart, CartLine
from shophub.schemas.carts import CartOwner

MAX_QUANTITY = 99
MAKING_TRIES = 5

# What this cart may have of a variant: what is free, and what its own open checkout has set aside already. Goods that a
# program gives have no cart: their checkout's id stands for it.
AVAILABLE_TO_CART = """
  (v.stock - v.reserved + coalesce((
     SELECT sum(r.quantity) FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
     WHERE r.variant_id = v.id AND r.state = 'held' AND :cart_id IN (c.goods_cart_id, c.id)), 0))
"""

ADD = text(f"""
INSERT INTO cart_lines (id, cart_id, variant_id, quantity, added_price_minor, is_saved, created_at, updated_at)
SELECT :line_id, :cart_id, v.id, :quantity, v.price_minor, false, :now, :now
FROM variants v JOIN products p ON p.id = v.product_id
WHERE v.id = :variant_id AND p.status = 'active' AND :quantity <= {AVAILABLE_TO_CART}
ON CONFLICT (cart_id, variant_id) DO UPDATE SET
  quantity = CASE WHEN cart_lines.is_saved THEN 0 ELSE cart_lines.quantity END + excluded.quantity,
  added_price_minor =
    CASE WHEN cart_lines.is_saved THEN excluded.added_price_minor ELSE cart_lines.added_price_minor END,
  is_saved = false, updated_at = excluded.updated_at
WHERE CASE WHEN cart_lines.is_saved THEN 0 ELSE cart_lines.quantity END + excluded.quantity
  <= least({MAX_QUANTITY}, (SELECT {AVAILABLE_TO_CART} FROM variants v WHERE v.id = excluded.variant_id))
RETURNING quantity
""")  # noqa: S608 - the pieces are constants of this module

SET_QUANTITY = text(f"""
UPDATE cart_lines l SET quantity = :quantity, is_saved = false, updated_at = :now
FROM variants v JOIN products p ON p.id = v.product_id
WHERE l.id = :line_id AND l.cart_id = :cart_id AND v.id = l.variant_id AND p.status = 'active'
  AND :quantity <= {AVAILABLE_TO_CART}
RETURNING l.quantity
""")  # noqa: S608

# ``{lines}`` is where the lines come from: a cart's, or goods that a program has given.
LINES_OF = f"""
SELECT l.id, l.variant_id, l.quantity, l.added_price_minor, l.is_saved, v.price_minor, v.sku, v.option_values,
       v.product_id, p.slug, p.name, p.status, p.category_id, k.parent_id AS category_parent_id,
       {AVAILABLE_TO_CART} AS available,
       (SELECT array_agg(o.name ORDER BY o.position) FROM product_options o WHERE o.product_id = p.id) AS option_names,
       i.public_id AS image_public_id, i.alt AS image_alt, i.colour AS image_colour
FROM {{lines}} l
JOIN variants v ON v.id = l.variant_id
JOIN products p ON p.id = v.product_id
JOIN categories k ON k.id = p.category_id
LEFT JOIN LATERAL (
  SELECT i.public_id, i.alt, i.colour FROM images i
  WHERE i.id = v.image_id OR i.product_id = p.id
  ORDER BY (i.id = v.image_id) DESC NULLS LAST, i.position LIMIT 1) i ON true
WHERE l.cart_id = :cart_id
ORDER BY l.created_at, l.id
"""  # noqa: S608
LINES = text(LINES_OF.format(lines="cart_lines"))

MERGE = text(f"""
INSERT INTO cart_lines (id, cart_id, variant_id, quantity, added_price_minor, is_saved, created_at, updated_at)
SELECT gen_random_uuid(), :cart_id, g.variant_id, least({MAX_QUANTITY}, greatest(1, least(g.quantity,
         CASE WHEN g.is_saved THEN g.quantity
         ELSE (SELECT {AVAILABLE_TO_CART} FROM variants v WHERE v.id = g.variant_id)
         END))), g.added_price_minor, g.is_saved, g.created_at, :now
FROM cart_lines g WHERE g.cart_id = :guest_cart_id
ON CONFLICT (cart_id, variant_id) DO UPDATE SET
  quantity = greatest(1, least({MAX_QUANTITY},
    CASE WHEN cart_lines.is_saved AND NOT excluded.is_saved THEN 0 ELSE cart_lines.quantity END
      + CASE WHEN excluded.is_saved AND NOT cart_lines.is_saved THEN 0 ELSE excluded.quantity END,
    CASE WHEN cart_lines.is_saved AND excluded.is_saved THEN {MAX_QUANTITY}
    ELSE (SELECT {AVAILABLE_TO_CART} FROM variants v WHERE v.id = excluded.variant_id) END)),
  is_saved = cart_lines.is_saved AND excluded.is_saved, updated_at = excluded.updated_at
""")  # noqa: S608


@dataclass(frozen=True)
class LineRow:
    """A line of a cart with what is needed of its variant and product."""

    id: UUID
    variant_id: UUID
    quantity: int
    added_price_minor: int
    is_saved: bool
    price_minor: int
    sku: str
    options: dict[str, str]
    product_id: UUID
    slug: str
    name: str
    is_on_sale: bool
    category_ids: frozenset[str]
    available: int
    image_public_id: str | None
    image_alt: str
    image_colour: str


@dataclass(frozen=True)
class CartRow:
    """A cart without its lines."""

    id: UUID
    user_id: UUID | None
    guest_token_hash: str | None
    coupon_id: UUID | None


def _owned(owner: CartOwner) -> Any:
    if owner.user_id is not None:
        return Cart.user_id == owner.user_id
    return Cart.guest_token_hash == token_hash(owner.guest_token or "")


async def find_cart(session: AsyncSession, owner: CartOwner, *, lock: bool = False) -> CartRow | None:
    """Return the owner's cart, or None where there is none yet. ``lock`` keeps others from changing it meanwhile."""
    if owner.user_id is None and not owner.guest_token:
        return None
    statement = select(Cart.id, Cart.user_id, Cart.guest_token_hash, Cart.coupon_id).where(_owned(owner))  # type: ignore[call-overload]
    if lock:
        # NO KEY UPDATE: a checkout that changes twice in a transaction looks its cart up again (the foreign key), and
        # would wait here for one who waits for it.
        statement = statement.with_for_update(key_share=True)
    row = (await session.execute(statement)).one_or_none()
    return CartRow(*row) if row else None


async def get_or_create_cart(session: AsyncSession, owner: CartOwner) -> CartRow:
    """Return the owner's cart, locked, made if need be; many first calls at once make one."""
    values = {"user_id": owner.user_id} if owner.user_id else {"guest_token_hash": token_hash(owner.guest_token or "")}
    for _ in range(MAKING_TRIES):
        found = await find_cart(session, owner, lock=True)
        if found is not None:
            return found
        # Where another tab makes the cart, this waits and makes none; a sign-in may pour it away before it is read.
        await session.execute(insert(Cart).values(id=new_id(), **values).on_conflict_do_nothing())
    raise RuntimeError("The cart is made and poured away again and again.")


LOCK_CART_OF_CHECKOUT = text("""
SELECT c.id FROM carts c JOIN checkouts k ON k.goods_cart_id = c.id WHERE k.id = :id FOR NO KEY UPDATE OF c
""")


async def lock_cart_of_checkout(session: AsyncSession, checkout_id: UUID) -> None:
    """Lock the cart that a checkout buys from. Carts are always locked before their checkouts, so nobody deadlocks.

    A sign-in may pour that cart into the account's while it is waited for: then it is gone, and the checkout names
    another one.
    """
    for _ in range(3):
        if (await session.execute(LOCK_CART_OF_CHECKOUT, {"id": checkout_id})).scalar_one_or_none() is not None:
            return
        named = text("SELECT goods_cart_id FROM checkouts WHERE id = :id")
        if (await session.execute(named, {"id": checkout_id})).scalar_one_or_none() is None:
            return


async def add_quantity(session: AsyncSession, cart_id: UUID, variant_id: UUID, quantity: int) -> int | None:
    """Add to a line, made if need be. Returns the resulting quantity, or None where that is more than can be had."""
    values = {"line_id": new_id(), "cart_id": cart_id, "variant_id": variant_id, "quantity": quantity, "now": utc_now()}
    return (await session.execute(ADD, values)).scalar_one_or_none()


async def set_quantity(session: AsyncSession, cart_id: UUID, line_id: UUID, quantity: int) -> bool:
    """Set a line's quantity if that many can be had, and put a saved line back."""
    values = {"cart_id": cart_id, "line_id": line_id, "quantity": quantity, "now": utc_now()}
    return (await session.execute(SET_QUANTITY, values)).scalar_one_or_none() is not None


async def delete_line(session: AsyncSession, cart_id: UUID, line_id: UUID) -> bool:
    """Take a line out of the cart; False where it is not in it."""
    statement = delete(CartLine).where(CartLine.id == line_id, CartLine.cart_id == cart_id)  # type: ignore[arg-type]
    return _rowcount(await session.execute(statement)) == 1


async def delete_lines(session: AsyncSession, cart_id: UUID) -> None:
    """Take everything out of the cart but what was put aside."""
    statement = delete(CartLine).where(CartLine.cart_id == cart_id, CartLine.is_saved.is_(False))  # type: ignore[arg-type, attr-defined]
    await session.execute(statement)


async def find_line(session: AsyncSession, cart_id: UUID, variant_id: UUID) -> UUID | None:
    """Return the cart's line of a variant, unless it was put aside."""
    statement = select(CartLine.id).where(  # type: ignore[call-overload]
        CartLine.cart_id == cart_id,
        CartLine.variant_id == variant_id,
        CartLine.is_saved.is_(False),  # type: ignore[attr-defined]
    )
    found: UUID | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def save_line(session: AsyncSession, cart_id: UUID, line_id: UUID) -> bool:
    """Put a line aside; False where it is not in the cart."""
    statement = (
        update(CartLine)
        .where(CartLine.id == line_id, CartLine.cart_id == cart_id)  # type: ignore[arg-type]
        .values(is_saved=True, updated_at=utc_now())
    )
    return _rowcount(await session.execute(statement)) == 1


async def set_coupon(session: AsyncSession, cart_id: UUID, coupon_id: UUID | None) -> None:
    """Attach a coupon, or take it off."""
    await session.execute(
        update(Cart).where(Cart.id == cart_id).values(coupon_id=coupon_id, updated_at=utc_now())  # type: ignore[arg-type]
    )


async def list_lines(session: AsyncSession, cart_id: UUID) -> list[LineRow]:
    """Return the lines in the order in which they were added, saved ones included. One statement."""
    rows = (await session.execute(LINES, {"cart_id": cart_id})).mappings()
    return [line_row(row) for row in rows]


def line_row(row: Any) -> LineRow:
    """Return a row of ``LINES_OF``."""
    names = row["option_names"] or []
    parents = {str(row["category_id"])} | ({str(row["category_parent_id"])} if row["category_parent_id"] else set())
    return LineRow(
        id=row["id"],
        variant_id=row["variant_id"],
        quantity=row["quantity"],
        added_price_minor=row["added_price_minor"],
        is_saved=row["is_saved"],
        price_minor=row["price_minor"],
        sku=row["sku"],
        options=dict(zip(names, row["option_values"], strict=False)),
        product_id=row["product_id"],
        slug=row["slug"],
        name=row["name"],
        is_on_sale=row["status"] == "active",
        category_ids=frozenset(parents),
        available=max(0, int(row["available"])),
        image_public_id=row["image_public_id"],
        image_alt=row["image_alt"] or row["name"],
        image_colour=row["image_colour"] or "#e8e4dc",
    )


async def merge_lines(session: AsyncSession, guest_cart_id: UUID, cart_id: UUID, now: datetime) -> None:
    """Pour one cart into another and delete it: quantities are summed, capped at what can be had."""
    await session.execute(MERGE, {"guest_cart_id": guest_cart_id, "cart_id": cart_id, "now": now})
    await session.execute(delete(Cart).where(Cart.id == guest_cart_id))  # type: ignore[arg-type]


TAKE_OUT = text("""
WITH bought AS (
  SELECT l.id, b.quantity FROM cart_lines l
  JOIN unnest(CAST(:variants AS uuid[]), CAST(:quantities AS int[])) AS b(variant_id, quantity)
    ON b.variant_id = l.variant_id
  WHERE l.cart_id = :cart_id AND NOT l.is_saved),
gone AS (DELETE FROM cart_lines l USING bought b WHERE l.id = b.id AND l.quantity <= b.quantity),
fewer AS (
  UPDATE cart_lines l SET quantity = l.quantity - b.quantity FROM bought b
  WHERE l.id = b.id AND l.quantity > b.quantity)
SELECT 1
""")


async def take_out(session: AsyncSession, cart_id: UUID, bought: dict[UUID, int]) -> None:
    """Take bought quantities out of a locked cart; what was added meanwhile stays. One statement."""
    values = {"cart_id": cart_id, "variants": list(bought), "quantities": list(bought.values())}
    await session.execute(TAKE_OUT, values)


@dataclass(frozen=True)
class Availability:
    """How many of a variant a cart may have, and how many are in it."""

    name: str
    is_on_sale: bool
    available: int
    in_cart: int


async def find_availability(session: AsyncSession, cart_id: UUID, variant_id: UUID) -> Availability | None:
    """Return the variant's availability to this cart, or None where there is no such variant."""
    statement = text(f"""
        SELECT p.name, p.status = 'active' AS is_on_sale, {AVAILABLE_TO_CART} AS available,
          coalesce((SELECT quantity FROM cart_lines l
                    WHERE l.cart_id = :cart_id AND l.variant_id = v.id AND NOT l.is_saved), 0) AS in_cart
        FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = :variant_id
    """)  # noqa: S608
    row = (await session.execute(statement, {"cart_id": cart_id, "variant_id": variant_id})).one_or_none()
    return Availability(row.name, row.is_on_sale, int(row.available), row.in_cart) if row else None


async def hand_over_checkout(session: AsyncSession, from_cart_id: UUID, to_cart_id: UUID, user_id: UUID) -> None:
    """Give a guest's live checkout to an account: its order will be the account's.

    It moves to the account's cart too, unless that one has a live checkout of its own; what it buys is taken out of the
    account's cart either way, and the coupon's use that it holds counts as the account's. The guest's token still opens
    it: a tab that was open before the sign-in knows nothing else.
    """
    await session.execute(
        text("""
        WITH moved AS (UPDATE checkouts SET user_id = :user_id, updated_at = now(), goods_cart_id = :to_id,
          cart_id = CASE WHEN EXISTS (
            SELECT 1 FROM checkouts o WHERE o.cart_id = :to_id AND o.status IN ('open', 'processing'))
          THEN cart_id ELSE CAST(:to_id AS uuid) END
        WHERE cart_id = :from_id AND status IN ('open', 'processing') RETURNING id)
        UPDATE coupon_redemptions r SET user_id = :user_id FROM moved
        WHERE r.checkout_id = moved.id AND r.state = 'held'
        """),
        {"from_id": from_cart_id, "to_id": to_cart_id, "user_id": user_id},
    )


async def drop_coupon(session: AsyncSession, owner: CartOwner) -> None:
    """Take the coupon off the owner's cart."""
    cart = await find_cart(session, owner, lock=True)
    if cart is not None:
        await set_coupon(session, cart.id, None)


async def detach_coupon(session: AsyncSession, cart_id: UUID, coupon_id: UUID | None) -> None:
    """Take this coupon off the cart, because it was used or is not valid; another one, chosen meanwhile, stays."""
    if coupon_id is not None:
        await session.execute(
            text("UPDATE carts SET coupon_id = NULL WHERE id = :cart_id AND coupon_id = :coupon_id"),
            {"cart_id": cart_id, "coupon_id": coupon_id},
        )


def _rowcount(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
