"""The devices on which an account is signed in: seen, and signed out from afar."""

from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.devices import device_name
from shophub.errors import NotFoundError
from shophub.lib.clock import utc_now
from shophub.repositories import devices
from shophub.repositories.devices import DeviceRow
from shophub.schemas.account_area import DeviceView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.sessions import TOUCH_INTERVAL
from shophub.services.views.moments import ago_text, date_text


async def list_devices(session: AsyncSession, user_id: UUID, current_id: UUID | None) -> tuple[DeviceView, ...]:
    """Return the account's live sessions, the asking one first."""
    now = utc_now()
    rows = await devices.list_devices(session, user_id, now)
    return tuple(sorted((_view(row, current_id, now) for row in rows), key=lambda view: not view.is_current))


async def end_device(session: AsyncSession, user_id: UUID, session_id: UUID, actor: Actor) -> None:
    """Sign one of the account's own devices out, at once.

    Raises:
        NotFoundError: It is signed out already, or is somebody else's.
    """
    if not await devices.end_device(session, user_id, session_id, utc_now()):
        raise NotFoundError("That device is signed out already.")
    await audit.record(session, actor, "session.revoke", target="session", target_id=str(session_id))


async def end_others(session: AsyncSession, user_id: UUID, current_id: UUID | None, actor: Actor) -> int:
    """Sign all devices of the account out but the asking one; returns how many."""
    ended = await devices.end_others(session, user_id, current_id, utc_now())
    if ended:
        await audit.record(
            session, actor, "session.revoke_others", target="user", target_id=str(user_id), after={"ended": ended}
        )
    return ended


def _view(row: DeviceRow, current_id: UUID | None, now: datetime) -> DeviceView:
    is_current = row.id == current_id
    # That a session is in use is noted once an hour.
    recently = now - row.last_seen_at < TOUCH_INTERVAL
    seen_text = "Active now" if is_current else "Active within the last hour" if recently else ""
    return DeviceView(
        id=str(row.id),
        name=device_name(row.user_agent),
        network_address=row.network_address,
        seen_text=seen_text or f"Last active {ago_text(row.last_seen_at, now)}",
        seen_iso=row.last_seen_at.isoformat(),
        since_text=f"Signed in on {date_text(row.created_at)}",
        is_current=is_current,
    )
