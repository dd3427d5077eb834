"""The audit log for programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shophub.schemas.api.base import ApiOut


class AuditEntryOut(ApiOut):
    """Who did what to what, when and from where. No actor: the shop itself, or a guest.

    ``actorName`` is what the account is called now, null where it was erased. Values of a person are never kept: of
    these ``before`` and ``after`` only say that they changed.
    """

    id: int
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    target: str
    target_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    network_address: str
