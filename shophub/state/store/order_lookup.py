"""Finding an order by its number. The browser posts the form itself."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.services import form_memory
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import field_message, general_message, query_of


class OrderLookupState(ShopperState, rx.State):
    """The form, and the answer, which is the same for every number and address."""

    error: rx.Field[str] = rx.field("")
    number_error: rx.Field[str] = rx.field("")
    email_error: rx.Field[str] = rx.field("")
    number: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    is_sent: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the address; fill in what was typed, or is known of who is signed in."""
        url = self.router.url
        given = query_of(str(url))
        code = given.get("error", "")
        self.is_sent = "sent" in given
        self.error = general_message(code, given.get("wait", ""))
        self.number_error, self.email_error = field_message(code, "number"), field_message(code, "email")
        typed = form_memory.recall(self.router.headers.cookie or "")
        async with transaction() as session:
            user = (await self._visitor(session)).user
        self.number, self.email = typed.get("number", ""), typed.get("email", "") or (user.email if user else "")
        self.loaded = url.path.rstrip("/")
        if self.number_error:
            return focus("number")
        return focus("email") if self.email_error else None
