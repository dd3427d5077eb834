"""What is kept of a provider's event: enough to see what happened, nothing of who it happened to."""

from typing import Any

from shophub.lib.plain_text import plain_text

# Fields of Stripe's objects that hold names, addresses and the like, wherever in the event they stand.
PERSONAL = frozenset(
    {
        "billing_details",
        "customer_details",
        "customer_email",
        "evidence",
        "payment_method_details",
        "receipt_email",
        "shipping",
        "shipping_details",
        "client_secret",
    }
)


def without_persons(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the event without personal fields, secrets, and characters that no column can hold."""
    kept: dict[str, Any] = _kept(payload)
    return kept


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {plain_text(name): _kept(part) for name, part in value.items() if name not in PERSONAL}
    if isinstance(value, list):
        return [_kept(part) for part in value]
    return plain_text(value) if isinstance(value, str) else value
