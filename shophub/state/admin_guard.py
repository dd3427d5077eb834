"""The second guard of the back office: a handler there is asked for once more, however it was decorated."""

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from shophub.domain.permissions import STAFF_ONLY
from shophub.errors import ForbiddenError, UnauthenticatedError
from shophub.state.guards import admit, turn_away
from shophub.state.session import AdminState


class AdminGuard(rx.Middleware):
    """Stops every event for an ``AdminState`` that does not come from staff who may."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return what the page does instead, or None where the event may go on.

        A handler that declares nothing, or something that customers may, is stopped for everybody: nobody means that
        in the back office.
        """
        registered = RegistrationContext.get().event_handlers.get(event.name)
        if registered is None or not any(issubclass(one, AdminState) for one in registered.states):
            return None
        method = registered.handler.fn
        permission = getattr(method, "__permission__", None)
        try:
            if permission is None or permission not in STAFF_ONLY:
                raise ForbiddenError("Your account may not do this.")
            await admit(state, permission, step_up=getattr(method, "__step_up__", False))
        except (UnauthenticatedError, ForbiddenError) as error:
            return StateUpdate(events=Event.from_event_type(turn_away(state, error)))
        return None
