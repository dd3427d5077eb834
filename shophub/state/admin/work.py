"""Long work: all of one's own, and the piece that a page follows while it runs."""

from typing import TYPE_CHECKING
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.admin_sections import WORK_PATH
from shophub.domain.permissions import Permission, may
from shophub.errors import WorkNotFoundError
from shophub.lib.clock import utc_now
from shophub.schemas.work import WorkView
from shophub.services import long_jobs
from shophub.services.authorisation import role_of
from shophub.services.views.work import work_view
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.services.live import Notice


class LongWorkState(AdminState, rx.State):
    """``jobs`` is the list of the page *Work*; ``job`` is what another page shows of one piece of it.

    The frame of the back office watches the work of who is signed in, so every page hears of each step.
    """

    jobs: rx.Field[tuple[WorkView, ...]] = rx.field(default_factory=tuple)
    job: rx.Field[WorkView] = rx.field(default_factory=WorkView)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.ENTER_BACK_OFFICE)
    async def load(self) -> None:
        """Read all of one's own work."""
        async with transaction() as session:
            await self._read_all(session)
        self.loaded = WORK_PATH

    @handler(Permission.ENTER_BACK_OFFICE)
    async def cancel(self, job_id: str) -> None:
        """Have a piece of one's own work stop."""
        async with transaction() as session:
            await long_jobs.cancel(session, self._actor(await self._visitor(session)), _uuid(job_id))

    async def _follow(self, job_id: UUID | None) -> WorkView:
        """Show a piece of one's own work from now on (None: nothing), and return it."""
        self.job = WorkView()
        if job_id is not None:
            async with transaction() as session:
                await self._read(session, job_id)
        return self.job

    async def _refresh(self, _notice: "Notice") -> None:
        """Show how far it is, to who may still see it."""
        async with transaction() as session:
            if not may(role_of(await self._visitor(session)), Permission.ENTER_BACK_OFFICE):
                return
            if self.router.url.path == WORK_PATH:
                await self._read_all(session)
            if self.job.id:
                await self._read(session, UUID(self.job.id))

    async def _read(self, session: "AsyncSession", job_id: UUID) -> None:
        visitor = await self._visitor(session)
        if visitor.user is None:
            return
        try:
            found = await long_jobs.get(session, visitor.user.id, job_id)
        except WorkNotFoundError:
            self.job = WorkView()
        else:
            self.job = work_view(found, utc_now())

    async def _read_all(self, session: "AsyncSession") -> None:
        visitor = await self._visitor(session)
        if visitor.user is not None:
            rows = await long_jobs.list_own(session, visitor.user.id)
            self.jobs = tuple(work_view(row, utc_now()) for row in rows)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nothing has it


live.refreshes("work", LongWorkState, LongWorkState._refresh)
