"""Sessions: the cookie names a row, and the row decides."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.models.accounts import UserSession
from shophub.repositories import accounts, people
from shophub.repositories.accounts import LiveSession
from shophub.schemas.accounts import SessionStanding
from shophub.settings import get_settings

SESSION_COOKIE = "shophub_session"
TOUCH_INTERVAL = timedelta(hours=1)
# A cookie older than this is replaced by one that lasts its full time again.
RENEW_AFTER = timedelta(days=1)
_ALGORITHM = "HS256"
_MAX_USER_AGENT = 300


@dataclass(frozen=True)
class SessionToken:
    """What a cookie says, its signature and end checked. Whether the session still lives, only its row knows."""

    session_id: UUID
    issued_at: datetime


async def start(session: AsyncSession, user_id: UUID, *, user_agent: str = "", network_address: str = "") -> str:
    """Open a session for an account whose owner has just shown the password; returns the cookie's value."""
    now = utc_now()
    row = UserSession(
        user_id=user_id,
        user_agent=user_agent.replace("\x00", "")[:_MAX_USER_AGENT],
        network_address=network_address,
        step_up_at=now,
        last_seen_at=now,
        expires_at=now + get_settings().session_lifetime,
    )
    session.add(row)
    await session.flush()
    return sign(row.id, now)


def sign(session_id: UUID, now: datetime) -> str:
    """Return the cookie's value: the session's id, signed, good for the session's lifetime from ``now``."""
    settings = get_settings()
    payload = {"sid": str(session_id), "iat": now, "exp": now + settings.session_lifetime}
    return jwt.encode(payload, settings.auth_secret.get_secret_value(), algorithm=_ALGORITHM)


def read(token: str) -> SessionToken | None:
    """Return what the cookie says, or ``None`` if it is not ours, altered or over."""
    try:
        payload = jwt.decode(
            token,
            get_settings().auth_secret.get_secret_value(),
            algorithms=[_ALGORITHM],
            options={"require": ["sid", "iat", "exp"]},
        )
        return SessionToken(UUID(payload["sid"]), datetime.fromtimestamp(payload["iat"], UTC))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        return None


def renewed(token: str, now: datetime) -> str | None:
    """Return a fresh cookie for one that is more than a day old, so that 30 days count from the last visit.

    Asks no database: a token for a session that has ended opens nothing, however fresh.
    """
    read_token = read(token)
    if read_token is None or now - read_token.issued_at < RENEW_AFTER:
        return None
    return sign(read_token.session_id, now)


async def find_live(session: AsyncSession, token: str) -> LiveSession | None:
    """Return the session that a cookie names, if it has not ended and its account is active.

    One statement; once an hour a second one notes that the session is in use, which moves its end.
    """
    read_token = read(token)
    if read_token is None:
        return None
    now = utc_now()
    live = await accounts.find_live_session(session, read_token.session_id, now)
    if live is not None and now - live.last_seen_at >= TOUCH_INTERVAL:
        await accounts.touch_session(session, live.id, now, now + get_settings().session_lifetime)
    return live


async def revoke(session: AsyncSession, session_id: UUID) -> None:
    """End a session at once; doing it again changes nothing."""
    await accounts.revoke_sessions(session, utc_now(), session_id=session_id)


async def standing(session: AsyncSession, session_id: UUID) -> SessionStanding | None:
    """Return whether a session goes on, and its account's role now; None where it, or its account, is gone."""
    return await people.find_session_standing(session, session_id)
