"""Sending an e-mail: read what it is about, render it, hand it to Resend. At least once, practically once."""

from uuid import UUID

import structlog

from shophub.db import transaction
from shophub.domain.statuses import AlertKind
from shophub.errors import ProviderError, ShopHubError
from shophub.integrations import resend
from shophub.services.alerts import raise_alert
from shophub.services.emails.outbox import EmailKind
from shophub.services.letters.parts import Letter
from shophub.services.letters.writing import write

log = structlog.get_logger(__name__)
# The key was used with other content: the message went out before something about it changed.
_SENT_BEFORE = "invalid_idempotent_request"


async def send_email(kind: EmailKind, subject_id: UUID, recipient_id: UUID | None = None) -> None:
    """Send one e-mail about the thing with that id, as it is now. Any number of calls within a day send it once.

    What no longer makes sense is not sent: a link that was used, an account that was erased, a cart that was bought.
    ``recipient_id`` is the account that gets it, where the subject alone does not tell.

    Raises:
        NotFoundError: The thing does not exist.
        ProviderError: Resend refused or cannot be reached; ``retryable`` says whether to try again.
    """
    async with transaction() as session:
        letter = await write(session, kind, subject_id, recipient_id)
    if letter is None:
        log.info("mail_needless", kind=kind.value)
        return
    try:
        await resend.send_email(
            to=letter.to,
            subject=letter.email.subject,
            html=letter.email.html,
            text=letter.email.text,
            idempotency_key=_key(kind, subject_id, recipient_id, letter),
            headers=letter.headers,
        )
    except ProviderError as error:
        if error.provider_code != _SENT_BEFORE:
            raise
    log.info("mail_sent", kind=kind.value, subject=letter.email.subject)


async def report_given_up(kind: EmailKind, subject_id: UUID, error: ShopHubError) -> None:
    """Alert somebody to an e-mail that will not be sent, because no later try can go better."""
    reason = error.provider_code if isinstance(error, ProviderError) else error.code
    subject = f"{kind.value}/{subject_id}"
    async with transaction() as session:
        message = f"An e-mail ({kind.value}) cannot be sent and was given up: {reason}."
        await raise_alert(session, AlertKind.EMAIL_FAILED, subject, message)


def _key(kind: EmailKind, subject_id: UUID, recipient_id: UUID | None, letter: Letter) -> str:
    """Return what makes a repeated call at Resend the same message."""
    parts = (kind.value, str(subject_id), str(recipient_id or ""), letter.edition)
    return "/".join(part for part in parts if part)
