"""The Stripe sandbox as one ASGI app; its host calls ``start`` and ``stop``."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe import (
    authentication,
    charges,
    disputes,
    events,
    payment_intents,
    payment_methods,
    refunds,
)
from shophub.sandbox.stripe.api import Api, Handler
from shophub.sandbox.stripe.controls import control_routes
from shophub.sandbox.stripe.deliveries import Deliverer
from shophub.sandbox.stripe.errors import invalid
from shophub.sandbox.stripe.ids import new_id
from shophub.sandbox.stripe.schema import STRIPE_TABLES
from shophub.sandbox.stripe.scripts import script_routes

# Method, path, handler, and whether a browser may call it with the publishable key.
_ENDPOINTS: tuple[tuple[str, str, Handler, bool], ...] = (
    ("POST", "/v1/payment_intents", payment_intents.create, False),
    ("GET", "/v1/payment_intents", payment_intents.list_all, False),
    ("GET", "/v1/payment_intents/{id}", payment_intents.retrieve, True),
    ("POST", "/v1/payment_intents/{id}", payment_intents.update, False),
    ("POST", "/v1/payment_intents/{id}/confirm", payment_intents.confirm, True),
    ("POST", "/v1/payment_intents/{id}/cancel", payment_intents.cancel, False),
    ("POST", "/v1/payment_methods", payment_methods.create, True),
    ("GET", "/v1/payment_methods/{id}", payment_methods.retrieve, False),
    ("GET", "/v1/charges", charges.list_all, False),
    ("GET", "/v1/charges/{id}", charges.retrieve, False),
    ("POST", "/v1/refunds", refunds.create, False),
    ("GET", "/v1/refunds", refunds.list_all, False),
    ("GET", "/v1/refunds/{id}", refunds.retrieve, False),
    ("POST", "/v1/refunds/{id}", refunds.update, False),
    ("GET", "/v1/events", events.list_all, False),
    ("GET", "/v1/events/{id}", events.retrieve, False),
    ("GET", "/v1/disputes", disputes.list_all, False),
    ("GET", "/v1/disputes/{id}", disputes.retrieve, False),
    ("POST", "/v1/disputes/{id}/close", disputes.close, False),
    # What the bank's page does; only stripe.js and that page call it.
    ("POST", "/v1/payment_intents/{id}/authenticate", authentication.answer, True),
)


class StripeSandbox:
    """The app and its background work."""

    def __init__(self, config: SandboxConfig, storage: Storage) -> None:
        """Build the app; ``storage`` is opened and closed by the caller."""
        self._storage = storage
        self._deliverer = Deliverer(config, storage)
        api = Api(config, storage, self._deliverer.wake)
        routes = [
            Route(path, api.endpoint(handler, publishable=browser), methods=[method])
            for method, path, handler, browser in _ENDPOINTS
        ]
        routes += control_routes(config, storage, self._deliverer.wake)
        routes += authentication.page_routes(config, storage, self._deliverer.wake)
        routes += script_routes(config, storage)
        routes.append(Route("/{path:path}", _unknown, methods=["GET", "POST", "DELETE", "PUT", "PATCH"]))
        self.app: ASGIApp = Starlette(routes=routes)

    async def start(self) -> None:
        """Create the tables and begin to deliver; call it after ``storage.start``."""
        await self._storage.create_tables(STRIPE_TABLES)
        await self._deliverer.start()

    async def stop(self) -> None:
        """Stop delivering; nothing is lost."""
        await self._deliverer.stop()


async def _unknown(request: Request) -> Response:
    path = "/" + request.path_params["path"]
    error = invalid(
        f"Unrecognized request URL ({request.method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    return JSONResponse(error.body(new_id("req")), status_code=404)
