"""The base of all errors and their families. Catch these at the doors."""


class ShopHubError(Exception):
    """Base of all errors that the shop raises on purpose."""

    code = "error"

    def __init__(self, message: str) -> None:
        """Keep ``message``, one sentence that may be shown to the person who caused it."""
        super().__init__(message)
        self.message = message


class InvalidInputError(ShopHubError):
    """What was sent cannot be accepted; ``fields`` says which field is wrong and how to mend it."""

    code = "invalid_data"

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        """Keep the message and, per field name, the sentence to show beside it."""
        super().__init__(message)
        self.fields: dict[str, str] = fields or {}


class NotFoundError(ShopHubError):
    """The thing does not exist, or is not the caller's to see."""

    code = "not_found"


class ConflictError(ShopHubError):
    """The thing exists, but its present state does not allow the step."""

    code = "conflict"


class ForbiddenError(ShopHubError):
    """The caller is known and may not do this."""

    code = "forbidden"


class StepUpRequiredError(ForbiddenError):
    """Password or code have to be entered again first: the last time is too long ago."""

    code = "step_up_required"


class TwoFactorRequiredError(ForbiddenError):
    """The store requires a second factor of its staff, and this account has none."""

    code = "two_factor_required"


class UnauthenticatedError(ShopHubError):
    """The caller must sign in first."""

    code = "unauthenticated"


class ThrottledError(ShopHubError):
    """Too many tries; ``retry_after_seconds`` says when the next one is heard."""

    code = "too_many_requests"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        """Keep the waiting time in whole seconds."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ProviderError(ShopHubError):
    """A vendor (Stripe, Cloudinary, Resend) refused or could not be reached."""

    code = "provider_unavailable"

    def __init__(self, message: str, *, retryable: bool, provider_code: str | None = None) -> None:
        """Say whether the same call may go through later."""
        super().__init__(message)
        self.retryable = retryable
        self.provider_code = provider_code


class UnavailableError(ShopHubError):
    """The database could not be asked, or its last answer was lost; the same call may be made again."""

    code = "unavailable"


class BusyError(UnavailableError):
    """More are waiting for the same costly thing than can be served soon; a moment later there is room."""

    code = "busy"


class ConfigurationError(ShopHubError):
    """The environment is not complete or not safe; the message says which setting and what to do."""

    code = "configuration"


class IdempotencyKeyReusedError(ConflictError):
    """The key was used with another body."""

    code = "idempotency_key_reused"


class IdempotencyInProgressError(ConflictError):
    """The first request under the key is not done; ``retry_after_seconds`` says when to ask again."""

    code = "idempotency_in_progress"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        """Keep the waiting time in whole seconds."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
