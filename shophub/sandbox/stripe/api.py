"""The protocol around every endpoint: keys, idempotency, faults, expansion, error objects, headers."""

import asyncio
import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Connection, Storage
from shophub.sandbox.stripe import expansion, faults
from shophub.sandbox.stripe.errors import ApiError, invalid
from shophub.sandbox.stripe.ids import new_id
from shophub.sandbox.stripe.params import Params, decode
from shophub.sandbox.stripe.views import client_view
from shophub.sandbox.stripe.work import API_VERSION, Call, Work

Handler = Callable[[Call], Awaitable[dict[str, Any]]]
_MAX_BODY = 1_000_000
_MAX_KEY = 255
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
# The first number of the advisory locks on idempotency keys; the second is the key's hash.
_IDEMPOTENCY_LOCK = 7215


@dataclass
class _Exchange:
    """One HTTP request on its way to an answer."""

    method: str
    path: str
    encoded: str
    headers: dict[str, str]
    request_id: str
    publishable: bool = False
    quiet: bool = False
    replayed_from: str | None = None

    @property
    def idempotency_key(self) -> str | None:
        """The client's key; only POST has one."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


class Api:
    """Turns handlers into HTTP endpoints."""

    def __init__(self, config: SandboxConfig, storage: Storage, on_commit: Callable[[], None]) -> None:
        """Serve ``config`` from ``storage``; ``on_commit`` is told after each request that may have made events."""
        self._config = config
        self._storage = storage
        self._on_commit = on_commit

    def endpoint(self, handler: Handler, *, publishable: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """Wrap a handler; ``publishable`` lets browsers call it with the publishable key."""

        async def respond(request: Request) -> Response:
            exchange = await _read(request)
            async with self._storage.transaction() as connection:
                fault = await faults.take(connection, exchange.method, exchange.path)
            if fault is not None:
                await asyncio.sleep(fault.delay_ms / 1000)
                if fault.status is not None and not fault.after_effect:
                    return _response(exchange, fault.status, fault.body(exchange.request_id))
            status, body = await self._handle(exchange, handler, dict(request.path_params), publishable)
            if exchange.method == "POST":
                self._on_commit()
            if fault is not None and fault.status is not None:
                return _response(exchange, fault.status, fault.body(exchange.request_id))
            return _response(exchange, status, body)

        return respond

    async def _handle(
        self, exchange: _Exchange, handler: Handler, path: dict[str, str], publishable: bool
    ) -> tuple[int, str]:
        try:
            if len(exchange.encoded) > _MAX_BODY:
                raise ApiError(413, "invalid_request_error", "The request body is too large.")
            values = decode(exchange.encoded)
            exchange.quiet = values.pop("_quiet", None) == "true"
            self._authenticate(exchange, values, allowed=publishable)
            _check_version(exchange)
            async with self._storage.transaction() as connection:
                return await self._run(connection, exchange, handler, Params(values), path)
        except ApiError as error:
            return error.status, _json(_refusal(error, exchange))

    async def _run(
        self, connection: Connection, exchange: _Exchange, handler: Handler, params: Params, path: dict[str, str]
    ) -> tuple[int, str]:
        """Run the handler once per idempotency key; its effects and the kept answer are one transaction."""
        key = exchange.idempotency_key
        fingerprint = hashlib.sha256(exchange.encoded.encode()).hexdigest()
        if key is not None and (kept := await _replay(connection, exchange, key, fingerprint)) is not None:
            return kept
        work = Work(connection, self._config, exchange.request_id, key)
        executed, refused = True, None
        try:
            async with connection.transaction():
                try:
                    status, body = 200, _json(await self._answer(work, handler, params, path, exchange.publishable))
                except ApiError as error:
                    if not error.keeps_effects:
                        raise
                    refused = error
        except ApiError as error:
            refused = error
        if refused is not None:
            executed = refused.executed
            status, body = refused.status, _json(_refusal(refused, exchange))
        if key is not None and executed:
            await connection.execute(
                "INSERT INTO sandbox.stripe_idempotency (key, request_id, path, fingerprint, status, body)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (key, exchange.request_id, exchange.path, fingerprint, status, body),
            )
        return status, body

    async def _answer(
        self, work: Work, handler: Handler, params: Params, path: dict[str, str], publishable: bool
    ) -> dict[str, Any]:
        wanted = params.strings("expand")
        for name in ("expand", "key", "_stripe_version"):
            params.values.pop(name, None)
        body = await handler(Call(work, params, path, publishable))
        return await expansion.expand(work.connection, body, wanted)

    def _authenticate(self, exchange: _Exchange, values: dict[str, Any], *, allowed: bool) -> None:
        """Accept the secret key, and where ``allowed`` the publishable one.

        Raises:
            ApiError: 401 without a key or with an unknown one, 403 for a browser where only servers may call.
        """
        key = _key(exchange.headers.get("authorization", ""), values)
        if not key:
            raise ApiError(
                401,
                "invalid_request_error",
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#"
                "authentication for details, or we can help at https://support.stripe.com/.",
            )
        if key == self._config.stripe_secret_key:
            return
        if key != self._config.stripe_publishable_key:
            shown = key[:8] + "*" * max(len(key) - 12, 0) + key[-4:]
            raise ApiError(401, "invalid_request_error", f"Invalid API Key provided: {shown}")
        if not allowed:
            raise ApiError(
                403,
                "invalid_request_error",
                "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a "
                "list of your API keys at https://dashboard.stripe.com/account/apikeys.",
                code="secret_key_required",
            )
        exchange.publishable = True


async def _read(request: Request) -> _Exchange:
    encoded = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else request.url.query
    path = request.scope["path"]
    path = path[path.index("/v1/") :] if "/v1/" in path else path
    return _Exchange(request.method, path, encoded, dict(request.headers), new_id("req"))


def _key(authorization: str, values: dict[str, Any]) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return unquote(b64decode(credentials, validate=True).decode().partition(":")[0])
        except ValueError:
            return ""
    key = values.get("key", "")
    return key if isinstance(key, str) else ""


def _check_version(exchange: _Exchange) -> None:
    version = exchange.headers.get("stripe-version", API_VERSION)
    if not _VERSION.fullmatch(version):
        raise invalid(f"Invalid Stripe API version: {version}")


async def _replay(connection: Connection, exchange: _Exchange, key: str, fingerprint: str) -> tuple[int, str] | None:
    """Return the answer kept for a key, or ``None`` and the key's lock until the transaction ends.

    Raises:
        ApiError: ``idempotency_error`` for a key used with another request; 409 while its request still runs.
    """
    if len(key) > _MAX_KEY:
        raise invalid(f"Idempotency-Key is too long: it may have up to {_MAX_KEY} characters.")
    cursor = await connection.execute(
        "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s)) AS locked", (_IDEMPOTENCY_LOCK, key)
    )
    row = await cursor.fetchone()
    if row is None or not row["locked"]:
        raise ApiError(
            409,
            "idempotency_error",
            "There is currently another in-progress request using this Idempotent Key (that probably means you "
            f"submitted twice, and the other request is still going through): {key}. Please try again later.",
            code="idempotency_key_in_use",
        )
    await connection.execute(
        "DELETE FROM sandbox.stripe_idempotency WHERE key = %s AND created_at < now() - interval '24 hours'", (key,)
    )
    cursor = await connection.execute("SELECT * FROM sandbox.stripe_idempotency WHERE key = %s", (key,))
    kept = await cursor.fetchone()
    if kept is None:
        return None
    advice = f"Try using a key other than '{key}' if you meant to execute a different request."
    if kept["path"] != exchange.path:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{exchange.path}' vs '{kept['path']}'). {advice}"
        )
        raise ApiError(400, "idempotency_error", message)
    if kept["fingerprint"] != fingerprint:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"{advice}"
        )
        raise ApiError(400, "idempotency_error", message)
    exchange.replayed_from = kept["request_id"]
    return kept["status"], kept["body"]


def _refusal(error: ApiError, exchange: _Exchange) -> dict[str, Any]:
    body = error.body(exchange.request_id)
    intent = body["error"].get("payment_intent")
    if exchange.publishable and intent is not None:
        body["error"]["payment_intent"] = client_view(intent)
    return body


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)


def _response(exchange: _Exchange, status: int, body: str) -> Response:
    if exchange.publishable and exchange.quiet and 400 <= status < 500:
        # stripe.js asks for it: browsers write every 4xx to the console, where a declined card is no fault.
        status = 200
    headers = {
        "Request-Id": exchange.request_id,
        "Stripe-Version": exchange.headers.get("stripe-version", API_VERSION),
        "Cache-Control": "no-cache, no-store",
        # A page on another port may load stripe.js; keys travel in the body, so no cookie is at stake.
        "Access-Control-Allow-Origin": "*",
    }
    if exchange.idempotency_key is not None:
        headers["Idempotency-Key"] = exchange.idempotency_key
    if exchange.replayed_from is not None:
        headers["Idempotent-Replayed"] = "true"
        headers["Original-Request"] = exchange.replayed_from
    elif exchange.idempotency_key is not None:
        headers["Original-Request"] = exchange.request_id
    if status == 409:
        headers["Stripe-Should-Retry"] = "true"
    return Response(body, status_code=status, headers=headers, media_type="application/json")
