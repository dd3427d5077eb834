"""Who is asking: what every shop state needs to know of its visitor."""

from typing import TYPE_CHECKING

import reflex as rx

from shophub.db import transaction
from shophub.domain.visits import Step
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import checkouts, visitors, visits
from shophub.services.audit import Actor

if TYPE_CHECKING:
    from uuid import UUID

    from shophub.db import AsyncSession


class ShopperState(rx.State, mixin=True):
    """Helpers only. Identity is read from the connection's cookies at every event and never kept."""

    async def _visitor(self, session: "AsyncSession") -> Visitor:
        """Return who sent this event, checked against the database."""
        return await visitors.identify(session, self.router.headers.cookie or "")

    async def _who(self) -> Visitor:
        """Return the same in a transaction of its own, for flows that open theirs."""
        async with transaction() as session:
            return await self._visitor(session)

    async def _owner(self, session: "AsyncSession") -> CartOwner:
        """Return whose cart this event is about."""
        return checkouts.owner_of(await self._visitor(session))

    def _count_visit(self, visitor: Visitor, step: Step = Step.VISIT) -> None:
        """Count the visit that this page belongs to, and how far it came with that."""
        visits.begin(
            visitor,
            path=self.router.url.path,
            user_agent=self.router.headers.user_agent or "",
            network_address=self.router.session.client_ip,
        )
        self._came_to(step)

    def _came_to(self, step: Step, checkout_id: "UUID | None" = None) -> None:
        """Count how far this visit came."""
        visits.reach(visitors.guest_token_of(self.router.headers.cookie or ""), step, checkout_id)

    def _actor(self, visitor: Visitor) -> Actor:
        """Return the visitor as the audit log names them; the address is that behind trusted proxies."""
        return Actor(visitor.user.id if visitor.user else None, self.router.session.client_ip)


class AdminState(ShopperState, mixin=True):
    """What only the staff work with. ``AdminGuard`` asks for their permission before each event, whatever it is."""
