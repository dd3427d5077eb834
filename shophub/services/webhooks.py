"""Reading what a vendor sends us, before anything is believed."""

from shophub.integrations.stripe import StripeEvent, parse_event


def read_event(body: bytes, signature: str | None) -> StripeEvent:
    """Return the event in ``body``, once its signature has been checked over the raw bytes.

    Raises:
        InvalidWebhookError: The signature is missing, wrong, or older than 300 seconds.
    """
    return parse_event(body, signature)
