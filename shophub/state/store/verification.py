"""Whether the address of who is signed in is confirmed, and another link where it is not."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ThrottledError
from shophub.lib.cookies import read_cookies
from shophub.services import email_links
from shophub.state.guards import handler
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import query_of

SENT = "A new link is on its way to {email}."
ENOUGH = "There are links on their way to you already. Please look into your mailbox."


class VerificationState(ShopperState, rx.State):
    """``unconfirmed`` is the address that waits to be confirmed, empty where none does.

    ``asked`` is the address whose link this browser has opened; ``is_own`` says that its account is signed in, and
    ``is_another`` that another one is.
    """

    unconfirmed: rx.Field[str] = rx.field("")
    confirmed: rx.Field[str] = rx.field("")
    asked: rx.Field[str] = rx.field("")
    is_own: rx.Field[bool] = rx.field(False)
    is_another: rx.Field[bool] = rx.field(False)
    is_link_over: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Look at the account that is signed in, if one is."""
        url = self.router.url
        token = read_cookies(self.router.headers.cookie or "").get(email_links.VERIFY_COOKIE, "")
        async with transaction() as session:
            user = (await self._visitor(session)).user
            owner = await email_links.find_unverified(session, token)
        self.asked = owner.email if owner else ""
        self.is_own = bool(owner and user and owner.user_id == user.id)
        self.is_another = bool(owner and user and owner.user_id != user.id)
        self.unconfirmed = user.email if user and not user.is_email_verified else ""
        self.confirmed = user.email if user and user.is_email_verified else ""
        self.is_link_over = query_of(str(url)).get("error") == "link_over"
        self.loaded = url.path.rstrip("/")

    @handler(Permission.OWN_ACCOUNT)
    async def resend(self) -> Any:
        """Have another link mailed, a few times at most."""
        try:
            async with transaction() as session:
                user = (await self._visitor(session)).user
                address = self.router.session.client_ip
                sent = user is not None and await email_links.send_verification_again(session, user, address)
        except ThrottledError as error:
            return rx.toast.error(error.message, id="verification")
        sentence = SENT.format(email=user.email) if sent and user else ENOUGH
        return rx.toast(sentence, id="verification")
