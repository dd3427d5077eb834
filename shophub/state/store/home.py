"""The front page."""

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.catalog import HomeView
from shophub.services import catalog
from shophub.state.guards import handler


class HomeState(rx.State):
    """What the front page shows; ``loaded`` is its path once it is there."""

    view: rx.Field[HomeView] = rx.field(default_factory=HomeView)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the front page."""
        async with transaction() as session:
            view = await catalog.get_home(session)
        self.view = view
        self.loaded = "/"
