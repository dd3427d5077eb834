"""The first page of an account."""

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.account_area import AccountOverview
from shophub.services import account_overview
from shophub.state.guards import handler
from shophub.state.session import ShopperState


class OverviewState(ShopperState, rx.State):
    """What the account holds, in short."""

    view: rx.Field[AccountOverview] = rx.field(default_factory=AccountOverview)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> None:
        """Read the account."""
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is None:
                self.reset()
                return
            self.view = await account_overview.get_overview(session, visitor, visitor.user)
        self.loaded = "/account"
