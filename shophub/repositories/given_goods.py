"""Goods that a program gives to be checked out: read as the lines of a cart are, without being put into one."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.revisions import line_from_json
from shophub.domain.statuses import CheckoutStatus
from shophub.repositories import checkouts
from shophub.repositories.carts import LINES_OF, LineRow, line_row
from shophub.repositories.checkouts import CheckoutRow

# There is no cart of that id. It is the checkout's, and what that one has set aside counts as its own.
LINES = text(
    LINES_OF.format(
        lines="""(
  SELECT w.variant_id AS id, CAST(:cart_id AS uuid) AS cart_id, w.variant_id, w.quantity, false AS is_saved,
    w.place AS created_at, (SELECT x.price_minor FROM variants x WHERE x.id = w.variant_id) AS added_price_minor
  FROM unnest(CAST(:variants AS uuid[]), CAST(:quantities AS int[])) WITH ORDINALITY
    AS w(variant_id, quantity, place))"""
    )
)


async def list_lines(session: AsyncSession, checkout_id: UUID, quantities: Mapping[UUID, int]) -> list[LineRow]:
    """Return variants as the lines of a cart that is none, in the order given. One statement."""
    values = {"cart_id": checkout_id, "variants": list(quantities), "quantities": list(quantities.values())}
    return [line_row(row) for row in (await session.execute(LINES, values)).mappings()]


# Held until the transaction's end: of equal goods given at once the second finds what the first has opened.
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('given-goods:' || CAST(:owner AS text), 0))")
OPEN = text("""
SELECT c.id, r.lines FROM checkouts c JOIN checkout_revisions r ON r.checkout_id = c.id AND r.number = c.revision
WHERE c.status = 'open' AND c.cart_id IS NULL AND c.goods_cart_id IS NULL
  AND (c.user_id = CAST(:user_id AS uuid) OR c.user_id IS NULL AND c.guest_token_hash = :guest)
ORDER BY c.opened_at DESC
""")


async def find_open(
    session: AsyncSession, user_id: UUID | None, guest_token_hash: str | None, quantities: Mapping[UUID, int]
) -> CheckoutRow | None:
    """Return the open checkout in which an account or guest pays for just these goods, locked.

    Until the transaction ends, nobody else opens one for the same account or guest.
    """
    owner = f"user:{user_id}" if user_id else f"guest:{guest_token_hash}"
    await session.execute(LOCK, {"owner": owner})
    values = {"user_id": user_id, "guest": None if user_id else guest_token_hash}
    for checkout_id, stored in await session.execute(OPEN, values):
        lines = [line_from_json(line) for line in stored]
        if {line.variant_id: line.quantity for line in lines} == dict(quantities):
            checkout = await checkouts.find_for_update(session, checkout_id)
            # While its row was waited for, it may have been paid or have ended.
            if checkout is not None and checkout.status == CheckoutStatus.OPEN:
                return checkout
    return None
