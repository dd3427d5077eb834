"""What the shop knows of Stripe's objects: small frozen values, read from what the SDK returns."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stripe import StripeObject

from shophub.errors import ConflictError


@dataclass(frozen=True)
class StripePaymentIntent:
    """A PaymentIntent as Stripe reports it; amounts in minor units of ``currency`` (upper case)."""

    id: str
    client_secret: str
    status: str
    amount_minor: int
    amount_received_minor: int
    currency: str
    metadata: dict[str, str]
    latest_charge_id: str | None
    last_error_code: str | None
    last_error_message: str | None
    livemode: bool
    created_at: datetime


@dataclass(frozen=True)
class StripeRefund:
    """A refund as Stripe reports it; ``status`` is pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent_id: str | None
    failure_reason: str | None
    metadata: dict[str, str]
    created_at: datetime


@dataclass(frozen=True)
class StripeDispute:
    """A dispute as Stripe reports it; ``status`` ends as won, lost or warning_closed."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent_id: str | None
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class StripeEvent:
    """A verified event; ``payload`` is the whole of it as sent, for the record."""

    id: str
    type: str
    created_at: datetime
    livemode: bool
    object_id: str
    object_type: str
    payment_intent_id: str | None
    payload: dict[str, Any]

    @property
    def store_id(self) -> str:
        """Return the store that the event's object names in its metadata, nothing where it names none."""
        metadata = self.payload["data"]["object"].get("metadata")
        return str(metadata.get("store_id", "")) if isinstance(metadata, dict) else ""


class PaymentIntentStateError(ConflictError):
    """Stripe refuses the step because of the intent's status; ``intent`` is how it stands now."""

    code = "payment_in_progress"

    def __init__(self, message: str, intent: StripePaymentIntent) -> None:
        """Keep the intent as Stripe sent it with the refusal."""
        super().__init__(message)
        self.intent = intent


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _id_of(value: Any) -> str | None:
    """Return the id of a field that may be expanded."""
    if value is None or isinstance(value, str):
        return value
    return str(value["id"])


def plain(thing: StripeObject) -> dict[str, Any]:
    """Return an SDK object as plain dicts."""
    return thing.to_dict()


def intent_of(body: dict[str, Any]) -> StripePaymentIntent:
    """Read a PaymentIntent; ``last_error_code`` is the bank's decline code where there is one."""
    error = body.get("last_payment_error") or {}
    return StripePaymentIntent(
        id=body["id"],
        client_secret=body["client_secret"],
        status=body["status"],
        amount_minor=body["amount"],
        amount_received_minor=body["amount_received"],
        currency=body["currency"].upper(),
        metadata=dict(body["metadata"]),
        latest_charge_id=_id_of(body.get("latest_charge")),
        last_error_code=error.get("decline_code") or error.get("code"),
        last_error_message=error.get("message"),
        livemode=body["livemode"],
        created_at=_at(body["created"]),
    )


def refund_of(body: dict[str, Any]) -> StripeRefund:
    """Read a refund."""
    return StripeRefund(
        id=body["id"],
        status=body["status"],
        amount_minor=body["amount"],
        currency=body["currency"].upper(),
        payment_intent_id=_id_of(body.get("payment_intent")),
        failure_reason=body.get("failure_reason"),
        metadata=dict(body.get("metadata") or {}),
        created_at=_at(body["created"]),
    )


def dispute_of(body: dict[str, Any]) -> StripeDispute:
    """Read a dispute."""
    return StripeDispute(
        id=body["id"],
        status=body["status"],
        amount_minor=body["amount"],
        currency=body["currency"].upper(),
        payment_intent_id=_id_of(body.get("payment_intent")),
        reason=body.get("reason") or "",
        created_at=_at(body["created"]),
    )


def event_of(body: dict[str, Any]) -> StripeEvent:
    """Read an event; of any object it notes the id and the PaymentIntent it belongs to.

    Raises:
        KeyError: The body is no event.
    """
    thing = body["data"]["object"]
    is_intent = thing["object"] == "payment_intent"
    return StripeEvent(
        id=body["id"],
        type=body["type"],
        created_at=_at(body["created"]),
        livemode=body["livemode"],
        object_id=thing.get("id", ""),
        object_type=thing["object"],
        payment_intent_id=thing["id"] if is_intent else _id_of(thing.get("payment_intent")),
        payload=body,
    )
