"""Chance that falls the same way every time: the demo store is the same on every machine."""

import hashlib
import random
from datetime import datetime
from uuid import UUID


def demo_id(kind: str, key: str, at: datetime) -> UUID:
    """Return the identifier of a demo row: shaped like the shop's own (UUIDv7 of ``at``), random bits from its name."""
    bits = int.from_bytes(hashlib.sha256(f"{kind}/{key}".encode()).digest()[:10], "big")
    milliseconds = int(at.timestamp()) * 1000 + at.microsecond // 1000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | 0b10 << 62
    return UUID(int=value | (bits >> 68 & 0xFFF) << 64 | bits & ((1 << 62) - 1))


def chance_for(*parts: object) -> random.Random:
    """Return a source of chance of its own for ``parts``, so that a change in one place moves nothing elsewhere."""
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - made-up data, no secrets
