"""Text that the database keeps and only this shop can read: encrypted and authenticated, a key for each purpose."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, purpose: str, text: str) -> str:
    """Return ``text`` encrypted (AES-128-CBC with HMAC-SHA-256: the Fernet format) under the key of ``purpose``."""
    return _box(secret, purpose).encrypt(text.encode()).decode()


def unseal(secret: str, purpose: str, sealed: str) -> str | None:
    """Return what was sealed, None where it was altered, or sealed under another secret or for another purpose."""
    try:
        return _box(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: str, purpose: str) -> Fernet:
    key = hmac.new(secret.encode(), f"secret-box\n{purpose}".encode(), hashlib.sha256).digest()
    return Fernet(urlsafe_b64encode(key))
