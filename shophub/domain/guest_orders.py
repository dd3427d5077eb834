"""The link that lets a guest open an order: its number and an end, signed."""

from datetime import UTC, datetime, timedelta

from shophub.domain.signing import is_signature, signature

LIFETIME = timedelta(days=90)
_PURPOSE = "guest-order"


def guest_order_token(number: int, issued_at: datetime, secret: str) -> str:
    """Return a token for one order, good for 90 days from ``issued_at``."""
    ends = int((issued_at + LIFETIME).timestamp())
    return f"{ends}.{signature(secret, _PURPOSE, f'{number}:{ends}')}"


def token_end(token: str, number: int, now: datetime, secret: str) -> datetime | None:
    """Return when a token ends, or ``None`` if it is not for that order, altered or over."""
    ends, _, signed = token.partition(".")
    if not (ends.isascii() and ends.isdigit() and len(ends) < 12):
        return None
    if not is_signature(signed, secret, _PURPOSE, f"{number}:{ends}"):
        return None
    end = datetime.fromtimestamp(int(ends), UTC)
    return end if end > now else None
