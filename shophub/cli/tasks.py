"""The commands that do one thing."""

import asyncio
import os

from alembic import command
from alembic.config import Config
from granian.constants import Interfaces
from granian.server import Server

from shophub.db import close_database, database_url, transaction
from shophub.errors import ConfigurationError
from shophub.lib.frontend_export import export_if_changed
from shophub.lib.logging import configure_logging
from shophub.settings import PROJECT_ROOT, Settings, get_settings


def migrate() -> None:
    """Run every migration that the database has not seen; several processes at once wait for each other."""
    command.upgrade(alembic_config(), "head")


def alembic_config() -> Config:
    """Return where the migrations are."""
    return Config(PROJECT_ROOT / "alembic.ini")


def build() -> int:
    """Compile the frontend if its sources changed."""
    built = export_if_changed(PROJECT_ROOT, os.environ)
    print("The frontend was compiled." if built else "The frontend is up to date.")
    return 0


def work() -> int:
    """Run jobs until a signal asks to stop; the job under way is finished first."""
    settings = get_settings()
    configure_logging(json_lines=settings.is_production)
    from shophub.jobs.worker import run

    asyncio.run(run())
    return 0


def seed(*, quiet: bool) -> int:
    """Load the demo store, unless the shop holds something already.

    Raises:
        ConfigurationError: In production.
    """
    from shophub.services.demo.seed import seed_demo_store

    async def run() -> bool:
        try:
            return await seed_demo_store()
        finally:
            await close_database()

    if asyncio.run(run()):
        print("The demo store was loaded.")
    elif not quiet:
        print("The shop holds products already; nothing was loaded.")
    return 0


def switch_maintenance(*, is_enabled: bool, message: str | None) -> int:
    """Close the shop or open it; every process follows within two seconds."""
    from shophub.services import maintenance
    from shophub.services.audit import SHOP

    async def run() -> None:
        try:
            async with transaction() as session:
                await maintenance.switch(session, SHOP, is_enabled=is_enabled, message=message)
        finally:
            await close_database()

    asyncio.run(run())
    print("The shop is closed to all but the staff." if is_enabled else "The shop is open.")
    return 0


def run_sandbox(port: int) -> int:
    """Serve the three sandboxes alone, so that they can be stopped, slowed or broken apart from the shop.

    Raises:
        ConfigurationError: In production.
    """
    if get_settings().is_production:
        raise ConfigurationError("The sandboxes do not run in production.")
    print(f"Sandboxes on http://127.0.0.1:{port}/sandbox - start the shop with SANDBOX_URL set to that address.")
    Server(
        "shophub.cli.tasks:sandbox_app", address="127.0.0.1", port=port, interface=Interfaces.ASGI, factory=True
    ).serve()
    return 0


def sandbox_app() -> object:
    """Return the sandboxes below ``/sandbox``, as granian starts them."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from shophub.sandbox.app import create_sandbox_app, lifespan
    from shophub.sandbox.config import SandboxConfig

    settings: Settings = get_settings()
    configure_logging(json_lines=False)
    sandboxes = create_sandbox_app(
        SandboxConfig(
            database_url=database_url(),
            data_dir=settings.data_dir / "sandbox",
            webhook_url=f"http://127.0.0.1:{settings.port}/api/webhooks/stripe",
            webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
            base_path=f"{settings.sandbox_url}",
        )
    )
    return Starlette(routes=[Mount("/sandbox", sandboxes)], lifespan=lambda _host: lifespan(sandboxes))
