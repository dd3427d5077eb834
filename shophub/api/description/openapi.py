"""The description itself, made from the routes: what they take, give and refuse, so that it cannot drift from them."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shophub.api.dependencies import current_visitor, visitor_before
from shophub.api.description import headers
from shophub.api.description.links import add_links
from shophub.api.description.refusals import REFUSES, WEBHOOKS, Refusal, called_before, needs_of, refusals_of
from shophub.api.description.samples import sample_of
from shophub.api.description.subjects import SUBJECTS, Described, subject_of
from shophub.api.permissions import Requires
from shophub.domain.permissions import PERMISSIONS, Permission
from shophub.domain.statuses import Role
from shophub.schemas.api.base import ErrorOut
from shophub.settings import get_settings

PATH = "/api/openapi.json"
ERROR = "#/components/schemas/ErrorOut"
UNLIMITED = ("/api/health", "/api/webhooks/", "/metrics")
ABOUT = """The store for programs: the same services as behind its pages.

Amounts are integers in the smallest unit of the currency beside them (cents for USD, yen for JPY). Times are UTC.
Sign in at `/api/auth/signin` and send the `token` as `Authorization: Bearer`, or keep the session cookie; under a
cookie, what changes something needs an `Origin` of the store. Errors have one shape, with a stable `code`.
"""
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token of `/api/auth/signin`."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "shophub_session", "description": "What signing in sets."},
}
WHO = {
    None: "For everybody.",
    Role.CUSTOMER: "For everybody with an account.",
    Role.ADMIN: "For the staff.",
    Role.SUPER_ADMIN: "For those who run the store.",
}


def api_routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Give the routes below ``/api`` that are described, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from api_routes(included.routes)
        elif isinstance(route, APIRoute) and route.path.startswith("/api/") and route.include_in_schema:
            yield route


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description of an app's API, made once."""
    if app.openapi_schema is None:
        routes = list(api_routes(app.routes))
        found = get_openapi(
            title=f"{app.title} API", version=app.version, openapi_version="3.1.0", description=ABOUT, routes=routes,
            servers=[{"url": get_settings().public_url, "description": "This store."}],
        )  # fmt: skip
        components = found.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["ErrorOut"] = ErrorOut.model_json_schema()
        for schema in schemas.values():
            if "description" in schema:
                schema["description"] = _said(schema["description"])
        components["securitySchemes"] = SCHEMES
        operations = [
            Described(method, route, found["paths"][route.path_format][method.lower()])
            for route in routes
            for method in route.methods or ()
        ]
        for one in operations:
            _complete(one, schemas)
        add_links(operations)
        used = {tag for one in operations for tag in one.operation["tags"]}
        found["tags"] = [{"name": one.name, "description": one.about} for one in SUBJECTS if one.name in used]
        order = [one.name for one in SUBJECTS]
        found["paths"] = dict(sorted(found["paths"].items(), key=lambda pair: order.index(subject_of(pair[0]).name)))
        app.openapi_schema = found
    return app.openapi_schema


def _complete(one: Described, schemas: dict[str, Any]) -> None:
    """Add to an operation what its route asks for and refuses."""
    operation, route = one.operation, one.route
    operation.pop(REFUSES, None)
    needs = needs_of(route)
    _name(one, needs)
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    for status, alike in groupby(refusals_of(route), key=lambda refusal: refusal.status):
        responses[str(int(status))] = _refused(list(alike))
    parameters = operation.setdefault("parameters", [])
    if one.method == "POST" and not one.path.startswith(WEBHOOKS):
        parameters.append(headers.KEY)
    if one.method == "GET" and "200" in responses:
        parameters.append(headers.KNOWN)
        responses["304"] = {"description": "Nothing has changed since.", "headers": dict(headers.TAG)}
    for status, answer in responses.items():
        _complete_answer(one, status, answer, schemas)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _exemplify(content, schemas)
    operation["security"] = _security(needs, set(called_before(route.dependant)))


def _name(one: Described, needs: list[Requires]) -> None:
    """Say what an operation is called, what it is about, what it does and for whom."""
    text = _said(one.route.endpoint.__doc__ or "")
    who = WHO[None]
    for role in (Role.SUPER_ADMIN, Role.ADMIN, Role.CUSTOMER, None):
        if all(need.permission in PERMISSIONS[role] for need in needs):
            who = WHO[role]
    if any(need.step_up for need in needs):
        who += " The password or a code was entered within the last minutes: `/api/auth/step-up`."
    one.operation.update(
        operationId=one.route.name,
        tags=[subject_of(one.path).name],
        summary=re.split(r"[;:.](?: |$)", text)[0],
        description=f"{text}\n\n{who}",
    )


def _said(docstring: str) -> str:
    """Return what a docstring says to a reader who does not know the code behind it."""
    return " ".join(docstring.split("Raises:")[0].replace("``", "`").split())


def _security(needs: list[Requires], calls: set[Any]) -> list[dict[str, list[str]]]:
    """Return who has to be signed in: somebody, or nobody, or nobody although it makes a difference who asks."""
    if any(need.permission is not Permission.VISIT for need in needs):
        return SIGNED_IN
    return [{}, *SIGNED_IN] if {current_visitor, visitor_before} & calls else []


def _complete_answer(one: Described, status: str, answer: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Add to an answer its headers, what it is, and an example."""
    sent: dict[str, Any] = answer.setdefault("headers", {})
    sent |= headers.REQUEST_ID
    if not one.path.startswith(UNLIMITED):
        sent |= headers.LIMITS
    content = answer.get("content", {})
    for form in content.values():
        _exemplify(form, schemas)
    if not status.startswith("2"):
        return
    sent |= headers.KEPT
    if one.method == "GET":
        sent |= headers.TAG
    for form in content.values():
        schema = form.get("schema", {})
        refs = [part.get("$ref", "").rsplit("/", 1)[-1] for part in schema.get("anyOf", [schema])]
        about = [schemas[ref].get("description", "") for ref in refs if ref in schemas]
        answer["description"] = _said(" Or: ".join(filter(None, about))) or "Done."
    if not content:
        answer["description"] = "Done; there is nothing to say."


def _exemplify(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    schema = content.get("schema")
    if schema and not {"example", "examples"} & set(content):
        content["example"] = sample_of(schema, schemas)


def _refused(refusals: list[Refusal]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": " ".join(f"`{one.code}`: {one.meaning}" for one in refusals),
        "headers": {},
        "content": {
            "application/json": {
                "schema": {"$ref": ERROR},
                "examples": {
                    one.code: {"value": {"error": one.meaning, "code": one.code, "details": []}} for one in refusals
                },
            }
        },
    }
    if refusals[0].status in (429, 503):
        answer["headers"] |= headers.RETRY
    if refusals[0].status == 401:
        answer["headers"] |= headers.CHALLENGE
    return answer
