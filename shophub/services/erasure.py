"""Deleting an account: the person goes, what the books need stays.

What stays of orders are amounts, goods, and country and region, by which they were taxed. An order that is still under
way keeps its address until it is over; the nightly upkeep then takes the person out of that, too.
"""

from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import NotFoundError, PaymentInProgressError
from shophub.lib.clock import utc_now
from shophub.repositories import accounts, erasure
from shophub.services import audit, user_admin
from shophub.services.audit import Actor

PAYING = "A payment of yours is still under way. Try again once it is settled."


async def list_to_end(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Return the open checkouts that have to end before the account can be deleted.

    Raises:
        LastOwnerError: The account is the last active SUPER_ADMIN.
        PaymentInProgressError: A bank is settling a payment: its order comes first.
    """
    await user_admin.require_not_last_owner(session, user_id)
    live = await erasure.list_live_checkouts(session, user_id)
    if any(status == CheckoutStatus.PROCESSING for _, status in live):
        raise PaymentInProgressError(PAYING)
    return [checkout_id for checkout_id, _ in live]


async def erase(session: AsyncSession, user_id: UUID, actor: Actor) -> None:
    """Delete an account, in one transaction. It cannot be undone; all its sessions end.

    Gone are addresses, sessions, links, second factor, wishlist, cart, votes and stock alerts; reviews stay without
    their author; the account stays as an empty row for the orders to point at. The audit log names it by its id only.

    Raises:
        LastOwnerError: The account is the last active SUPER_ADMIN; nobody becomes it meanwhile.
        PaymentInProgressError: A checkout of the account can still become an order.
        NotFoundError: It has been erased already.
    """
    await user_admin.require_not_last_owner(session, user_id)
    known = await erasure.lock_account(session, user_id)
    if known is None:
        raise NotFoundError("There is no such account.")
    email, role, is_verified = known
    if await erasure.list_live_checkouts(session, user_id):
        raise PaymentInProgressError(PAYING)
    now = utc_now()
    if is_verified:
        await accounts.adopt_guest_orders(session, user_id, email)
    await erasure.erase_account(session, user_id, email_key(email), is_verified=is_verified, now=now)
    await audit.record(session, actor, "user.erase", target="user", target_id=str(user_id), before={"role": role})
    await erasure.erase_past(session, now, user_id=user_id)


async def erase_past(session: AsyncSession, now: datetime) -> int:
    """Take erased persons out of orders that have come to their end since; returns out of how many."""
    return await erasure.erase_past(session, now)
