"""A forgotten password: asking for a link, and what is behind it. The browser posts the forms itself."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.lib.cookies import read_cookies
from shophub.services import form_memory, password_reset
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import field_message, general_message, query_of


class ForgotPasswordState(ShopperState, rx.State):
    """The form that asks for a link, and the answer, which is the same for every address."""

    error: rx.Field[str] = rx.field("")
    email_error: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    is_sent: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the address."""
        url = self.router.url
        given = query_of(str(url))
        code = given.get("error", "")
        self.is_sent = "sent" in given
        self.error, self.email_error = general_message(code, given.get("wait", "")), field_message(code, "email")
        typed = form_memory.recall(self.router.headers.cookie or "")
        self.email = typed.get("email", "")
        self.loaded = url.path.rstrip("/")
        return focus("email") if self.email_error else None


class ResetPasswordState(ShopperState, rx.State):
    """Whose password the link in this browser's cookie changes. The token itself is never kept here."""

    error: rx.Field[str] = rx.field("")
    password_error: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    is_open: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Look whether the link is good; nothing is used up by looking."""
        url = self.router.url
        code = query_of(str(url)).get("error", "")
        token = read_cookies(self.router.headers.cookie or "").get(password_reset.RESET_COOKIE, "")
        async with transaction() as session:
            owner = await password_reset.find_owner(session, token)
        self.is_open, self.email = owner is not None, owner.email if owner else ""
        self.error, self.password_error = general_message(code, ""), field_message(code, "password")
        self.loaded = url.path.rstrip("/")
        return focus("password") if self.password_error else None
