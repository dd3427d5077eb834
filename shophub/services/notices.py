"""Sentences that a page shows once after a redirect, carried by its address.

Sealed, because else anybody could make a link to the shop that says what they like in the shop's voice, and because a
sentence may name somebody, which histories and logs are not to show.
"""

import json
from datetime import timedelta

from shophub.lib.clock import utc_now
from shophub.lib.secret_box import seal as seal_text
from shophub.lib.secret_box import unseal
from shophub.settings import get_settings

LIFETIME = timedelta(minutes=5)
MAX_LENGTH = 300
_PURPOSE = "notice"


def seal(sentence: str) -> str:
    """Return a token for ``sentence`` that this shop believes for five minutes, and nobody else can read."""
    text = sentence if len(sentence) <= MAX_LENGTH else sentence[: MAX_LENGTH - 1] + "…"
    ends_at = int((utc_now() + LIFETIME).timestamp())
    return seal_text(_secret(), _PURPOSE, json.dumps([text, ends_at]))


def read(token: str) -> str:
    """Return the sentence of a token, or nothing if it is not ours, altered or too old."""
    content = unseal(_secret(), _PURPOSE, token) if token.isascii() else None
    if content is None:
        return ""
    text, ends_at = json.loads(content)
    return str(text) if utc_now().timestamp() < ends_at else ""


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
