"""Alerts: what somebody of the shop has to look at."""

from uuid import UUID

import structlog

from shophub.db import AsyncSession
from shophub.domain.statuses import AlertKind
from shophub.repositories import alerts
from shophub.schemas.operations import AlertView
from shophub.services import audit
from shophub.services.audit import Actor

log = structlog.get_logger(__name__)


async def raise_alert(
    session: AsyncSession, kind: AlertKind, subject: str, message: str, *, once: bool = False
) -> None:
    """Open an alert about ``subject``, or count one more sighting of the one that is open.

    ``once``: what somebody has closed stays closed, because its cause cannot come a second time.

    ``subject`` and ``message`` hold no personal data; the log gets the subject alone.
    """
    if once and await alerts.was_resolved(session, kind, subject):
        return
    await alerts.upsert(session, kind, subject, message)
    log.error("alert", kind=kind.value, subject=subject)


async def list_open(session: AsyncSession) -> tuple[AlertView, ...]:
    """Return the open alerts, the newest first."""
    return await alerts.list_open(session)


async def resolve(session: AsyncSession, alert_id: UUID, actor: Actor) -> bool:
    """Close an alert in the name of who has seen to it; False where it is not open. Seen again, it opens anew."""
    is_closed = await alerts.resolve(session, alert_id, actor.user_id)
    if is_closed:
        await audit.record(session, actor, "alert.resolve", target="alert", target_id=str(alert_id))
    return is_closed


async def resolve_subject(session: AsyncSession, kind: AlertKind, subject: str) -> bool:
    """Close the open alert about a subject, because its cause is gone; False where none is open."""
    return await alerts.resolve_subject(session, kind, subject)
