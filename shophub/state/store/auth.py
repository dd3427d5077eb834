"""Registering: the browser posts the form itself, the page only explains what came back."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from shophub.db import transaction
from shophub.domain.paths import same_origin_path
from shophub.domain.permissions import Permission
from shophub.services import form_memory
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import field_message, field_messages, general_message, query_of
from shophub.state.store.checkout_form import Problem

PROBLEMS = "register-problems"
LABELS = {"full_name": "Full name", "email": "E-mail address", "password": "Password"}  # nosec B105 - a label


class AuthState(ShopperState, rx.State):
    """What the registration form shows before anything is typed."""

    error: rx.Field[str] = rx.field("")
    email_error: rx.Field[str] = rx.field("")
    name_error: rx.Field[str] = rx.field("")
    password_error: rx.Field[str] = rx.field("")
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    has_error: rx.Field[bool] = rx.field(False)
    email: rx.Field[str] = rx.field("")
    full_name: rx.Field[str] = rx.field("")
    next_path: rx.Field[str] = rx.field("/")
    is_setup: rx.Field[bool] = rx.field(False)
    login_url: rx.Field[str] = rx.field("/login")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the address; who is signed in already goes on to where they wanted to be."""
        url = self.router.url
        given = query_of(str(url))
        self.next_path = same_origin_path(given.get("next"))
        code = given.get("error", "")
        self.error = general_message(code, given.get("wait", ""))
        self.email_error = field_message(code, "email")
        self.name_error = field_message(code, "full_name")
        self.password_error = field_message(code, "password")
        self.has_error = bool(code)
        self.problems = [Problem(field, f"{LABELS[field]}: {text}") for field, text in field_messages(code)]
        typed = form_memory.recall(self.router.headers.cookie or "") if code else {}
        self.email, self.full_name = typed.get("email", ""), typed.get("full_name", "")
        self.is_setup = "setup" in given or bool(typed.get("setup"))
        onward = f"?{urlencode({'next': self.next_path})}" if self.next_path != "/" else ""
        self.login_url = f"/login{onward}"
        async with transaction() as session:
            visitor = await self._visitor(session)
        if visitor.user is not None:
            return rx.redirect(self.next_path, replace=True)
        self.loaded = url.path.rstrip("/")
        if not self.problems:
            return None
        return focus(PROBLEMS if len(self.problems) > 1 else self.problems[0].field)
