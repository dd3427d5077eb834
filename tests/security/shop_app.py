"""The shop with a back office of the tests' own: one handler per permission, each of which leaves a trace."""

import asyncio
from collections.abc import Callable
from typing import Any

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.services import audit
from shophub.shophub import app
from shophub.state.guards import handler
from shophub.state.session import AdminState, ShopperState


def declared_only(permission: Permission) -> Callable[[Callable[..., Any]], Any]:
    """Declare what a handler needs, and forget to ask for it."""

    def decorate(method: Callable[..., Any]) -> Any:
        method.__permission__ = permission  # type: ignore[attr-defined]
        return rx.event(method)

    return decorate


class MarkState(ShopperState, rx.State):
    """Answers, so that a test knows that everything it sent before has been dealt with."""

    seen: rx.Field[int] = rx.field(0)

    def _others(self) -> set[asyncio.Task[Any]]:
        """Return what goes on of the tab's other events: Reflex names a task by its handler and its tab."""
        tab = f"|{self.router.session.client_token}|"
        going_on = asyncio.all_tasks() - {asyncio.current_task()}
        return {one for one in going_on if one.get_name().startswith("reflex_event|") and tab in one.get_name()}

    @handler(Permission.VISIT, background=True)
    async def mark(self, number: int) -> None:
        """Show a number once all other events of the tab have been dealt with, those beside the queue too."""
        # Of a tab's events in a row the next one's task is made by what is called when the one before has ended.
        while True:
            if not self._others():
                await asyncio.sleep(0)
            if not (others := self._others()):
                break
            await asyncio.wait(others)
        async with self:
            self.seen = number


class ProbeState(ShopperState, rx.State):
    """What customers may, in every kind of handler."""

    async def _trace(self, name: str) -> None:
        async with transaction() as session:
            visitor = await self._visitor(session)
            await audit.record(session, self._actor(visitor), f"probe.{name}", target="probe")

    @handler(Permission.OWN_ACCOUNT)
    async def own(self, text: str = "") -> None:
        """Leave a trace."""
        await self._trace("own")

    @handler(Permission.OWN_ACCOUNT)
    async def own_steps(self):
        """Leave a trace on the way."""
        yield
        await self._trace("own_steps")

    @handler(Permission.OWN_ACCOUNT, background=True)
    async def own_behind(self) -> None:
        """Leave a trace beside the events."""
        await self._trace("own_behind")

    @handler(Permission.REFUND_ORDERS, step_up=True)
    async def refund(self) -> None:
        """Leave a trace, but for who entered a password lately."""
        await self._trace("refund")

    def undeclared(self) -> None:
        """What somebody forgot to decorate: it changes what the page shows."""
        self.reset()

    @rx.event
    async def undeclared_event(self) -> None:
        """What somebody decorated as Reflex would have it."""
        await self._trace("undeclared_event")


class ProbeAdminState(AdminState, rx.State):
    """A back office whose authors forgot a decorator, or declared too little."""

    async def _trace(self, name: str) -> None:
        async with transaction() as session:
            await audit.record(session, self._actor(await self._visitor(session)), f"probe.{name}", target="probe")

    @handler(Permission.VISIT)
    async def declared_too_little(self) -> None:
        """Anybody's, were it not for the second guard."""
        await self._trace("declared_too_little")

    @declared_only(Permission.MANAGE_COUPONS)
    async def unasked(self) -> None:
        """Anybody's, were it not for the second guard."""
        await self._trace("unasked")

    @handler(Permission.MANAGE_PRODUCTS)
    async def products(self) -> None:
        """Leave a trace."""
        await self._trace("products")

    @handler(Permission.MANAGE_USERS, step_up=True)
    async def users(self) -> None:
        """Leave a trace."""
        await self._trace("users")


__all__ = ["app"]
