"""The page about the shop's health."""

from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.schemas.health import HealthView
from shophub.services import alerts, health
from shophub.services.flows.look_over import look_over
from shophub.state.guards import handler
from shophub.state.page_actions import announce
from shophub.state.session import AdminState

PATH = "/admin/health"


class HealthState(AdminState, rx.State):
    """How everything was at the moment that the page names."""

    view: rx.Field[HealthView] = rx.field(default_factory=HealthView)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_SETTINGS)
    async def load(self) -> None:
        """Look over everything."""
        self.view = await look_over()
        self.loaded = PATH

    @handler(Permission.MANAGE_SETTINGS)
    async def refresh(self) -> Any:
        """Look over everything again."""
        self.view = await look_over()
        return announce(f"{self.view.word}, at {self.view.at_text}.")

    @handler(Permission.MANAGE_SETTINGS)
    async def retry(self, job_id: str) -> Any:
        """Queue a job of the list again."""
        job = next((one for one in self.view.jobs if one.id == job_id and one.may_retry), None)
        if job is None:
            return None
        try:
            async with transaction() as session:
                await health.retry_job(session, int(job.id), self._actor(await self._visitor(session)))
        except ShopHubError as error:
            said = rx.toast.error(error.message, id="job")
        else:
            said = rx.toast.success(f"“{job.name}” is queued again.", id="job")
        self.view = await look_over()
        return said

    @handler(Permission.MANAGE_SETTINGS)
    async def resolve(self, alert_id: str) -> Any:
        """Close an alert of the list, because somebody has seen to it."""
        if alert_id not in {one.id for one in self.view.alerts}:
            return None
        async with transaction() as session:
            await alerts.resolve(session, UUID(alert_id), self._actor(await self._visitor(session)))
        self.view = await look_over()
        return rx.toast.success("Closed. Seen again, it opens anew.", id="alert")
