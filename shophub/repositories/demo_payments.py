"""The payments of demo orders on their way from made-up ids to those of the Stripe sandbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class DemoPayment:
    """A payment whose charge has no real id yet, and the refund of it, if there was one. Amounts in minor units."""

    id: UUID
    checkout_id: UUID
    revision: int
    intent_id: str
    amount_minor: int
    currency: str
    refund_id: UUID | None
    refund_minor: int | None
    refund_ended_at: datetime | None

    @property
    def is_made_up(self) -> bool:
        """Whether the sandbox has never heard of the payment."""
        return self.intent_id.startswith("pi_demo_")


# The charge's id is replaced last: as long as it is made up, something is left to do.
LIST_UNPAID = text("""
SELECT p.id, o.checkout_id, p.revision, p.stripe_payment_intent_id AS intent_id, p.amount_minor, p.currency,
  r.id AS refund_id, r.amount_minor AS refund_minor, r.ended_at AS refund_ended_at
FROM payments p JOIN orders o ON o.id = p.order_id LEFT JOIN refunds r ON r.payment_id = p.id AND r.status = 'succeeded'
WHERE starts_with(p.stripe_charge_id, 'ch_demo_') AND (o.status IN ('PROCESSING', 'SHIPPED') OR o.placed_at >= :since)
ORDER BY o.placed_at DESC
""")


async def list_unpaid(session: AsyncSession, since: datetime) -> list[DemoPayment]:
    """Return the payments of orders that are under way or were placed since then, newest first."""
    return [DemoPayment(**row) for row in (await session.execute(LIST_UNPAID, {"since": since})).mappings()]


async def set_intent(session: AsyncSession, payment: DemoPayment, intent_id: str, client_secret: str) -> None:
    """Put the sandbox's PaymentIntent in the place of the made-up one, and let the refund wait for its own id."""
    values = {"id": payment.id, "old": payment.intent_id, "new": intent_id, "secret": client_secret}
    await session.execute(
        text("""
        UPDATE checkouts SET stripe_payment_intent_id = :new, stripe_client_secret = :secret
        WHERE stripe_payment_intent_id = :old
        """),
        values,
    )
    await session.execute(
        text("UPDATE payments SET stripe_payment_intent_id = :new WHERE id = :id AND stripe_payment_intent_id = :old"),
        values,
    )
    await session.execute(
        text("""
        UPDATE refunds SET stripe_refund_id = NULL
        WHERE payment_id = :id AND starts_with(stripe_refund_id, 're_demo_')
        """),
        values,
    )


async def set_refund(session: AsyncSession, payment: DemoPayment, stripe_refund_id: str) -> None:
    """Note the sandbox's refund; when the money went back stays as it was."""
    await session.execute(
        text("UPDATE refunds SET stripe_refund_id = :stripe_id, ended_at = :ended_at WHERE id = :id"),
        {"id": payment.refund_id, "stripe_id": stripe_refund_id, "ended_at": payment.refund_ended_at},
    )


async def set_charge(session: AsyncSession, payment: DemoPayment, charge_id: str | None) -> None:
    """Note the sandbox's charge: the payment is a real one."""
    await session.execute(
        text("UPDATE payments SET stripe_charge_id = :charge_id WHERE id = :id"),
        {"id": payment.id, "charge_id": charge_id},
    )
