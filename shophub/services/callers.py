"""Who calls the API, as far as the request itself shows, and whose account that is."""

import asyncio
import time
from uuid import UUID

import structlog

from shophub.db import transaction
from shophub.errors import UnavailableError
from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.lib.network import household
from shophub.repositories import accounts
from shophub.services import sessions
from shophub.services.sessions import SessionToken

log = structlog.get_logger(__name__)
# A session is looked up so often: one that has ended counts for its account for no longer.
KEPT_SECONDS = 30.0
# Nobody waits longer for a database that is slow to answer, only to be counted.
PATIENCE_SECONDS = 0.5
MOST_KEPT = 10_000
_names: dict[UUID, tuple[float, str]] = {}


def session_of(bearer: str, cookie_header: str) -> SessionToken | None:
    """Return the session that a request names with our signature. A bearer token counts before any cookie."""
    token = bearer or read_cookies(cookie_header).get(sessions.SESSION_COOKIE, "")
    return sessions.read(token) if token else None


async def counted_as(bearer: str, cookie_header: str, network_address: str) -> str:
    """Return what a caller's requests are counted under, nothing for a caller without a network address.

    An account, however often it signs in; else the household that the request comes from: a made-up token and one whose
    session has ended count for nothing.
    """
    known = session_of(bearer, cookie_header)
    account = await _account_of(known.session_id) if known is not None else ""
    return account or household(network_address)


async def _account_of(session_id: UUID) -> str:
    """Return the name that a session's account is counted under, nothing where the session has ended.

    Where the database does not say, the session counts by itself for a while.
    """
    now = time.monotonic()
    until, name = _names.get(session_id, (now, ""))
    if until > now:
        return name
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), transaction() as session:
            live = await accounts.find_live_session(session, session_id, utc_now())
            name = f"account:{live.user.id}" if live is not None else ""
    except (UnavailableError, TimeoutError) as error:
        log.warning("caller_not_looked_up", error_type=type(error).__name__)
        name = f"session:{session_id}"
    _names.pop(session_id, None)
    _names[session_id] = (now + KEPT_SECONDS, name)
    while len(_names) > MOST_KEPT:
        del _names[next(iter(_names))]
    return name
