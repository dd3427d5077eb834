"""What the people who run the shop are shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class AlertView:
    """Something that somebody of the shop has to look at."""

    id: UUID
    kind: str
    subject: str
    message: str
    seen: int
    raised_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class Violation:
    """A rule of the books that does not hold, and some of what breaks it, as text without personal data."""

    name: str
    offenders: tuple[str, ...]
