"""What was typed into a form that was refused, so that it need not be typed again. Never a password.

A sealed cookie of a few minutes and not the address, which ends in logs, histories and what the next site is told.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.lib.secret_box import seal, unseal
from shophub.settings import get_settings

FORM_COOKIE = "shophub_form"
LIFETIME = timedelta(minutes=5)
MAX_LENGTH = 254
_PURPOSE = "form-memory"


def remember(fields: Mapping[str, str]) -> str:
    """Return the cookie's value."""
    ends_at = int((utc_now() + LIFETIME).timestamp())
    kept = {name: value[:MAX_LENGTH] for name, value in fields.items() if value}
    return seal(_secret(), _PURPOSE, json.dumps([kept, ends_at]))


def recall(cookie_header: str) -> dict[str, str]:
    """Return what was typed by field, or nothing where the cookie is missing, over or not ours."""
    sealed = read_cookies(cookie_header).get(FORM_COOKIE, "")
    text = unseal(_secret(), _PURPOSE, sealed) if sealed.isascii() else None
    if text is None:
        return {}
    kept, ends_at = json.loads(text)
    return {str(name): str(value) for name, value in kept.items()} if utc_now().timestamp() < ends_at else {}


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
