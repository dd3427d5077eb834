"""Telling those who wait that what was sold out can be had again: once each."""

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.repositories import stock_alerts, stores
from shophub.services.emails.outbox import EmailKind, enqueue_email

BATCH = 200


async def tell_waiting(session: AsyncSession) -> int:
    """Have an e-mail sent to each who asked for one, and to each who has the product on the wishlist.

    Who waits for two variants of one product, or both asked and wishes, gets one. In the caller's transaction, at most
    200 of each kind: the rest is for the next turn. Returns how many e-mails go out.
    """
    sent = set()
    for alert in await stock_alerts.claim_alerts(session, BATCH):
        if (alert.product_id, alert.email_key) not in sent:
            await enqueue_email(session, EmailKind.BACK_IN_STOCK, alert.id)
            sent.add((alert.product_id, alert.email_key))
    if (await stores.get_store(session)).wishlist_enabled:
        await stock_alerts.note_sold_out(session)
        for wish in await stock_alerts.claim_wishes(session, BATCH):
            person = (wish.product_id, email_key(wish.email))
            if person not in sent:
                await enqueue_email(session, EmailKind.BACK_IN_STOCK, await stock_alerts.insert_answered(session, wish))
                sent.add(person)
    return len(sent)
