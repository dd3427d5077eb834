"""The addresses of the Resend sandbox: ``/emails``, ``/emails/batch``, ``/emails/{id}`` and the test control."""

import hmac
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.faults import Faults
from shophub.sandbox.resend.errors import ResendError, invalid_field, ordered_failure
from shophub.sandbox.resend.message import parse_message
from shophub.sandbox.resend.outbox import Outbox, StoredEmail
from shophub.sandbox.storage import Storage

MAX_BODY = 40 * 1024 * 1024
MAX_BATCH = 100
MAX_KEY = 256
Endpoint = Callable[[Request], Awaitable[dict[str, object]]]


class EmailApi:
    """Resend's API as the official client calls it."""

    def __init__(self, config: SandboxConfig, outbox: Outbox, faults: Faults) -> None:
        """Accept the key of ``config`` alone."""
        self._api_key = config.resend_api_key
        self._outbox = outbox
        self._faults = faults

    def guarded(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Wrap an endpoint: key, ordered failures, and errors in Resend's shape."""

        async def answer(request: Request) -> Response:
            try:
                self._check_key(request)
                fault = await self._faults.take()
                if fault.before:
                    raise ordered_failure(fault.status)
                body = await endpoint(request)
                if fault.after:
                    raise ordered_failure(fault.status)
            except ResendError as error:
                return error.response()
            return JSONResponse(body)

        return answer

    async def send(self, request: Request) -> dict[str, object]:
        """Take one message in."""
        key, body = _idempotency_key(request), await _json(request)
        ids = await self._outbox.send([parse_message(body)], key=key, body=body)
        return {"id": ids[0]}

    async def send_batch(self, request: Request) -> dict[str, object]:
        """Take up to 100 messages in, all or none."""
        key, body = _idempotency_key(request), await _json(request)
        if not isinstance(body, list) or not 1 <= len(body) <= MAX_BATCH:
            raise invalid_field(f"The batch must be an array of 1 to {MAX_BATCH} emails.")
        ids = await self._outbox.send([parse_message(item) for item in body], key=key, body=body)
        return {"data": [{"id": message_id} for message_id in ids]}

    async def get(self, request: Request) -> dict[str, object]:
        """Give one message out."""
        email = await self._outbox.find(request.path_params["id"])
        if email is None:
            raise ResendError(404, "not_found", "Email not found")
        return _email_object(email)

    async def list_emails(self, request: Request) -> dict[str, object]:
        """Give the newest messages out, without their contents."""
        wanted = request.query_params.get("limit", "20")
        if not (wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:4]) <= 100):
            raise invalid_field("The `limit` must be between 1 and 100.")
        emails, total = await self._outbox.list_newest(limit=int(wanted))
        hidden = {"object", "html", "text", "tags", "headers"}
        data = [{k: v for k, v in _email_object(email).items() if k not in hidden} for email in emails]
        return {"object": "list", "has_more": total > len(emails), "data": data}

    def _check_key(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise ResendError(401, "missing_api_key", "Missing API key in the authorization header.")
        if not hmac.compare_digest(key.encode(), self._api_key.encode()):
            raise ResendError(403, "invalid_api_key", "API key is invalid")


def resend_routes(config: SandboxConfig, storage: Storage) -> list[Route]:
    """Return the routes, relative to where the sandbox is mounted."""
    faults = Faults(storage, "resend")
    api = EmailApi(config, Outbox(storage), faults)
    return [
        Route("/_test/fail", faults.handle, methods=["POST"]),
        Route("/emails", api.guarded(api.send), methods=["POST"]),
        Route("/emails", api.guarded(api.list_emails), methods=["GET"]),
        Route("/emails/batch", api.guarded(api.send_batch), methods=["POST"]),
        Route("/emails/{id}", api.guarded(api.get), methods=["GET"]),
    ]


async def _json(request: Request) -> object:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ResendError(413, "validation_error", "The request body is larger than 40 MB.")
    try:
        parsed: object = json.loads(bytes(body))
    except (ValueError, RecursionError) as error:
        raise ResendError(400, "validation_error", "The request body is not valid JSON.") from error
    return parsed


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_KEY:
        raise ResendError(400, "invalid_idempotency_key", f"The key must be between 1-{MAX_KEY} chars.")
    return key


def _email_object(email: StoredEmail) -> dict[str, object]:
    return {
        "object": "email",
        "id": str(email.id),
        "message_id": f"<{email.id}@sandbox.resend.dev>",
        "to": list(email.to),
        "from": email.sender,
        "created_at": email.created_at.isoformat(sep=" "),
        "subject": email.subject,
        "html": email.html,
        "text": email.text,
        "bcc": list(email.bcc),
        "cc": list(email.cc),
        "reply_to": list(email.reply_to),
        "last_event": "delivered",
        "scheduled_at": None,
        "tags": list(email.tags),
        "headers": email.headers,
    }
