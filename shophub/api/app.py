"""The API application: every route that is not a page of the user interface, and what stands around all of them."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.routing import Match

from shophub.api import accept_invite, account, account_links, auth, orders, sign_in, unsubscribe
from shophub.api.errors import add_error_handlers, error_answer
from shophub.api.maintenance import MaintenanceGate
from shophub.api.middleware import ClientAddress, KnownHosts, RequestGuard, SessionRenewal
from shophub.api.permissions import PUBLIC
from shophub.api.rest import accounts, development, people, pictures, store
from shophub.api.webhooks import stripe
from shophub.settings import get_settings

# Earlier routes win.
ROUTERS = (
    account_links.links,
    account_links.router,
    accept_invite.links,
    accept_invite.router,
    auth.router,
    sign_in.router,
    account.router,
    orders.router,
    unsubscribe.router,
    accounts.router,
    people.router,
    pictures.router,
    store.router,
    stripe.router,
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def create_api() -> FastAPI:
    """Return the application. The user interface is mounted behind its routes and answers for the rest."""
    app = FastAPI(title="ShopHub", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    for router in ROUTERS:
        app.include_router(router)
    if not get_settings().is_production:
        app.include_router(development.router)
    add_error_handlers(app)
    app.add_api_route(
        "/api/{path:path}", _unknown, methods=list(METHODS), include_in_schema=False, dependencies=[PUBLIC]
    )
    app.add_middleware(MaintenanceGate)
    app.add_middleware(SessionRenewal)
    app.add_middleware(RequestGuard)
    app.add_middleware(ClientAddress, trusted_proxies=get_settings().trusted_proxies)
    app.add_middleware(KnownHosts, settings=get_settings())
    return app


async def _unknown(request: Request) -> JSONResponse:
    """Answer below ``/api`` for what no route took, so that the user interface does not answer with a page.

    A known path under another method is 405 with the methods it has.
    """
    others = [route for route in request.app.router.routes if getattr(route, "endpoint", None) is not _unknown]
    allowed = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method, "path_params": {}})[0] is Match.FULL
            for route in others
            if getattr(route, "path", None) != ""  # the user interface, mounted at the root, matches everything
        )
    ]
    if allowed:
        sentence = f"{request.method} is not offered here."
        return error_answer(
            HTTPStatus.METHOD_NOT_ALLOWED, sentence, "method_not_allowed", None, {"Allow": ", ".join(allowed)}
        )
    return error_answer(HTTPStatus.NOT_FOUND, "There is nothing at this address.", "not_found")
