"""A program that uses the API, and believes its description: every answer is held against it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import jsonschema_rs

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import sessions
from tests.factories import make_user


@dataclass
class Caller:
    """Somebody with a network address, perhaps with an account, who sends requests."""

    client: httpx.AsyncClient
    description: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    user_id: UUID | None = None
    email: str = ""

    async def answers(self, operation: str, status: int = 200, *, at: str = "", **request: Any) -> Any:
        """Send what succeeds, and return the body of the answer, which is as the description says.

        ``operation`` is the method and the path as the description has it; ``at`` is the real path where it has names.
        """
        answer = await self.send(operation, at=at, **request)
        assert answer.status_code == status, answer.text
        self.hold_against_description(operation, answer)
        return answer.json() if answer.content else None

    async def refuses(self, operation: str, code: str, *, at: str = "", **request: Any) -> dict[str, Any]:
        """Send what is refused with a code that the description names; return the error."""
        answer = await self.send(operation, at=at, **request)
        assert answer.status_code >= 400, answer.text
        error: dict[str, Any] = answer.json()
        assert (set(error), error["code"]) == ({"error", "code", "details"}, code), error
        self.hold_against_description(operation, answer)
        return error

    async def send(self, operation: str, *, at: str = "", **request: Any) -> httpx.Response:
        """Send a request and return whatever comes."""
        method, _, path = operation.partition(" ")
        headers = {**self.headers, **request.pop("headers", {})}
        return await self.client.request(method, at or path, headers=headers, **request)

    def hold_against_description(self, operation: str, answer: httpx.Response) -> None:
        """Fail where an answer's status, code or body is not as described."""
        method, _, path = operation.partition(" ")
        responses = self.description["paths"][path][method.lower()]["responses"]
        assert str(answer.status_code) in responses, f"{operation}: {answer.status_code} is not described"
        content = responses[str(answer.status_code)].get("content", {}).get("application/json")
        if answer.status_code >= 400:
            assert answer.json()["code"] in content["examples"], f"{operation}: {answer.text}"
        if content is not None and content.get("schema"):
            _validator(id(self.description), operation, str(answer.status_code), _Held(self.description)).validate(
                answer.json()
            )


class _Held:
    """A description on its way through a cache."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.description = description

    def __hash__(self) -> int:
        return id(self.description)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.description is self.description


@cache
def _validator(_: int, operation: str, status: str, held: _Held) -> Any:
    method, _, path = operation.partition(" ")
    content = held.description["paths"][path][method.lower()]["responses"][status]["content"]
    schema = {**content["application/json"]["schema"], "components": held.description["components"]}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


async def sign_in(guest: Caller, role: Role = Role.CUSTOMER, **more: Any) -> Caller:
    """Return a caller with an account of its own, known by a bearer token; the password was entered just now."""
    async with transaction() as session:
        user = await make_user(session, role=role, **more)
        token = await sessions.start(session, user.id)
    headers = {**guest.headers, "Authorization": f"Bearer {token}"}
    return Caller(guest.client, guest.description, headers, user.id, user.email)
