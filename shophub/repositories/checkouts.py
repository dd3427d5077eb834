"""Checkouts and their revisions."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.revisions import Revision, line_from_json, line_to_json, sums_from_json
from shophub.domain.statuses import LIVE_CHECKOUT, CheckoutStatus
from shophub.lib.ids import new_id

COLUMNS = """
  c.id, c.cart_id, c.goods_cart_id, c.user_id, c.guest_token_hash, c.email, c.email_key, c.status, c.revision,
  c.currency,
  c.stripe_payment_intent_id, c.stripe_client_secret, c.payment_attempt, c.confirming_until,
  c.changing_until, c.opened_at,
  c.expires_at
"""


@dataclass(frozen=True)
class CheckoutRow:
    """A checkout without its revisions."""

    id: UUID
    cart_id: UUID | None
    goods_cart_id: UUID | None
    user_id: UUID | None
    guest_token_hash: str | None
    email: str
    email_key: str
    status: str
    revision: int
    currency: str
    stripe_payment_intent_id: str | None
    stripe_client_secret: str | None
    payment_attempt: int
    confirming_until: datetime | None
    changing_until: datetime | None
    opened_at: datetime
    expires_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether it can still become an order by itself."""
        return CheckoutStatus(self.status) in LIVE_CHECKOUT


async def _one(session: AsyncSession, condition: str, values: dict[str, Any]) -> CheckoutRow | None:
    statement = text(f"SELECT {COLUMNS} FROM checkouts c WHERE {condition}")  # noqa: S608 - constants of this module
    row = (await session.execute(statement, values)).one_or_none()
    return CheckoutRow(*row) if row else None


async def find(session: AsyncSession, checkout_id: UUID) -> CheckoutRow | None:
    """Return the checkout."""
    return await _one(session, "c.id = :id", {"id": checkout_id})


async def find_for_update(session: AsyncSession, checkout_id: UUID) -> CheckoutRow | None:
    """Return the checkout and keep others from changing it until the transaction ends."""
    return await _one(session, "c.id = :id FOR UPDATE", {"id": checkout_id})


async def find_own(
    session: AsyncSession, checkout_id: UUID, user_id: UUID | None, guest_token_hash: str | None
) -> CheckoutRow | None:
    """Return the checkout if it belongs to this account or guest."""
    condition = "c.id = :id AND (c.user_id = CAST(:user_id AS uuid) OR c.guest_token_hash = :guest)"
    return await _one(session, condition, {"id": checkout_id, "user_id": user_id, "guest": guest_token_hash})


async def find_live_of_cart(session: AsyncSession, cart_id: UUID) -> CheckoutRow | None:
    """Return the cart's checkout that is open or being paid, if there is one."""
    condition = "c.cart_id = :cart_id AND c.status IN ('open', 'processing') FOR UPDATE"
    return await _one(session, condition, {"cart_id": cart_id})


async def find_processing_of_cart(session: AsyncSession, cart_id: UUID) -> UUID | None:
    """Return the cart's checkout that a bank is settling, if there is one; nothing is locked."""
    statement = text("SELECT id FROM checkouts WHERE cart_id = :cart_id AND status = 'processing'")
    return (await session.execute(statement, {"cart_id": cart_id})).scalar_one_or_none()


async def list_due(session: AsyncSession, now: datetime, limit: int = 100) -> list[UUID]:
    """Return open checkouts whose time is over, longest untouched first.

    One whose payment is being processed keeps its goods.
    """
    statement = text(
        "SELECT id FROM checkouts WHERE status = 'open' AND expires_at <= :now ORDER BY updated_at LIMIT :limit"
    )
    return list((await session.execute(statement, {"now": now, "limit": limit})).scalars())


async def list_live_with_payment(session: AsyncSession, opened_before: datetime, limit: int = 200) -> list[UUID]:
    """Return live checkouts that have a PaymentIntent, longest untouched first."""
    statement = text(
        "SELECT id FROM checkouts WHERE status IN ('open', 'processing') AND stripe_payment_intent_id IS NOT NULL"
        " AND updated_at <= :before ORDER BY updated_at LIMIT :limit"
    )
    return list((await session.execute(statement, {"before": opened_before, "limit": limit})).scalars())


async def insert(session: AsyncSession, row: CheckoutRow, network_address: str) -> bool:
    """Open a checkout; returns False where the store has another currency by now.

    Until the transaction ends the currency cannot change (``stores.lock_store``); other settings can.
    """
    values = {**asdict(row), "network_address": network_address}
    opened = await session.execute(
        text("""
        INSERT INTO checkouts (id, cart_id, goods_cart_id, user_id, guest_token_hash, email, email_key, status,
          revision, currency, network_address, opened_at, expires_at)
        SELECT :id, :cart_id, :goods_cart_id, :user_id, :guest_token_hash, :email, :email_key, :status,
          :revision, :currency, :network_address, :opened_at, :expires_at
        FROM store_settings WHERE id = 1 AND currency = :currency FOR KEY SHARE
        RETURNING id
        """),
        values,
    )
    return opened.one_or_none() is not None


