"""The store's people: roles, activity, and the invites that make admins."""

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.errors import ShopHubError, ThrottledError
from shophub.lib.ui_ids import INVITE_DIALOG, USER_DIALOG
from shophub.schemas.people import InviteForm, MadeInvite, UserPatch
from shophub.schemas.people_lists import InviteLine, UserLine
from shophub.services import invites, people_lists, user_admin
from shophub.services.people_lists import USERS
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, open_dialog
from shophub.state.session import AdminState


class UsersState(AdminState, rx.State):
    """A page of the list. ``chosen`` is whom the dialog is about; ``link`` is shown once and kept nowhere else."""

    lines: rx.Field[tuple[UserLine, ...]] = rx.field(default_factory=tuple)
    invites: rx.Field[tuple[InviteLine, ...]] = rx.field(default_factory=tuple)
    loaded: rx.Field[str] = rx.field("")
    chosen: rx.Field[UserLine] = rx.field(default_factory=UserLine)
    error: rx.Field[str] = rx.field("")
    invite_error: rx.Field[str] = rx.field("")
    link: rx.Field[str] = rx.field("")
    link_for: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_USERS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        self.link = self.link_for = ""
        await self._read()
        self.loaded = USERS.path

    @handler(Permission.MANAGE_USERS)
    async def choose(self, user_id: str) -> Any:
        """Open the dialog about somebody on the page."""
        line = next((one for one in self.lines if one.id == user_id), None)
        if line is None:
            return None
        self.chosen, self.error = line, ""
        return open_dialog(USER_DIALOG)

    @handler(Permission.MANAGE_USERS, step_up=True)
    async def set_role(self, form_data: dict[str, Any]) -> Any:
        """Give whom the dialog is about another role."""
        role = str(form_data.get("role", ""))
        if role not in {one.value for one in Role}:
            self.error = "Choose a role."
            return None
        return await self._change(UserPatch(role=Role(role)), f"{self.chosen.name} has another role now.")

    @handler(Permission.MANAGE_USERS, step_up=True)
    async def set_active(self, is_on: bool) -> Any:
        """Let whom the dialog is about sign in again, or no longer."""
        word = "can sign in again" if is_on else "was deactivated and signed out everywhere"
        return await self._change(UserPatch(is_active=is_on), f"{self.chosen.name} {word}.")

    @handler(Permission.MANAGE_INVITES)
    async def open_invite(self) -> Any:
        """Open the dialog that invites somebody, without what was in it."""
        self.invite_error = self.link = self.link_for = ""
        return open_dialog(INVITE_DIALOG)

    @handler(Permission.MANAGE_INVITES, step_up=True)
    async def invite(self, form_data: dict[str, Any]) -> Any:
        """Invite an address; the dialog then shows the link."""
        self.invite_error = ""
        try:
            form = InviteForm.model_validate(
                {"email": str(form_data.get("email", "")), "role": str(form_data.get("invite_role", ""))}
            )
        except ValidationError:
            self.invite_error = "Enter an e-mail address, such as ana@example.com, and choose a role."
            return None
        try:
            async with transaction() as session:
                made = await invites.make_invite(session, form, self._actor(await self._visitor(session)))
        except ShopHubError as error:
            self.invite_error = _sentence(error)
            return None
        return await self._made(made, form.email)

    @handler(Permission.MANAGE_INVITES, step_up=True)
    async def send_again(self, invite_id: str) -> Any:
        """Put a new link in the place of an invite's old one."""
        line = next((one for one in self.invites if one.id == invite_id), None)
        if line is None:
            return None
        self.invite_error = ""
        try:
            async with transaction() as session:
                made = await invites.send_again(session, UUID(line.id), self._actor(await self._visitor(session)))
        except ShopHubError as error:
            return rx.toast.error(_sentence(error), id="invite")
        return [*await self._made(made, line.email), open_dialog(INVITE_DIALOG)]

    @handler(Permission.MANAGE_INVITES, step_up=True)
    async def revoke(self, invite_id: str) -> Any:
        """Let an invite's link open nothing more."""
        line = next((one for one in self.invites if one.id == invite_id), None)
        if line is None:
            return None
        try:
            async with transaction() as session:
                await invites.revoke_invite(session, UUID(line.id), self._actor(await self._visitor(session)))
        except ShopHubError as error:
            return rx.toast.error(_sentence(error), id="invite")
        await self._read()
        return rx.toast.success(f"The invite for {line.email} was revoked. Its link opens nothing more.", id="invite")

    @handler(Permission.MANAGE_INVITES)
    async def forget_link(self) -> None:
        """Keep the link no longer than its dialog shows it."""
        self.link = self.link_for = self.invite_error = ""

    async def _made(self, made: MadeInvite, email: str) -> list[Any]:
        await self._read()
        self.link, self.link_for = made.link, email
        return [announce(f"{email} was invited.")]

    async def _change(self, patch: UserPatch, said: str) -> Any:
        if not self.chosen.id:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await user_admin.change_user(session, UUID(self.chosen.id), patch, actor)
        except ShopHubError as error:
            self.error = _sentence(error)
            return None
        self.error = ""
        await self._read()
        return [close_dialog(USER_DIALOG), rx.toast.success(said, id="user")]

    async def _read(self) -> None:
        query = asked(self, USERS)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await people_lists.list_users(session, query, visitor.user.id if visitor.user else None)
        self.lines, self.invites = page.lines, page.invites
        tables = await self.get_state(TableState)
        tables._show(USERS, query, page.table, [line.id for line in page.lines])


def _sentence(error: ShopHubError) -> str:
    if isinstance(error, ThrottledError):
        return "Too many invites from here. Please try again later."
    return error.message
