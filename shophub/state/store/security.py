"""How an account is protected: password, address, devices; and the way out of the shop."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import reflex as rx

from shophub.db import AsyncSession, transaction
from shophub.domain.emails import email_key
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, NotFoundError, ShopHubError
from shophub.lib.ui_ids import DELETE_DIALOG
from shophub.schemas.account_area import DeviceView, EmailForm, ErasureForm, ProfileView
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import devices, email_change, notices, profiles
from shophub.services.flows.erase_account import erase_account
from shophub.state import ended_sessions
from shophub.state.forms import parse_form
from shophub.state.guards import SECURITY_PAGE, handler
from shophub.state.page_actions import announce, focus, open_dialog, replace_address
from shophub.state.session import ShopperState
from shophub.state.store.account_messages import general_message

DATA_PATH = "/account/data.json"
NEW_EMAIL = {"new_email": "Enter a real e-mail address, such as name@example.com."}
OTHER_WORD = "That is not the e-mail address of this account."
GONE = "Your account is deleted. Thank you for having been here."
# What is wrong with a change of password: the field, and the sentence beside it.
PASSWORD_PROBLEMS = {
    "wrong_password": ("current_password", "That is not your present password."),
    "same_password": ("new_password", "Choose one that differs from the present one."),
    "weak_password": ("new_password", "Choose 8 characters or more, nothing common and nothing made of your name."),
    "conflict": ("current_password", "Your password was changed somewhere else just now. Nothing was changed here."),
}


class SecurityState(ShopperState, rx.State):
    """The page. No password ever enters it: the browser posts that form itself."""

    view: rx.Field[ProfileView] = rx.field(default_factory=ProfileView)
    devices: rx.Field[tuple[DeviceView, ...]] = rx.field(default_factory=tuple)
    current_error: rx.Field[str] = rx.field("")
    password_error: rx.Field[str] = rx.field("")
    email_error: rx.Field[str] = rx.field("")
    deletion_error: rx.Field[str] = rx.field("")
    is_deleting: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> Any:
        """Read the account, and what a refused change of password came back with."""
        self.email_error = self.deletion_error = self.current_error = self.password_error = ""
        self.is_deleting = False
        given = parse_qs(urlsplit(str(self.router.url)).query)
        code = given.get("error", [""])[0]
        await self._read()
        self.loaded = SECURITY_PAGE
        if not code:
            return None
        field, sentence = _password_problem(code, given.get("wait", [""])[0])
        if field == "new_password":
            self.password_error = sentence
        else:
            self.current_error = sentence
        return [replace_address(SECURITY_PAGE), focus(field)]

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def ask_email(self, form_data: dict[str, Any]) -> Any:
        """Have a link mailed to another address; until it is confirmed nothing changes."""
        self.email_error = ""
        try:
            form = parse_form(EmailForm, form_data, NEW_EMAIL)
            async with transaction() as session:
                visitor, user = await self._signed_in(session)
                address = self._actor(visitor).network_address
                asked = await email_change.ask(session, user, visitor.session_id, form, address)
        except InvalidInputError as error:
            self.email_error = error.fields.get("new_email", error.message)
            return focus("new_email")
        except ShopHubError as error:
            self.email_error = error.message
            return focus("new_email")
        await self._read()
        return [announce(f"We have sent a link to {asked}."), focus("email-pending")]

    @handler(Permission.OWN_ACCOUNT)
    async def withdraw_email(self) -> Any:
        """Let the link that waits open nothing any more."""
        user = (await self._who()).user
        if user is not None:
            async with transaction() as session:
                await email_change.withdraw(session, user)
        await self._read()
        return focus("new_email")

    @handler(Permission.OWN_ACCOUNT)
    async def end_device(self, device_id: str) -> Any:
        """Sign one of the account's devices out."""
        try:
            async with transaction() as session:
                visitor, user = await self._signed_in(session)
                await devices.end_device(session, user.id, _id(device_id), self._actor(visitor))
        except NotFoundError as error:
            await self._read()
            return rx.toast.error(error.message, id="devices")
        await self._read()
        return [announce("That device is signed out."), focus("devices-title")]

    @handler(Permission.OWN_ACCOUNT)
    async def end_others(self) -> Any:
        """Sign all devices out but this one."""
        visitor, ended = await self._who(), 0
        if visitor.user is not None:
            async with transaction() as session:
                ended = await devices.end_others(session, visitor.user.id, visitor.session_id, self._actor(visitor))
        await self._read()
        said = f"{ended} other device{'s are' if ended != 1 else ' is'} signed out."
        return [announce(said), focus("devices-title")]

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def download(self) -> Any:
        """Offer everything that the shop keeps about this account as a file."""
        return rx.call_script(f"location.assign({json.dumps(DATA_PATH)})")

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def ask_deletion(self) -> Any:
        """Open the dialog that deletes the account."""
        self.deletion_error = ""
        return open_dialog(DELETE_DIALOG)

    @handler(Permission.OWN_ACCOUNT, step_up=True)
    async def delete_account(self, form_data: dict[str, Any]) -> Any:
        """Delete the account of who has typed its address, and leave for the front page."""
        self.deletion_error = ""
        visitor = await self._who()
        try:
            form = parse_form(ErasureForm, form_data, {"confirmation": OTHER_WORD})
            if visitor.user is None or email_key(form.confirmation) != email_key(visitor.user.email):
                raise InvalidInputError(OTHER_WORD)
        except InvalidInputError:
            self.deletion_error = OTHER_WORD
            yield focus("confirmation")
            return
        self.is_deleting = True
        yield
        tab = self.router.session.client_token
        ended_sessions.note_role(tab, "")  # this tab says goodbye itself; all others are sent to the sign-in page
        try:
            await erase_account(visitor.user.id, self._actor(visitor))
        except ShopHubError as error:
            ended_sessions.note_role(tab, visitor.user.role)
            self.deletion_error, self.is_deleting = error.message, False
            yield focus("confirmation")
            return
        self.reset()
        # A full navigation: everything that other states of this tab still hold goes with it.
        yield rx.call_script(f"location.replace({json.dumps('/?' + urlencode({'notice': notices.seal(GONE)}))})")

    async def _signed_in(self, session: AsyncSession) -> tuple[Visitor, UserView]:
        """Return who asks; the guard has just let them in.

        Raises:
            NotFoundError: The session ended in between.
        """
        visitor = await self._visitor(session)
        if visitor.user is None:
            raise NotFoundError("You have been signed out. Please sign in again.")
        return visitor, visitor.user

    async def _read(self) -> None:
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is None:
                self.reset()
                return
            self.view = await profiles.get_profile(session, visitor.user.id)
            self.devices = await devices.list_devices(session, visitor.user.id, visitor.session_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("That device is signed out already.") from error


def _password_problem(code: str, wait: str) -> tuple[str, str]:
    return PASSWORD_PROBLEMS.get(code, ("current_password", general_message(code, wait)))