async def insert_revision(session: AsyncSession, revision: Revision) -> None:
    """Store a revision. It can never be changed."""
    await session.execute(
        text("""
        INSERT INTO checkout_revisions (id, checkout_id, number, currency, total_minor, lines, quote,
          shipping_address, coupon_id, coupon_code, email, note)
        VALUES (:id, :checkout_id, :number, :currency, :total_minor, CAST(:lines AS jsonb), CAST(:quote AS jsonb),
          CAST(:address AS jsonb), :coupon_id, :coupon_code, :email, :note)
        """),
        {
            "id": new_id(),
            "checkout_id": revision.checkout_id,
            "number": revision.number,
            "currency": revision.currency,
            "total_minor": revision.sums.total_minor,
            "lines": json.dumps([line_to_json(line) for line in revision.lines]),
            "quote": json.dumps(asdict(revision.sums)),
            "address": json.dumps(revision.shipping_address),
            "coupon_id": revision.coupon_id,
            "coupon_code": revision.coupon_code,
            "email": revision.email,
            "note": revision.note,
        },
    )


async def find_revision(session: AsyncSession, checkout_id: UUID, number: int) -> Revision | None:
    """Return a revision of a checkout."""
    statement = text("SELECT * FROM checkout_revisions WHERE checkout_id = :id AND number = :number")
    row = (await session.execute(statement, {"id": checkout_id, "number": number})).mappings().one_or_none()
    if row is None:
        return None
    return Revision(
        checkout_id=checkout_id,
        number=number,
        currency=row["currency"],
        lines=tuple(line_from_json(line) for line in row["lines"]),
        sums=sums_from_json(row["quote"]),
        shipping_address=row["shipping_address"],
        coupon_id=row["coupon_id"],
        coupon_code=row["coupon_code"],
        email=row["email"],
        note=row["note"],
    )


async def next_revision_number(session: AsyncSession, checkout_id: UUID) -> int:
    """Return the number after the highest that was ever given; refused revisions keep theirs."""
    statement = text("SELECT max(number) + 1 FROM checkout_revisions WHERE checkout_id = :id")
    return int((await session.execute(statement, {"id": checkout_id})).scalar_one())


async def set_payment_intent(session: AsyncSession, checkout_id: UUID, intent_id: str, client_secret: str) -> bool:
    """Note the PaymentIntent of a checkout. False where it has another one already: the first stays."""
    statement = text("""
        UPDATE checkouts SET stripe_payment_intent_id = :intent_id, stripe_client_secret = :client_secret,
          updated_at = now()
        WHERE id = :id AND (stripe_payment_intent_id IS NULL OR stripe_payment_intent_id = :intent_id) RETURNING id
    """)
    values = {"id": checkout_id, "intent_id": intent_id, "client_secret": client_secret}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def begin_payment_anew(session: AsyncSession, checkout_id: UUID, attempt: int) -> None:
    """Let the next creation of a PaymentIntent be another attempt than ``attempt``, once however many tabs ask."""
    await session.execute(
        text("""
        UPDATE checkouts SET payment_attempt = payment_attempt + 1
        WHERE id = :id AND payment_attempt = :attempt AND stripe_payment_intent_id IS NULL
        """),
        {"id": checkout_id, "attempt": attempt},
    )


async def set_confirming(session: AsyncSession, checkout_id: UUID, until: datetime) -> None:
    """Note until when a tab may be confirming the payment."""
    await session.execute(
        text("UPDATE checkouts SET confirming_until = :until WHERE id = :id"), {"id": checkout_id, "until": until}
    )


async def end_confirming(session: AsyncSession, checkout_id: UUID, until: datetime) -> None:
    """Note that the tab that was confirming until a moment is not any more; one that pressed Pay later still is."""
    await session.execute(
        text("UPDATE checkouts SET confirming_until = NULL WHERE id = :id AND confirming_until = :until"),
        {"id": checkout_id, "until": until},
    )


async def set_changing(session: AsyncSession, checkout_id: UUID, until: datetime) -> None:
    """Mark a checkout: until then a change may be on its way to Stripe. The moment is also whose mark it is."""
    await session.execute(
        text("UPDATE checkouts SET changing_until = :until WHERE id = :id"), {"id": checkout_id, "until": until}
    )


async def end_changing(session: AsyncSession, checkout_id: UUID, mark: datetime, until: datetime | None = None) -> None:
    """Take the mark off, or bring its end forward; another tab's stays."""
    await session.execute(
        text("UPDATE checkouts SET changing_until = :until WHERE id = :id AND changing_until = :mark"),
        {"id": checkout_id, "mark": mark, "until": until},
    )


