"""Which route will take a request, asked before it is routed."""

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from shophub.api.frame import UNKNOWN


def route_for(scope: Scope) -> APIRoute | None:
    """Return the route that takes a request of the API; None where there is none of that path or method."""
    found = _first(scope["app"].router.routes, scope)
    return None if found is None or found.path == UNKNOWN else found


def _first(routes: Iterable[BaseRoute], scope: Scope) -> APIRoute | None:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            found = _first(included.routes, scope)
            if found is not None:
                return found
        elif isinstance(route, APIRoute) and route.matches({**scope, "path_params": {}})[0] is Match.FULL:
            return route
    return None
