"""The three sandboxes and the mailbox as one ASGI app, to be mounted in the shop or run alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from shophub.sandbox import faults
from shophub.sandbox.cloudinary.routes import cloudinary_routes
from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.mail.routes import mail_routes
from shophub.sandbox.resend import outbox
from shophub.sandbox.resend.routes import resend_routes
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe.app import StripeSandbox


class SandboxApp(Starlette):
    """Serves ``/stripe``, ``/cloudinary``, ``/resend`` and ``/mail`` below its mount point."""

    def __init__(self, config: SandboxConfig) -> None:
        """Lay the routes; nothing runs and nothing is opened before ``start``."""
        self.config = config
        self.storage = Storage(config.database_url)
        self._stripe = StripeSandbox(config, self.storage)
        routes: list[BaseRoute] = [
            Mount("/stripe", self._stripe.app),
            Mount("/cloudinary", routes=cloudinary_routes(config, self.storage)),
            Mount("/resend", routes=resend_routes(config, self.storage)),
            *mail_routes(config, self.storage),
        ]
        super().__init__(routes=routes, lifespan=lifespan)

    async def start(self) -> None:
        """Open the database, make the tables, begin to deliver what is due."""
        await self.storage.start()
        await self.storage.create_tables([*faults.TABLES, *outbox.TABLES])
        await self._stripe.start()

    async def stop(self) -> None:
        """End deliveries and close the database."""
        await self._stripe.stop()
        await self.storage.stop()


def create_sandbox_app(config: SandboxConfig) -> SandboxApp:
    """Return the sandboxes as an ASGI app.

    Run alone it starts and stops itself by the ASGI lifespan. A host that mounts it enters ``lifespan(app)`` in its
    own lifespan, because mounted apps get none.
    """
    return SandboxApp(config)


@asynccontextmanager
async def lifespan(app: SandboxApp) -> AsyncIterator[None]:
    """Keep the sandboxes' background work running inside the block."""
    await app.start()
    try:
        yield
    finally:
        await app.stop()
