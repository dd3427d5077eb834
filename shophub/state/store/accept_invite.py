"""Accepting an invite: the browser posts the form itself, the page explains what the link in its cookie is good for."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.errors import InviteNotFoundError
from shophub.lib.cookies import read_cookies
from shophub.services import form_memory, invites
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import FIELD_MESSAGES, field_message, general_message, query_of

OVER = "over"
# What the invited may do, behind "so that you can".
DUTIES = {
    Role.ADMIN.value: "look after products, orders and coupons",
    Role.SUPER_ADMIN.value: "run the whole store, with its settings and its people",
}


class AcceptInviteState(ShopperState, rx.State):
    """Whom the invite is for, and what accepting it takes. The token itself is never kept here."""

    error: rx.Field[str] = rx.field("")
    name_error: rx.Field[str] = rx.field("")
    password_error: rx.Field[str] = rx.field("")
    full_name: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    duties: rx.Field[str] = rx.field("")
    # One of ``Welcome``, or that the link is over.
    welcome: rx.Field[str] = rx.field(OVER)
    signed_in_as: rx.Field[str] = rx.field("")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Look what the link is good for; nothing is used up by looking."""
        url, cookies = self.router.url, self.router.headers.cookie or ""
        given = query_of(str(url))
        code = given.get("error", "")
        async with transaction() as session:
            visitor = await self._visitor(session)
            try:
                token = read_cookies(cookies).get(invites.INVITE_COOKIE, "")
                invite = await invites.open_invite(session, token, visitor)
            except InviteNotFoundError:
                self.welcome, self.email, self.duties = OVER, "", ""
            else:
                self.welcome, self.email, self.duties = invite.account.value, invite.email, DUTIES[invite.role]
        self.signed_in_as = visitor.user.email if visitor.user else ""
        self.error = general_message(code, given.get("wait", ""))
        self.name_error, self.password_error = field_message(code, "full_name"), field_message(code, "password")
        self.full_name = form_memory.recall(cookies).get("full_name", "") if code else ""
        self.loaded = url.path.rstrip("/")
        return focus(FIELD_MESSAGES[code][0]) if code in FIELD_MESSAGES else None
