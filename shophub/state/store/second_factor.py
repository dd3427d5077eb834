"""Setting up two-factor sign-in. The secret and the recovery codes are held while they are shown, and no longer."""

from typing import Any
from urllib.parse import quote

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ConflictError, UnauthenticatedError, WrongCodeError
from shophub.schemas.accounts import SecondFactorView, UserView
from shophub.services import second_factor
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus
from shophub.state.session import ShopperState
from shophub.state.store.shell import ShellState

GROUP = 4
CODE_FIELD = "second_factor_code"
CODES_HEADING = "recovery-codes-title"
SECTION_HEADING = "second-factor-title"
FILE_HEAD = "Recovery codes for signing in to {store}.\nEach works once. Keep them where only you can find them.\n\n"


class SecondFactorState(ShopperState, rx.State):
    """Whether it is on; while it is being set up the secret, afterwards once the recovery codes."""

    view: rx.Field[SecondFactorView] = rx.field(default_factory=SecondFactorView)
    secret: rx.Field[str] = rx.field("")
    qr_svg: rx.Field[str] = rx.field("")
    codes: rx.Field[tuple[str, ...]] = rx.field(default_factory=tuple)
    codes_text: rx.Field[str] = rx.field("")
    codes_file: rx.Field[str] = rx.field("")
    error: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> None:
        """Look at the account; what was shown before is gone."""
        self._forget()
        await self._look()

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def begin(self) -> Any:
        """Show a new secret, as a picture and to type."""
        self._forget()
        user = await self._user()
        try:
            async with transaction() as session:
                set_up = await second_factor.begin(session, user.id, user.email)
        except ConflictError as error:
            await self._look()
            return rx.toast.error(error.message, id="second-factor")
        self.secret = " ".join(set_up.secret[at : at + GROUP] for at in range(0, len(set_up.secret), GROUP))
        self.qr_svg = set_up.qr_svg
        return focus(CODE_FIELD)

    @handler(Permission.OWN_ACCOUNT)
    async def confirm(self, form_data: dict[str, Any]) -> Any:
        """Switch it on with a code of the app, and show the recovery codes."""
        self.error = ""
        code = str(form_data.get(CODE_FIELD, ""))[:64]
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                user = _signed_in(visitor.user)
                codes = await second_factor.confirm(session, user.id, code, self._actor(visitor))
        except WrongCodeError as error:
            self.error = error.message
            return focus(CODE_FIELD)
        except ConflictError as error:
            await self.load.fn(self)
            return rx.toast.error(error.message, id="second-factor")
        return await self._show_codes(codes, "Two-factor sign-in is on.")

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def renew(self) -> Any:
        """Replace the recovery codes, and show the new ones."""
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                user = _signed_in(visitor.user)
                codes = await second_factor.renew_recovery_codes(session, user.id, self._actor(visitor))
        except ConflictError as error:
            await self._look()
            return rx.toast.error(error.message, id="second-factor")
        return await self._show_codes(codes, "Your old recovery codes do not work any more.")

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def switch_off(self) -> Any:
        """Ask for the password alone from now on."""
        self._forget()
        async with transaction() as session:
            visitor = await self._visitor(session)
            await second_factor.switch_off(session, _signed_in(visitor.user).id, self._actor(visitor))
        await self._look()
        return [rx.toast("Two-factor sign-in is off.", id="second-factor"), focus(SECTION_HEADING)]

    @handler(Permission.VISIT)
    async def leave(self) -> None:
        """Forget what was shown: its page was left, or the codes are kept somewhere now."""
        self._forget()

    def _forget(self) -> None:
        self.secret = self.qr_svg = self.codes_text = self.codes_file = self.error = ""
        self.codes = ()

    async def _user(self) -> UserView:
        return _signed_in((await self._who()).user)

    async def _look(self) -> None:
        async with transaction() as session:
            self.view = await second_factor.describe(session, _signed_in((await self._visitor(session)).user))
        (await self.get_state(ShellState)).has_second_factor = self.view.is_on

    async def _show_codes(self, codes: tuple[str, ...], sentence: str) -> Any:
        self._forget()
        await self._look()
        self.codes = codes
        self.codes_text = "\n".join(codes)
        text = FILE_HEAD.format(store=self.view.store_name) + self.codes_text + "\n"
        self.codes_file = f"data:text/plain;charset=utf-8,{quote(text)}"
        return [announce(sentence), focus(CODES_HEADING)]


def _signed_in(user: UserView | None) -> UserView:
    """Return who is signed in; the handler's guard has looked a moment ago."""
    if user is None:
        raise UnauthenticatedError("Please sign in first.")
    return user
