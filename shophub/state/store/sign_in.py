"""Signing in: the browser posts the forms itself, the page says which step it is at and what came back."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from shophub.db import transaction
from shophub.domain.paths import same_origin_path
from shophub.domain.permissions import Permission
from shophub.services import form_memory, pending_sign_in
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import field_message, general_message, query_of


class SignInState(ShopperState, rx.State):
    """What the page asks for, the password or after it a code, and what was wrong with the last try."""

    asks_code: rx.Field[bool] = rx.field(False)
    error: rx.Field[str] = rx.field("")
    code_error: rx.Field[str] = rx.field("")
    has_error: rx.Field[bool] = rx.field(False)
    email: rx.Field[str] = rx.field("")
    next_path: rx.Field[str] = rx.field("/")
    register_url: rx.Field[str] = rx.field("/register")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read address and cookies; who is signed in already goes on to where they wanted to be."""
        url = self.router.url
        cookies = self.router.headers.cookie or ""
        given = query_of(str(url))
        code = given.get("error", "")
        self.asks_code = pending_sign_in.read(pending_sign_in.of_cookies(cookies)) is not None
        self.error = general_message(code, given.get("wait", ""))
        self.code_error = field_message(code, "code") if self.asks_code else ""
        self.has_error = bool(code)
        self.email = form_memory.recall(cookies).get("email", "") if code else ""
        self.next_path = same_origin_path(given.get("next"))
        onward = f"?{urlencode({'next': self.next_path})}" if self.next_path != "/" else ""
        self.register_url = f"/register{onward}"
        async with transaction() as session:
            visitor = await self._visitor(session)
        if visitor.user is not None:
            return rx.redirect(self.next_path, replace=True)
        self.loaded = url.path.rstrip("/")
        if self.asks_code:
            return focus("code")
        return focus("password") if code == "wrong_credentials" and self.email else None
