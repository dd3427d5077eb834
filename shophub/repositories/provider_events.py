"""What the payment provider told us, each event once."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import ProviderEventStatus
from shophub.lib.ids import new_id


async def insert_once(
    session: AsyncSession,
    *,
    event_id: str,
    kind: str,
    object_id: str,
    status: ProviderEventStatus,
    message: str,
    payload: dict[str, Any],
    occurred_at: datetime,
) -> bool:
    """Record an event; False where it is known already. A twin that is being handled now is waited for.

    What is ignored may belong to another application: of it only the id, the type and the moment are kept.
    """
    statement = text("""
        INSERT INTO provider_events
          (id, provider, event_id, type, object_id, status, message, payload, occurred_at, received_at)
        VALUES (:id, 'stripe', :event_id, :kind, :object_id, :status, :message, CAST(:payload AS jsonb),
          :occurred_at, now())
        ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
    """)
    values = {
        "id": new_id(),
        "event_id": event_id,
        "kind": kind,
        "object_id": object_id,
        "status": status.value,
        "message": message,
        "payload": json.dumps(payload if status is not ProviderEventStatus.IGNORED else {}),
        "occurred_at": occurred_at,
    }
    return (await session.execute(statement, values)).scalar_one_or_none() is not None


async def is_known(session: AsyncSession, event_id: str) -> bool:
    """Return whether an event has been recorded."""
    statement = text("SELECT EXISTS (SELECT 1 FROM provider_events WHERE provider = 'stripe' AND event_id = :id)")
    return bool((await session.execute(statement, {"id": event_id})).scalar_one())


async def list_known(session: AsyncSession, event_ids: Sequence[str]) -> set[str]:
    """Return which of these events have been recorded."""
    statement = text("""
        SELECT event_id FROM provider_events WHERE provider = 'stripe' AND event_id = ANY(CAST(:ids AS text[]))
    """)
    return set((await session.execute(statement, {"ids": list(event_ids)})).scalars())


async def find_payload(session: AsyncSession, event_id: str) -> dict[str, Any] | None:
    """Return what is kept of an event, empty where nothing but its type is; None where it is not known."""
    statement = text("SELECT payload FROM provider_events WHERE provider = 'stripe' AND event_id = :id")
    found: dict[str, Any] | None = (await session.execute(statement, {"id": event_id})).scalar_one_or_none()
    return found


async def set_outcome(session: AsyncSession, event_id: str, status: ProviderEventStatus, message: str) -> None:
    """Note what became of an event when it was handled again."""
    statement = text("""
        UPDATE provider_events SET status = :status, message = :message
        WHERE provider = 'stripe' AND event_id = :id
    """)
    await session.execute(statement, {"id": event_id, "status": status.value, "message": message})
