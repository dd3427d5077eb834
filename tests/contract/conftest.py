"""A shop that is served to programs on a database of its own, with a little of everything in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shophub.settings import Settings
from tests.databases import TestServer
from tests.e2e.shop_server import ShopServer

# Programs that try everything do so more often than people; what throttles refuse is tried elsewhere.
UNTHROTTLED = {
    name.upper(): "1000000"
    for name, field in Settings.model_fields.items()
    if name.startswith("throttle_") and field.annotation is int
}


class ApiServer(ShopServer):
    """One process: routes and sandboxes, no pages."""

    application = "tests.contract.shop_app:create"
    has_pages = False


@pytest.fixture(scope="session")
def served(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """The served shop."""
    with database_server.clone() as url:
        server = ApiServer(url, Path(tmp_path_factory.mktemp("contract")))
        server.environment |= {**UNTHROTTLED, "PUBLIC_URL": server.url, "STEP_UP_LIFETIME": "10:00:00"}
        server.run("tests.contract.goods")
        with server.running():
            yield server
