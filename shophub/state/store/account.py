"""A customer's own profile: name, and which e-mails are welcome."""

from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError
from shophub.schemas.account_area import ProfileForm, ProfileView
from shophub.services import profiles
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus
from shophub.state.session import ShopperState
from shophub.state.store.shell import ShellState

SENTENCES = {"full_name": "Enter your name, 2 characters or more."}
SAVED = "Saved."


class ProfileState(ShopperState, rx.State):
    """The profile. ``name_note`` says that the name was saved."""

    view: rx.Field[ProfileView] = rx.field(default_factory=ProfileView)
    name_error: rx.Field[str] = rx.field("")
    name_note: rx.Field[str] = rx.field("")
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> None:
        """Read the account."""
        self.name_error = self.name_note = ""
        await self._read()
        self.loaded = "/account/profile"

    @handler(Permission.OWN_ACCOUNT)
    async def save_name(self, form_data: dict[str, Any]) -> Any:
        """Give the account another name; the header shows it at once."""
        self.name_error = self.name_note = ""
        try:
            form = parse_form(ProfileForm, form_data, SENTENCES)
        except InvalidInputError as error:
            self.name_error = error.fields.get("full_name", SENTENCES["full_name"])
            return focus("full_name")
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is None:
                return None
            await profiles.rename(session, visitor.user.id, form)
        shell = await self.get_state(ShellState)
        shell.user_name = form.full_name
        self.name_note = SAVED
        await self._read()
        return announce(SAVED)

    @handler(Permission.OWN_ACCOUNT)
    async def set_marketing(self, is_wanted: bool) -> Any:
        """Say whether reminders and offers are welcome."""
        return await self._set_wishes(marketing=is_wanted)

    @handler(Permission.OWN_ACCOUNT)
    async def set_stock_mails(self, is_wanted: bool) -> Any:
        """Say whether word about wished products is welcome."""
        return await self._set_wishes(stock_mails=is_wanted)

    async def _set_wishes(self, **wishes: bool) -> Any:
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is None:
                return None
            await profiles.set_wishes(session, visitor.user.id, **wishes)
        await self._read()
        return announce(SAVED)

    async def _read(self) -> None:
        async with transaction() as session:
            visitor = await self._visitor(session)
            self.view = await profiles.get_profile(session, visitor.user.id) if visitor.user else ProfileView()
