"""The API application: every route that is not a page of the user interface, and what stands around all of them."""

from functools import partial
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.routing import Match

from shophub.api import accept_invite, account, account_links, auth, docs, orders, sign_in, unsubscribe
from shophub.api.catalogue_cache import KeptAnswers, answers
from shophub.api.description import openapi
from shophub.api.errors import add_error_handlers, error_answer
from shophub.api.frame import UNKNOWN
from shophub.api.frame.compression import Compression
from shophub.api.frame.freshness import Freshness
from shophub.api.frame.idempotency import Idempotency
from shophub.api.frame.readable import Readable
from shophub.api.frame.throttle import Throttle
from shophub.api.maintenance import MaintenanceGate
from shophub.api.metrics import Measured, Metrics, RouteNames, metrics_router
from shophub.api.middleware import ClientAddress, KnownHosts, RequestGuard, RequestNames, SessionRenewal
from shophub.api.permissions import PUBLIC
from shophub.api.rest import (
    accounts,
    admin_orders,
    analytics,
    analytics_export,
    audit_export,
    audit_log,
    carts,
    catalogue,
    checkouts,
    coupons,
    development,
    list_export,
    order_export,
    palette,
    people,
    pictures,
    product_export,
    product_import,
    products,
    reviews,
    search,
    settings,
    store,
    user,
    wishlist,
    work,
)
from shophub.api.rest import orders as rest_orders
from shophub.api.webhooks import stripe
from shophub.settings import get_settings

# Earlier routes win, and are found sooner: what is asked for most comes first.
ROUTERS = (
    catalogue.router,
    account_links.links,
    account_links.router,
    accept_invite.links,
    accept_invite.router,
    auth.router,
    docs.router,
    sign_in.router,
    account.router,
    orders.router,
    analytics_export.router,
    order_export.router,
    audit_export.router,
    list_export.router,
    palette.router,
    unsubscribe.router,
    accounts.router,
    analytics.router,
    audit_log.router,
    checkouts.router,
    carts.router,
    coupons.router,
    admin_orders.router,
    people.router,
    pictures.router,
    product_export.router,
    product_import.router,
    products.router,
    rest_orders.router,
    reviews.router,
    search.router,
    settings.router,
    store.router,
    stripe.router,
    user.router,
    wishlist.router,
    work.router,
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def create_api() -> FastAPI:
    """Return the application. The user interface is mounted behind its routes and answers for the rest."""
    app = FastAPI(
        title="ShopHub",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=openapi.PATH,
        generate_unique_id_function=_name_of,
    )
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign]
    for router in ROUTERS:
        app.include_router(router)
    if not get_settings().is_production:
        app.include_router(development.router)
    add_error_handlers(app)
    app.add_api_route(UNKNOWN, _unknown, methods=[*METHODS], include_in_schema=False, dependencies=[PUBLIC])
    unknown = app.router.routes[-1]
    assert isinstance(unknown, APIRoute)  # noqa: S101 - tells the type checker
    unknown.methods = set()  # any, also one that nobody has heard of
    metrics = Metrics()
    app.include_router(metrics_router(metrics))
    _surround(app, metrics)
    return app


def _surround(app: FastAPI, metrics: Metrics) -> None:
    """Put around the routes what stands around all of them, from the inside out."""
    app.add_middleware(RouteNames)
    app.add_middleware(Idempotency)
    app.add_middleware(KeptAnswers, answers=answers)
    app.add_middleware(MaintenanceGate)
    app.add_middleware(SessionRenewal)
    app.add_middleware(Readable)
    app.add_middleware(RequestGuard)
    app.add_middleware(Freshness)
    app.add_middleware(Compression)
    app.add_middleware(Throttle)
    app.add_middleware(RequestNames)
    app.add_middleware(ClientAddress, trusted_proxies=get_settings().trusted_proxies)
    app.add_middleware(KnownHosts, settings=get_settings())
    app.add_middleware(Measured, metrics=metrics)


def _name_of(route: APIRoute) -> str:
    """Return what an operation is called: as its function, which is what clients made from the description call it."""
    return route.name


async def _unknown(request: Request) -> JSONResponse:
    """Answer below ``/api`` for what no route took, so that the user interface does not answer with a page.

    A known path under another method is 405 with the methods it has.
    """
    allowed = [method for method in METHODS if method in _methods_at(request)]
    if allowed:
        sentence = f"{request.method} is not offered here."
        return error_answer(
            HTTPStatus.METHOD_NOT_ALLOWED, sentence, "method_not_allowed", None, {"Allow": ", ".join(allowed)}
        )
    return error_answer(HTTPStatus.NOT_FOUND, "There is nothing at this address.", "not_found")


def _methods_at(request: Request) -> set[str]:
    """Return the methods that a path has. One that a route names literally has that route's and no others.

    Else ``/api/cart/clear`` would be said to have those of ``/api/cart/{item_id}`` too.
    """
    routes = request.app.router.routes
    literal = [route for route in openapi.api_routes(routes) if route.path == request.scope["path"]]
    if literal:
        return {method for route in literal for method in route.methods or ()}
    others = [route for route in routes if getattr(route, "endpoint", None) is not _unknown]
    return {
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method, "path_params": {}})[0] is Match.FULL
            for route in others
            if getattr(route, "path", None) != ""  # the user interface, mounted at the root, matches everything
        )
    }
