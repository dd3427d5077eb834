"""Refusals in the shape of Resend's errors (https://resend.com/docs/api-reference/errors)."""

from starlette.responses import JSONResponse

_NAMES = {
    400: "validation_error",
    401: "restricted_api_key",
    403: "invalid_api_key",
    404: "not_found",
    405: "method_not_allowed",
    409: "concurrent_idempotent_requests",
    422: "validation_error",
    429: "rate_limit_exceeded",
    451: "security_error",
    500: "internal_server_error",
    503: "application_error",
}


class ResendError(Exception):
    """A request is refused with ``status``; ``name`` is Resend's word for the kind."""

    def __init__(self, status: int, name: str, message: str) -> None:
        """Keep what the body will say."""
        super().__init__(message)
        self.status = status
        self.name = name
        self.message = message

    def response(self) -> JSONResponse:
        """Return the answer as Resend words it."""
        body = {"statusCode": self.status, "message": self.message, "name": self.name}
        headers = {"retry-after": "1"} if self.status == 429 else {}
        return JSONResponse(body, self.status, headers)


def ordered_failure(status: int) -> ResendError:
    """Return the failure that a test ordered."""
    messages = {
        429: "Too many requests. You can only make 2 requests per second.",
        500: "An unexpected error occurred.",
    }
    name = _NAMES.get(status, "application_error")
    return ResendError(status, name, messages.get(status, "This request was made to fail."))


def missing_field(field: str) -> ResendError:
    """Return the refusal of a body without ``field``."""
    return ResendError(422, "missing_required_field", f"Missing `{field}` field.")


def invalid_field(message: str) -> ResendError:
    """Return the refusal of a field's value."""
    return ResendError(422, "validation_error", message)
