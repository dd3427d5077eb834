"""Taking a person out of the tables. What the books need stays: amounts, goods, and where they were taxed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_token

NAME = "Erased customer"
REVIEWER = "A former customer"
# A domain that no mail can go to (RFC 2606); the database lets a frozen revision change to an address of it alone.
DOMAIN = "@erased.invalid"
# A parcel that nobody marked as delivered has arrived by then, or was asked about.
ARRIVED_AFTER = timedelta(days=60)

# Nobody has to be left in them for the books, in an order that breaks no reference.
_DELETIONS = (
    "DELETE FROM addresses WHERE user_id = :id",
    "DELETE FROM email_tokens WHERE user_id = :id",
    "DELETE FROM recovery_codes WHERE user_id = :id",
    "DELETE FROM second_factors WHERE user_id = :id",
    "DELETE FROM wishlists WHERE user_id = :id",
    "DELETE FROM review_votes WHERE user_id = :id",
    "DELETE FROM product_views WHERE user_id = :id",
    # Those of somebody who never confirmed the address are whoever's the address is.
    "DELETE FROM stock_alerts WHERE user_id = :id OR (email_key = :email_key AND :is_verified)",
    "DELETE FROM saved_views WHERE user_id = :id",
    "DELETE FROM product_imports WHERE owner_id = :id",
    "DELETE FROM long_jobs WHERE owner_id = :id",
    "DELETE FROM carts WHERE user_id = :id",
    "DELETE FROM sessions WHERE user_id = :id",
)
_CHANGES = (
    "UPDATE reviews SET user_id = NULL, author_name = :reviewer WHERE user_id = :id",
    "UPDATE invites SET revoked_at = :now WHERE invited_by_id = :id AND accepted_at IS NULL AND revoked_at IS NULL",
    """UPDATE invites SET email = :email, revoked_at = CASE WHEN accepted_at IS NULL
      THEN coalesce(revoked_at, :now) ELSE revoked_at END
    WHERE accepted_by_id = :id OR (lower(email) = :email_key AND :is_verified)""",
    """UPDATE users SET email = :email, full_name = :name, password_hash = NULL, role = 'CUSTOMER', is_active = false,
      email_verified_at = NULL, accepts_marketing = false, accepts_stock_mails = false, last_sign_in_at = NULL,
      deactivated_at = coalesce(deactivated_at, :now), erased_at = :now, updated_at = :now
    WHERE id = :id""",
)

# Checkouts of erased accounts in which the person is still named although all is over: nothing is on its way, no refund
# and no dispute is open, and nobody has to look at it any more.
_OVER = text("""
WITH erased AS (
  SELECT id FROM users
  WHERE erased_at IS NOT NULL AND (CAST(:user_id AS uuid) IS NULL OR id = CAST(:user_id AS uuid))),
theirs AS (
  SELECT checkout_id AS id FROM orders WHERE user_id IN (SELECT id FROM erased)
  UNION SELECT id FROM checkouts WHERE user_id IN (SELECT id FROM erased))
SELECT c.id FROM theirs JOIN checkouts c ON c.id = theirs.id
LEFT JOIN orders o ON o.checkout_id = c.id
WHERE c.email NOT LIKE '%@erased.invalid' AND c.status IN ('completed', 'expired')
  AND coalesce(o.user_id, c.user_id) IN (SELECT id FROM erased)
  AND (o.id IS NULL OR NOT o.needs_review AND (o.status IN ('DELIVERED', 'CANCELLED')
       OR o.status = 'SHIPPED' AND o.updated_at < :arrived))
  AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.status = 'pending')
  AND NOT EXISTS (SELECT 1 FROM disputes d JOIN payments p ON p.id = d.payment_id
                  WHERE p.order_id = o.id AND d.closed_at IS NULL)
ORDER BY c.id LIMIT :limit FOR UPDATE OF c SKIP LOCKED
""")
_KEY = "'erased-' || md5(:salt || {column}) || '@erased.invalid'"
# The checkout comes first: the revision's guard looks at it.
_TAKEN_OUT = tuple(
    text(statement.replace("{email}", _KEY.format(column="email")).replace("{key}", _KEY.format(column="email_key")))
    for statement in (
        """UPDATE checkouts SET email = {key}, email_key = {key}, network_address = '', guest_token_hash = NULL,
          stripe_client_secret = NULL WHERE id = ANY(:ids)""",
        """UPDATE checkout_revisions SET email = {email}, note = '', shipping_address = erased_address(shipping_address)
        WHERE checkout_id = ANY(:ids)""",
        """UPDATE orders SET email = {key}, email_key = {key}, note = '',
          shipping_address = erased_address(shipping_address) WHERE checkout_id = ANY(:ids)""",
        "UPDATE coupon_redemptions SET email_key = {key} WHERE checkout_id = ANY(:ids)",
        """UPDATE shipments SET tracking_number = '', tracking_url = ''
        WHERE order_id IN (SELECT id FROM orders WHERE checkout_id = ANY(:ids))""",
        "DELETE FROM order_notes WHERE order_id IN (SELECT id FROM orders WHERE checkout_id = ANY(:ids))",
    )
)


async def list_live_checkouts(session: AsyncSession, user_id: UUID) -> list[tuple[UUID, str]]:
    """Return the account's checkouts that can still become an order, with their status."""
    statement = text("""
        SELECT id, status FROM checkouts WHERE user_id = :id AND status IN ('open', 'processing') ORDER BY id
    """)
    return [(row[0], row[1]) for row in await session.execute(statement, {"id": user_id})]


async def lock_account(session: AsyncSession, user_id: UUID) -> tuple[str, str, bool] | None:
    """Return address, role and whether the address is verified; nobody else changes the account until the end.

    ``None`` where it has been erased.
    """
    statement = text("""
        SELECT email, role, email_verified_at IS NOT NULL FROM users WHERE id = :id AND erased_at IS NULL FOR UPDATE
    """)
    row = (await session.execute(statement, {"id": user_id})).one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def erase_account(
    session: AsyncSession, user_id: UUID, email_key: str, *, is_verified: bool, now: datetime
) -> None:
    """Take the person out of the account and delete what only they needed."""
    values: dict[str, Any] = {
        "id": user_id,
        "email": f"erased-{user_id.hex}{DOMAIN}",
        "email_key": email_key,
        "is_verified": is_verified,
        "name": NAME,
        "reviewer": REVIEWER,
        "now": now,
    }
    for statement in map(text, (*_DELETIONS, *_CHANGES)):
        await session.execute(statement, {name: values[name] for name in statement.compile().params})


async def erase_past(session: AsyncSession, now: datetime, *, user_id: UUID | None = None, limit: int = 500) -> int:
    """Take erased persons out of checkouts and orders that are over; returns out of how many.

    Different addresses stay different, so that the limits of coupons still add up. What they become cannot be led back
    to them: it depends on a number that is forgotten here.
    """
    due = {"user_id": user_id, "arrived": now - ARRIVED_AFTER, "limit": limit}
    ids = list((await session.execute(_OVER, due)).scalars())
    if ids:
        values = {"ids": ids, "salt": new_token()}
        for statement in _TAKEN_OUT:
            await session.execute(statement, {name: values[name] for name in statement.compile().params})
    return len(ids)
