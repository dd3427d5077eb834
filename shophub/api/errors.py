"""Errors as programs see them: the family decides the status, the shape is always the same."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shophub.api.bare_pages import unreachable_page, wants_page
from shophub.errors import (
    CheckoutChangedError,
    ConfigurationError,
    ConflictError,
    ForbiddenError,
    IdempotencyInProgressError,
    InsufficientStockError,
    InvalidInputError,
    NotFoundError,
    ProviderError,
    ShopHubError,
    ThrottledError,
    UnauthenticatedError,
    UnavailableError,
)

STATUS_OF_FAMILY: dict[type[ShopHubError], HTTPStatus] = {
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    ProviderError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    ConfigurationError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_data",
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}


def error_answer(
    status: int,
    sentence: str,
    code: str,
    details: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return an error in the shape of every error: a sentence, a code, and details that may be empty."""
    body = {"error": sentence, "code": code, "details": details or []}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **(headers or {})})


def status_of(error: ShopHubError) -> HTTPStatus:
    """Return the HTTP status of an error's family."""
    for family, status in STATUS_OF_FAMILY.items():
        if isinstance(error, family):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def answer_of(error: ShopHubError) -> JSONResponse:
    """Return the answer for an error that the shop raised on purpose."""
    headers: dict[str, str] = {}
    if isinstance(error, ThrottledError | IdempotencyInProgressError):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = 'Bearer realm="shophub"'
    return error_answer(status_of(error), error.message, error.code, _details(error), headers)


def _details(error: ShopHubError) -> list[dict[str, Any]]:
    if isinstance(error, InsufficientStockError):
        return [{"variantId": error.variant_id, "available": error.available}]
    if isinstance(error, CheckoutChangedError):
        return [{"message": change} for change in error.changes]
    if isinstance(error, InvalidInputError):
        return [{"field": _on_the_wire(field), "message": sentence} for field, sentence in error.fields.items()]
    return []


def _on_the_wire(field: str) -> str:
    """Return a field's name as programs send it: ``zip_code`` is ``zipCode``."""
    return re.sub(r"_([a-z0-9])", lambda letter: letter[1].upper(), field)


def add_error_handlers(app: FastAPI) -> None:
    """Map every error to the shop's shape. What nobody foresaw is caught by ``RequestGuard``."""

    @app.exception_handler(ShopHubError)
    async def shop_error(request: Request, error: ShopHubError) -> Response:
        if isinstance(error, ProviderError | UnavailableError) and wants_page(request.scope):
            return unreachable_page(request.scope)
        answer = answer_of(error)
        if isinstance(error, ProviderError | UnavailableError) and request.url.path.startswith("/api/webhooks/"):
            answer.status_code = HTTPStatus.INTERNAL_SERVER_ERROR  # what makes a provider send its event again
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
        # The values themselves are left out: one of them may be a password. A name may be one that nothing can write.
        details = [
            {
                "field": ".".join(str(part) for part in problem["loc"][1:]).encode(errors="replace").decode(),
                "message": problem["msg"],
            }
            for problem in error.errors()
        ]
        return error_answer(HTTPStatus.BAD_REQUEST, "Some of the data is not valid.", "invalid_data", details)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        return error_answer(
            status,
            f"{status.phrase}.",
            _CODES.get(status, status.phrase.lower().replace(" ", "_")),
            None,
            error.headers,
        )
