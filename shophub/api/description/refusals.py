"""What a route may refuse. Each route names its own cases; what all of them share is read from what they ask for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shophub.api.dependencies import (
    SAFE_METHODS,
    CrossOriginError,
    current_visitor,
    require_same_origin,
    visitor_before,
)
from shophub.api.errors import STATUS_OF_FAMILY
from shophub.api.maintenance import HEALTH, stays_open
from shophub.api.permissions import Requires
from shophub.domain.permissions import STAFF_ONLY, Permission
from shophub.errors import ShopHubError

# Key of a route's ``openapi_extra``; taken out again before the description is sent.
REFUSES = "x-shophub-refuses"
WEBHOOKS = "/api/webhooks/"


@dataclass(frozen=True, order=True)
class Refusal:
    """An error that a route may answer with: its status and stable code, and what it means."""

    status: int
    code: str
    meaning: str


def refuses(*errors: type[ShopHubError]) -> dict[str, Any]:
    """Return the ``openapi_extra`` of a route that raises these, beside what every route of its kind may answer."""
    return {REFUSES: [_refusal(error) for error in errors]}


def refusals_of(route: APIRoute) -> list[Refusal]:
    """Return everything that a route may answer besides success, without duplicates, by status."""
    own = (route.openapi_extra or {}).get(REFUSES, [])
    found = {*own, *_common(route)}
    if route.path.startswith(WEBHOOKS):  # as ``api/errors.py`` answers there
        found = {_sent_again(refusal) for refusal in found}
    return sorted(found)


def _sent_again(refusal: Refusal) -> Refusal:
    if refusal.status != HTTPStatus.SERVICE_UNAVAILABLE:
        return refusal
    return replace(refusal, status=int(HTTPStatus.INTERNAL_SERVER_ERROR))


def _refusal(error: type[ShopHubError]) -> Refusal:
    status = next(status for family, status in STATUS_OF_FAMILY.items() if issubclass(error, family))
    meaning = (error.__doc__ or "").split("\n")[0]
    return Refusal(int(status), error.code, meaning)


def called_before(dependant: Dependant) -> Iterator[Any]:
    """Give everything that is called before a route."""
    yield dependant.call
    for one in dependant.dependencies:
        yield from called_before(one)


def needs_of(route: APIRoute) -> list[Requires]:
    """Return what a route asks of its caller."""
    return [call for call in called_before(route.dependant) if isinstance(call, Requires)]


def _reads_address(dependant: Dependant) -> bool:
    of_its_own = bool(dependant.path_params or dependant.query_params)
    return of_its_own or any(_reads_address(one) for one in dependant.dependencies)


def _common(route: APIRoute) -> Iterator[Refusal]:
    calls = list(called_before(route.dependant))
    needs = needs_of(route)
    asked = [need.permission for need in needs if need.permission is not Permission.VISIT]
    unsafe = bool((route.methods or set()) - SAFE_METHODS)
    takes_key = "POST" in (route.methods or set()) and not route.path.startswith(WEBHOOKS)
    if _reads_address(route.dependant) or unsafe:
        yield Refusal(HTTPStatus.BAD_REQUEST, "invalid_data", "Some of the data is not valid; details name the fields.")
    if asked:
        yield Refusal(HTTPStatus.UNAUTHORIZED, "unauthenticated", "Nobody is signed in, or the token is over.")
    elif current_visitor in calls or visitor_before in calls:
        yield Refusal(HTTPStatus.UNAUTHORIZED, "unauthenticated", "The bearer token is not valid any more.")
    if any(permission in STAFF_ONLY for permission in asked):
        yield Refusal(HTTPStatus.FORBIDDEN, "forbidden", "The account's role may not do this.")
        yield Refusal(HTTPStatus.FORBIDDEN, "two_factor_required", "The store asks its staff for a second factor.")
    if any(need.step_up for need in needs):
        yield Refusal(HTTPStatus.FORBIDDEN, "step_up_required", "Enter password or code at /api/auth/step-up first.")
    if unsafe and require_same_origin in calls:
        yield Refusal(HTTPStatus.FORBIDDEN, CrossOriginError.code, "A cookie, and nothing shows that we sent it.")
    if takes_key:
        yield Refusal(HTTPStatus.CONFLICT, "idempotency_key_reused", "The key was used with another body.")
        yield Refusal(HTTPStatus.CONFLICT, "idempotency_in_progress", "The first request under the key is not done.")
    if unsafe:
        yield Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The body is larger than is taken.")
    if not route.path.startswith(WEBHOOKS) and route.path != "/api/health":
        yield Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Wait as long as Retry-After says.")
    if route.path not in HEALTH:
        yield Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The shop cannot answer right now; try again.")
    if not stays_open(route.path):
        yield Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "maintenance", "The store is closed for a while.")
