"""Who is asking: what every shop state needs to know of its visitor."""

from typing import TYPE_CHECKING

import reflex as rx

from shophub.db import transaction
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.services import checkouts, visitors
from shophub.services.audit import Actor

if TYPE_CHECKING:
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

    def _actor(self, visitor: Visitor) -> Actor:
        """Return the visitor as the audit log names them; the address is that behind trusted proxies."""
        return Actor(visitor.user.id if visitor.user else None, self.router.session.client_ip)


class AdminState(ShopperState, mixin=True):
    """What only the staff work with. ``AdminGuard`` asks for their permission before each event, whatever it is."""
