"""Between password and code: the sealed proof, kept by the browser for five minutes, that the password was right.

It opens nothing by itself, and nothing at all once the password was changed.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.lib.ids import token_hash
from shophub.lib.secret_box import seal, unseal
from shophub.settings import get_settings

PENDING_COOKIE = "shophub_pending"
LIFETIME = timedelta(minutes=5)
_PURPOSE = "pending-sign-in"


@dataclass(frozen=True)
class Pending:
    """Whose password was right; ``password_mark`` changes with the password."""

    user_id: UUID
    password_mark: str

    def is_of(self, password_hash: str | None) -> bool:
        """Return whether the account still has the password that was entered."""
        return secrets.compare_digest(self.password_mark, _mark(password_hash))


def begin(user_id: UUID, password_hash: str | None) -> str:
    """Return the proof for an account whose password was just entered."""
    ends_at = int((utc_now() + LIFETIME).timestamp())
    return seal(_secret(), _PURPOSE, json.dumps([str(user_id), _mark(password_hash), ends_at]))


def read(sealed: str) -> Pending | None:
    """Return what a proof says; ``None`` where it is not ours, altered or over."""
    text = unseal(_secret(), _PURPOSE, sealed) if sealed.isascii() else None
    if text is None:
        return None
    user_id, mark, ends_at = json.loads(text)
    return Pending(UUID(user_id), mark) if utc_now().timestamp() < ends_at else None


def of_cookies(cookie_header: str) -> str:
    """Return the proof that a browser sends along, as it stands."""
    return read_cookies(cookie_header).get(PENDING_COOKIE, "")


def _mark(password_hash: str | None) -> str:
    return token_hash(password_hash or "")


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
