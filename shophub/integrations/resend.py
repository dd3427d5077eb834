"""Resend: sends the shop's e-mails, through the official client."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import resend
import resend.exceptions

from shophub.errors import ProviderError
from shophub.settings import get_settings

TIMEOUT_SECONDS = 20
_REAL_API = "https://api.resend.com"
_INVALID = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_INVALID_SENDER = "invalid_from_address"  # a setting of the shop, and not the message's fault
_OTHER_CONTENT = "invalid_idempotent_request"
_HTTP_CLIENT = resend.RequestsClient(timeout=TIMEOUT_SECONDS)


async def send_email(
    *,
    to: str | Sequence[str],
    subject: str,
    html: str,
    text: str,
    idempotency_key: str,
    headers: Mapping[str, str] | None = None,
    reply_to: str | None = None,
) -> str:
    """Hand one message over and return Resend's id of it.

    A repeated call with the same ``idempotency_key`` and content within 24 hours sends nothing again and returns the
    first id: https://resend.com/docs/dashboard/emails/idempotency-keys.

    Raises:
        ProviderError: Refused or out of reach; ``retryable`` unless the message itself is at fault.
    """
    _configure()
    params: resend.Emails.SendParams = {
        "from": get_settings().email_from,
        "to": [to] if isinstance(to, str) else list(to),
        "subject": subject,
        "html": html,
        "text": text,
    }
    if headers:
        params["headers"] = dict(headers)
    if reply_to:
        params["reply_to"] = reply_to
    try:
        sent = await asyncio.to_thread(resend.Emails.send, params, {"idempotency_key": idempotency_key})
    except resend.exceptions.ResendError as error:
        raise _translated(error) from error
    except resend.exceptions.NoContentError as error:
        raise ProviderError("E-mail cannot be sent right now.", retryable=True) from error
    return str(sent["id"])


def _configure() -> None:
    """Give the client, which keeps its settings in its module, ours; the key stays inside it."""
    settings = get_settings()
    resend.api_key = settings.resend_api_key.get_secret_value()
    resend.api_url = settings.resend_api_url or _REAL_API
    resend.default_http_client = _HTTP_CLIENT


def _translated(error: resend.exceptions.ResendError) -> ProviderError:
    """Return our error; Resend's sentence can quote addresses, so only its word for the kind is kept."""
    status = int(error.code) if str(error.code).isdigit() else HTTPStatus.INTERNAL_SERVER_ERROR
    kind = str(error.error_type)
    # All else can heal without another message: a new API key, a domain that is verified again, a quota that is raised.
    is_final = kind == _OTHER_CONTENT or (status in _INVALID and kind != _INVALID_SENDER)
    return ProviderError("E-mail cannot be sent right now.", retryable=not is_final, provider_code=kind)
