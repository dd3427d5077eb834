"""What the shop keeps about a customer, for that customer to take along."""

import json
from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import account_data
from shophub.services import audit
from shophub.services.audit import Actor

FILE_NAME = "my-data.json"


async def export(session: AsyncSession, user_id: UUID, actor: Actor) -> bytes:
    """Return the account's own data as a JSON document: account, addresses, orders, reviews, wishlist, sessions.

    Nobody else's data, no hash and no secret is in it. Amounts are in minor units of the currency beside them.
    """
    document = {"exportedAt": utc_now().isoformat(), **await account_data.export(session, user_id)}
    await audit.record(session, actor, "user.export", target="user", target_id=str(user_id))
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
