"""Refusals, in the shape of Stripe's error object (https://docs.stripe.com/api/errors)."""

from typing import Any


class ApiError(Exception):
    """A request is refused.

    Attributes:
        status: HTTP status.
        executed: The endpoint had begun to work, so the answer is kept for its idempotency key. Refusals of
            parameters are not kept: the same key may be used again with the mended request.
        keeps_effects: What the request did before it was refused stays, such as a declined charge.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
        keeps_effects: bool = False,
        **details: Any,
    ) -> None:
        """Describe the refusal; ``details`` (``decline_code``, ``payment_intent``, …) join the error object."""
        super().__init__(message)
        self.status = status
        self.executed = executed
        self.keeps_effects = keeps_effects
        self._fields: dict[str, Any] = {"code": code, "message": message, "param": param, **details, "type": kind}

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the JSON body; fields without a value are left out, as Stripe does."""
        error = {name: value for name, value in self._fields.items() if value is not None}
        if "code" in error:
            error["doc_url"] = "https://stripe.com/docs/error-codes/" + str(error["code"]).replace("_", "-")
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": dict(sorted(error.items()))}


def invalid(message: str, *, code: str | None = None, param: str | None = None, **details: Any) -> ApiError:
    """Return a 400 for parameters that cannot be accepted."""
    return ApiError(400, "invalid_request_error", message, code=code, param=param, **details)


def missing(kind: str, object_id: str, param: str = "id") -> ApiError:
    """Return the 404 (400 in the path of another object) for an id that is not known."""
    return ApiError(
        404, "invalid_request_error", f"No such {kind}: '{object_id}'", code="resource_missing", param=param
    )


def unexpected_state(message: str, intent: dict[str, Any]) -> ApiError:
    """Return the 400 for a step that the PaymentIntent's status does not allow; it carries the intent."""
    return ApiError(
        400,
        "invalid_request_error",
        message,
        code="payment_intent_unexpected_state",
        executed=True,
        payment_intent=intent,
    )
