"""What a browser may see of an object."""

from typing import Any

# What a holder of the client secret may see.
_CLIENT_FIELDS = (
    "id",
    "object",
    "amount",
    "amount_details",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_configuration_details",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
)


def client_view(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a browser gets; metadata and charges stay on the server's side."""
    return {name: body[name] for name in _CLIENT_FIELDS}
