"""The cookies that the API sets, as header values."""

from datetime import timedelta

from shophub.services import sessions, visitors
from shophub.settings import get_settings

DELETED = timedelta()


def set_cookie(name: str, value: str, *, lifetime: timedelta, path: str = "/") -> str:
    """Return a ``Set-Cookie`` value: not for scripts, not for other sites, in production over HTTPS only."""
    settings = get_settings()
    secure = "; Secure" if settings.is_production or settings.public_url.startswith("https://") else ""
    seconds = int(lifetime.total_seconds())
    return f"{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def session_cookie(token: str) -> str:
    """Return the cookie of a session."""
    return set_cookie(sessions.SESSION_COOKIE, token, lifetime=get_settings().session_lifetime)


def no_session_cookie() -> str:
    """Return the cookie that deletes the one of a session."""
    return set_cookie(sessions.SESSION_COOKIE, "", lifetime=DELETED)


def guest_cookie(token: str) -> str:
    """Return the cookie that a guest's cart is known by."""
    return set_cookie(visitors.GUEST_COOKIE, token, lifetime=visitors.GUEST_LIFETIME)


def no_guest_cookie() -> str:
    """Return the cookie that deletes the one of a guest; the next page gives a new one."""
    return set_cookie(visitors.GUEST_COOKIE, "", lifetime=DELETED)
