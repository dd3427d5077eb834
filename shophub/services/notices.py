"""Sentences that a page shows once after a redirect, carried by its address.

Sealed, because else anybody could make a link to the shop that says what they like in the shop's voice.
"""

from datetime import timedelta

import jwt

from shophub.lib.clock import utc_now
from shophub.settings import get_settings

LIFETIME = timedelta(minutes=5)
MAX_LENGTH = 300
_ALGORITHM = "HS256"
_AUDIENCE = "notice"


def seal(sentence: str) -> str:
    """Return a token for ``sentence`` that this shop believes for five minutes."""
    text = sentence if len(sentence) <= MAX_LENGTH else sentence[: MAX_LENGTH - 1] + "…"
    payload = {"aud": _AUDIENCE, "txt": text, "exp": utc_now() + LIFETIME}
    return jwt.encode(payload, _secret(), algorithm=_ALGORITHM)


def read(token: str) -> str:
    """Return the sentence of a token, or nothing if it is not ours, altered or too old."""
    if not token:
        return ""
    try:
        payload = jwt.decode(
            token, _secret(), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": ["exp", "txt"]}
        )
    except jwt.InvalidTokenError:
        return ""
    return str(payload["txt"])


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
