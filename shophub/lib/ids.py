"""Identifiers: time-ordered primary keys and unguessable tokens."""

import hashlib
import os
import secrets
import threading
import time
import uuid

_TIMESTAMP_MASK = (1 << 48) - 1
_COUNTER_MASK = (1 << 12) - 1
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new_id() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562, section 5.7): later calls in one process sort after earlier ones.

    The 12 bits of ``rand_a`` are a counter within the millisecond (method 1 of section 6.2), so that rows made
    together keep their order and index pages fill from one side.
    """
    global _last_ms, _counter
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _counter = now_ms, int.from_bytes(os.urandom(1), "big")
        else:
            _counter += 1
            if _counter > _COUNTER_MASK:
                _last_ms, _counter = _last_ms + 1, 0
        timestamp_ms, counter = _last_ms, _counter
    value = (timestamp_ms & _TIMESTAMP_MASK) << 80
    value |= 0x7 << 76 | counter << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=value)


def new_token() -> str:
    """Return 256 bits of randomness, URL-safe, for cookies and links."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the hex SHA-256 of a token: what is stored, so that a leaked table opens nothing.

    A fast hash is right here because the input has 256 bits of its own; passwords use argon2.
    """
    return hashlib.sha256(token.encode()).hexdigest()
