"""Maintenance for live pages: an event of anybody but the staff sends its page away, to where the server says why."""

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from shophub.db import transaction
from shophub.services import maintenance, visitors

RELOAD = "location.reload()"
# What the sign-in pages use. The rest of what such a page may show (the header) is read again after it.
OPEN_MODULES = frozenset(
    f"shophub.state.store.{name}"
    for name in ("auth", "password_meter", "password_reset", "shell", "sign_in", "step_up")
)


class MaintenanceGuard(rx.Middleware):
    """Stops events while the shop is closed."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return what the page does instead, or None where the event may go on."""
        # By the name first: what makes a page ready must not wait for the database, or what was pressed overtakes it.
        if _stays_open(event.name):
            return None
        store = await maintenance.find_closed()
        if store is None:
            return None
        async with transaction() as session:
            visitor = await visitors.identify(session, state.router.headers.cookie or "")
        if maintenance.may_enter(visitor):
            return None
        return StateUpdate(events=Event.from_event_type(rx.call_script(RELOAD)))


def _stays_open(name: str) -> bool:
    registered = RegistrationContext.get().event_handlers.get(name)
    module = getattr(registered.handler.fn, "__module__", "") if registered is not None else ""
    return module in OPEN_MODULES or module.startswith("reflex.")
