"""What the frame of the back office shows, and whether its visitor may see the page at all."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from shophub.db import transaction
from shophub.domain.admin_sections import AdminSection, actions_for, may_open, sections_for
from shophub.domain.permissions import STAFF, Permission
from shophub.domain.statuses import Role
from shophub.schemas.accounts import Visitor
from shophub.schemas.admin_shell import SectionView
from shophub.services import long_jobs, notices, stores
from shophub.services.authorisation import role_of
from shophub.services.views.work import running_text
from shophub.state import ended_sessions, live
from shophub.state.guards import handler
from shophub.state.page_actions import FORGET_NOTICE
from shophub.state.session import ShopperState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.services.live import Notice

ROLE_NAMES = {Role.ADMIN: "Admin", Role.SUPER_ADMIN: "Owner"}


class AdminShellState(ShopperState, rx.State):
    """The visitor's own name and ways. It answers everybody, because it is what says that somebody may not come in."""

    store_name: rx.Field[str] = rx.field("")
    user_name: rx.Field[str] = rx.field("")
    user_email: rx.Field[str] = rx.field("")
    role_name: rx.Field[str] = rx.field("")
    has_second_factor: rx.Field[bool] = rx.field(False)
    sections: rx.Field[tuple[SectionView, ...]] = rx.field(default_factory=tuple)
    actions: rx.Field[tuple[SectionView, ...]] = rx.field(default_factory=tuple)
    is_refused: rx.Field[bool] = rx.field(False)
    work_text: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read who came; runs on every page of the back office, before the page's own data."""
        async with transaction() as session:
            visitor = await self._visitor(session)
            store = await stores.get_store(session)
            self.work_text = await _work_of(session, visitor)
        role = role_of(visitor)
        if visitor.user is not None and role in STAFF:
            live.watch(self, f"work:{visitor.user.id}", part="work")
        ended_sessions.note_role(self.router.session.client_token, visitor.user.role if visitor.user else "")
        self.store_name = store.name
        self.user_name = visitor.user.full_name if visitor.user else ""
        self.user_email = visitor.user.email if visitor.user else ""
        self.role_name = ROLE_NAMES.get(role, "") if role else ""
        self.has_second_factor = visitor.has_second_factor
        self.sections = tuple(_view(one) for one in sections_for(role))
        self.actions = tuple(_view(one) for one in actions_for(role))
        # Guests are sent to the sign-in by the page's own handler, and come back from there.
        self.is_refused = visitor.user is not None and not may_open(role, self.router.url.path)
        given = parse_qs(urlsplit(str(self.router.url)).query)
        notice = notices.read(given.get("notice", [""])[0])
        return [rx.toast(notice), rx.call_script(FORGET_NOTICE)] if notice else None

    async def _refresh_work(self, _notice: "Notice") -> None:
        """Show how much of one's own work is under way."""
        async with transaction() as session:
            self.work_text = await _work_of(session, await self._visitor(session))


async def _work_of(session: "AsyncSession", visitor: Visitor) -> str:
    if visitor.user is None or role_of(visitor) not in STAFF:
        return ""
    return running_text(await long_jobs.count_unfinished(session, visitor.user.id))


def _view(section: AdminSection) -> SectionView:
    return SectionView(section.label, section.path, section.icon, section.group, section.words)


live.refreshes("work", AdminShellState, AdminShellState._refresh_work)
