"""The operations of the API, read from its description, and requests for them made from their own examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute

from shophub.api.app import create_api
from shophub.api.description.openapi import api_routes
from shophub.api.description.refusals import REFUSES, refusals_of
from shophub.api.description.samples import sample_of
from shophub.api.permissions import Requires
from shophub.domain.permissions import may
from shophub.domain.statuses import Role

UNKNOWN = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"


@dataclass(frozen=True)
class Operation:
    """One of them: its name as tests say it, what the description says of it, and its route."""

    name: str
    route: APIRoute
    described: dict[str, Any]
    schemas: dict[str, Any]

    @property
    def method(self) -> str:
        """Return GET, POST and so on."""
        return self.name.split(" ")[0]

    @property
    def common(self) -> set[str]:
        """Return the codes that it shares with others: those which it does not name itself."""
        own = {refusal.code for refusal in (self.route.openapi_extra or {}).get(REFUSES, [])}
        return {refusal.code for refusal in refusals_of(self.route)} - own

    @property
    def path(self) -> str:
        """Return the path of something that does not exist."""
        path = self.route.path_format
        for parameter in self.parameters("path"):
            is_id = parameter["schema"].get("format") == "uuid"
            path = path.replace(f"{{{parameter['name']}}}", UNKNOWN if is_id else "nothing-of-the-kind")
        return path

    @property
    def query(self) -> dict[str, Any]:
        """Return what has to be in the address."""
        needed = [parameter for parameter in self.parameters("query") if parameter["required"]]
        return {one["name"]: sample_of(one["schema"], self.schemas, one["name"]) for one in needed}

    @property
    def body(self) -> dict[str, Any]:
        """Return the body of the description's example as arguments of a request."""
        for kind, content in self.described.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                examples = [one["value"] for one in content.get("examples", {}).values()]
                return {"json": content.get("example", examples[0] if examples else {})}
            return {"files": {"file": ("x.txt", b"x")}}
        return {}

    def parameters(self, place: str) -> list[dict[str, Any]]:
        """Return the parameters of a path, query or header."""
        return [one for one in self.described.get("parameters", []) if one["in"] == place]

    def needs(self) -> list[Requires]:
        """Return what its route asks for."""

        def asked(dependant: Any) -> Iterator[Requires]:
            if isinstance(dependant.call, Requires):
                yield dependant.call
            for one in dependant.dependencies:
                yield from asked(one)

        return list(asked(self.route.dependant))

    def is_for(self, role: Role | None) -> bool:
        """Say whether a role may use it."""
        return all(may(role, need.permission) for need in self.needs())


def all_operations() -> list[Operation]:
    """Return every operation that is described."""
    app = create_api()
    description = app.openapi()
    schemas = description["components"]["schemas"]
    return [
        Operation(
            f"{method} {route.path_format}", route, description["paths"][route.path_format][method.lower()], schemas
        )
        for route in api_routes(app.routes)
        for method in sorted(route.methods or ())
    ]
