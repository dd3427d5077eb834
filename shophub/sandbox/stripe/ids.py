"""Identifiers as Stripe forms them: a prefix and random letters and digits."""

import secrets
import string
import time

_ALPHABET = string.ascii_letters + string.digits


def random_part(length: int) -> str:
    """Return ``length`` unguessable letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(prefix: str) -> str:
    """Return an id such as ``pi_3Tq…``."""
    return f"{prefix}_{random_part(24)}"


def now() -> int:
    """Return the time as Stripe writes it: whole seconds since 1970."""
    return int(time.time())
