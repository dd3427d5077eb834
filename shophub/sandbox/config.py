"""What a sandbox needs to know of the world around it."""

from dataclasses import dataclass
from pathlib import Path

# What a shop's webhook endpoint subscribes to at Stripe; the Events API lists the other types too.
DEFAULT_WEBHOOK_EVENTS = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.canceled",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)

# A wait after each failed delivery. Stripe retries for hours; a developer's machine is restarted within seconds.
DEFAULT_WEBHOOK_BACKOFF_SECONDS = (1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


@dataclass(frozen=True)
class SandboxConfig:
    """Where the sandboxes keep their state and whom they talk to.

    Attributes:
        database_url: PostgreSQL as psycopg understands it, ``postgresql://…``; tables go to the schema ``sandbox``.
        data_dir: Folder for files (uploaded pictures).
        webhook_url: Where signed Stripe events are posted; empty sends none.
        webhook_secret: The key they are signed with.
        base_path: The mount point as the browser sees it, a path or a whole address, without a slash at the end.
        stripe_secret_key: The only secret key that the Stripe sandbox accepts.
        stripe_publishable_key: The only publishable key that it accepts.
        cloudinary_cloud_name: The only cloud of the Cloudinary sandbox.
        cloudinary_api_key: The key its callers name.
        cloudinary_api_secret: What they sign with.
        resend_api_key: The only key that the Resend sandbox accepts.
        webhook_events: Event types that are delivered.
        webhook_backoff_seconds: The wait after the first, second, … failed delivery; after the last it gives up.
        webhook_timeout_seconds: How long an endpoint may take to answer.
    """

    database_url: str
    data_dir: Path
    webhook_url: str = ""
    webhook_secret: str = "whsec_sandbox"  # noqa: S105 - a published constant of the sandbox, no secret
    base_path: str = "/sandbox"
    stripe_secret_key: str = "sk_test_sandbox"  # noqa: S105 - likewise
    stripe_publishable_key: str = "pk_test_sandbox"
    cloudinary_cloud_name: str = "sandbox"
    cloudinary_api_key: str = "sandbox"
    cloudinary_api_secret: str = "sandbox_secret"  # noqa: S105 - likewise
    resend_api_key: str = "re_sandbox"
    webhook_events: tuple[str, ...] = DEFAULT_WEBHOOK_EVENTS
    webhook_backoff_seconds: tuple[float, ...] = DEFAULT_WEBHOOK_BACKOFF_SECONDS
    webhook_timeout_seconds: float = 20.0