async def find_met_at_sign_in(session: AsyncSession, cart_id: UUID) -> UUID | None:
    """Return a live checkout that buys from this cart without being the cart's own: two met at a sign-in."""
    statement = text("""
        SELECT id FROM checkouts WHERE goods_cart_id = :cart_id AND cart_id IS DISTINCT FROM goods_cart_id
          AND status IN ('open', 'processing') ORDER BY opened_at LIMIT 1
    """)
    return (await session.execute(statement, {"cart_id": cart_id})).scalar_one_or_none()


async def list_due_holding(session: AsyncSession, variants: Sequence[UUID], limit: int = 20) -> list[UUID]:
    """Return open checkouts whose time is over and that still hold some of these variants, oldest first."""
    statement = text("""
        SELECT c.id FROM checkouts c WHERE c.status = 'open' AND c.expires_at <= now() AND EXISTS (
          SELECT 1 FROM reservations r WHERE r.checkout_id = c.id AND r.state = 'held'
            AND r.variant_id = ANY(CAST(:variants AS uuid[])))
        ORDER BY c.expires_at LIMIT :limit
    """)
    return list((await session.execute(statement, {"variants": list(variants), "limit": limit})).scalars())


async def make_current(session: AsyncSession, checkout_id: UUID, revision: Revision) -> None:
    """Make a revision the one that the shopper is shown, unless a later one is already."""
    await session.execute(
        text("""
        UPDATE checkouts SET revision = :number, email = :email, email_key = :email_key, updated_at = now()
        WHERE id = :id AND revision < :number
        """),
        {
            "id": checkout_id,
            "number": revision.number,
            "email": revision.email,
            "email_key": email_key(revision.email),
        },
    )


async def extend(session: AsyncSession, checkout_id: UUID, expires_at: datetime) -> None:
    """Move the end of a live checkout and of its holds to a later moment."""
    values = {"id": checkout_id, "at": expires_at}
    await session.execute(
        text("""
        WITH moved AS (
          UPDATE checkouts SET expires_at = :at, updated_at = now()
          WHERE id = :id AND status IN ('open', 'processing') AND expires_at < :at RETURNING id)
        UPDATE reservations r SET expires_at = :at FROM moved WHERE r.checkout_id = moved.id AND r.state = 'held'
        """),
        values,
    )


async def set_status(session: AsyncSession, checkout_id: UUID, status: CheckoutStatus) -> bool:
    """Move a live checkout on. Returns False where it had ended already."""
    ended = status not in LIVE_CHECKOUT
    statement = text("""
        UPDATE checkouts SET status = :status, updated_at = now(),
          ended_at = CASE WHEN :ended THEN now() ELSE ended_at END
        WHERE id = :id AND status IN ('open', 'processing') RETURNING id
    """)
    values = {"id": checkout_id, "status": status.value, "ended": ended}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def complete(session: AsyncSession, checkout_id: UUID) -> None:
    """Close a checkout with its order, whatever it was before: a late payment completes an expired one too."""
    await session.execute(
        text("UPDATE checkouts SET status = 'completed', ended_at = now(), updated_at = now() WHERE id = :id"),
        {"id": checkout_id},
    )


async def touch(session: AsyncSession, checkout_id: UUID) -> None:
    """Note that Stripe was asked about a checkout just now."""
    await session.execute(text("UPDATE checkouts SET updated_at = now() WHERE id = :id"), {"id": checkout_id})


async def reopen(session: AsyncSession, checkout_id: UUID, known_since: datetime | None = None) -> bool:
    """Let the shopper try again: a payment that was processing has failed.

    False for any other checkout, and for one that has changed after ``known_since``: it stays.
    """
    statement = text("""
        UPDATE checkouts SET status = 'open', updated_at = now()
        WHERE id = :id AND status = 'processing'
          AND (CAST(:since AS timestamptz) IS NULL OR updated_at < CAST(:since AS timestamptz)) RETURNING id
    """)
    values = {"id": checkout_id, "since": known_since}
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def list_settled_intents(session: AsyncSession, intent_ids: Sequence[str]) -> set[str]:
    """Return which of these PaymentIntents need nothing any more: they have paid the order of their checkout."""
    statement = text("""
        SELECT c.stripe_payment_intent_id FROM checkouts c
        JOIN payments p ON p.stripe_payment_intent_id = c.stripe_payment_intent_id
        WHERE c.stripe_payment_intent_id = ANY(CAST(:ids AS text[])) AND c.status = 'completed'
    """)
    return set((await session.execute(statement, {"ids": list(intent_ids)})).scalars())


async def is_payable(session: AsyncSession, intent_id: str) -> bool:
    """Return whether a PaymentIntent is that of a live checkout, whose shopper may be about to pay it."""
    statement = text("""
        SELECT EXISTS (SELECT 1 FROM checkouts
          WHERE stripe_payment_intent_id = :id AND status IN ('open', 'processing'))
    """)
    return bool((await session.execute(statement, {"id": intent_id})).scalar_one())
