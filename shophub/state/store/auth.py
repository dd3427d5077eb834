"""Signing in and registering: the browser posts the forms itself, these pages only explain what came back."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.paths import same_origin_path
from shophub.domain.permissions import Permission
from shophub.state.guards import handler
from shophub.state.session import ShopperState

MAX_EMAIL = 254
MAX_SETUP_TOKEN = 200
MESSAGES = {
    "wrong_credentials": "E-mail address or password is not right.",
    "email_taken": "There is already an account with that e-mail address. Sign in instead.",
    "invalid_email": "Enter a real e-mail address, such as name@example.com.",
    "invalid_name": "Enter your name, 2 characters or more.",
    "weak_password": "Choose a password of 8 characters or more that is not among the most common ones.",
}
FALLBACK = "That did not work. Please try again."


class AuthState(ShopperState, rx.State):
    """What the sign-in and registration forms show before anything is typed."""

    error: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    full_name: rx.Field[str] = rx.field("")
    next_path: rx.Field[str] = rx.field("/")
    setup_token: rx.Field[str] = rx.field("")
    login_url: rx.Field[str] = rx.field("/login")
    register_url: rx.Field[str] = rx.field("/register")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the address; who is signed in already goes on to where they wanted to be."""
        url = self.router.url
        given = parse_qs(urlsplit(str(url)).query)
        self.next_path = same_origin_path(given.get("next", [""])[0])
        code = given.get("error", [""])[0]
        self.error = _message(code, given.get("wait", [""])[0]) if code else ""
        self.email = given.get("email", [""])[0][:MAX_EMAIL]
        self.full_name = given.get("full_name", [""])[0][:MAX_EMAIL]
        self.setup_token = given.get("setup_token", [""])[0][:MAX_SETUP_TOKEN]
        onward = f"?{urlencode({'next': self.next_path})}" if self.next_path != "/" else ""
        self.login_url, self.register_url = f"/login{onward}", f"/register{onward}"
        async with transaction() as session:
            visitor = await self._visitor(session)
        if visitor.user is not None:
            return rx.redirect(self.next_path, replace=True)
        self.loaded = url.path.rstrip("/")
        return None


def _message(code: str, wait: str) -> str:
    if code == "too_many":
        minutes = (int(wait) + 59) // 60 if wait.isascii() and wait.isdigit() and len(wait) < 6 else 15
        return f"Too many tries. Please try again in {minutes} minute{'s' if minutes != 1 else ''}."
    return MESSAGES.get(code, FALLBACK)
