"""Jobs that send e-mails."""

from uuid import UUID

from shophub.integrations.queue import task
from shophub.services.emails.outbox import SEND_EMAIL, EmailKind
from shophub.services.flows.send_email import send_email


@task(SEND_EMAIL)
async def send(kind: str, subject_id: str, recipient_id: str | None = None) -> None:
    """Send one e-mail; running twice sends it once."""
    await send_email(EmailKind(kind), UUID(subject_id), None if recipient_id is None else UUID(recipient_id))
