"""Who is asking."""

import re
from datetime import timedelta

from shophub.db import AsyncSession
from shophub.lib.cookies import read_cookies
from shophub.schemas.accounts import Visitor
from shophub.services import sessions

GUEST_COOKIE = "shophub_guest"
GUEST_LIFETIME = timedelta(days=180)
_GUEST_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


async def identify(session: AsyncSession, cookie_header: str) -> Visitor:
    """Return the visitor that a ``Cookie`` header stands for.

    Role and activity are read from the database, in one statement, never from the token; without a session cookie
    nothing is asked. A session that was revoked or is over, or whose account is deactivated, makes a guest.
    """
    token = read_cookies(cookie_header).get(sessions.SESSION_COOKIE, "")
    return await identify_token(session, token, guest_token=guest_token_of(cookie_header))


def guest_token_of(cookie_header: str) -> str | None:
    """Return the opaque id of a guest's cart, if the header has one that we could have made."""
    token = read_cookies(cookie_header).get(GUEST_COOKIE, "")
    return token if _GUEST_TOKEN.fullmatch(token) else None


async def identify_token(session: AsyncSession, token: str, *, guest_token: str | None = None) -> Visitor:
    """Return the visitor of a session token (a cookie's or a bearer's), checked as in ``identify``."""
    live = await sessions.find_live(session, token) if token else None
    if live is None:
        return Visitor(guest_token=guest_token)
    return Visitor(
        user=live.user,
        session_id=live.id,
        guest_token=guest_token,
        step_up_at=live.step_up_at,
        has_second_factor=live.has_second_factor,
    )
