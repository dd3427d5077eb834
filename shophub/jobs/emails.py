"""Jobs that send e-mails."""

from uuid import UUID

from shophub.errors import ShopHubError
from shophub.integrations.queue import EndlessBackoff, can_heal, task
from shophub.services.emails.outbox import SEND_EMAIL, EmailKind
from shophub.services.flows.send_email import report_given_up, send_email


@task(SEND_EMAIL, retry=EndlessBackoff())
async def send(kind: str, subject_id: str, recipient_id: str | None = None) -> None:
    """Send one e-mail; running twice sends it once. One that can never be sent is given up, and somebody is told."""
    try:
        await send_email(EmailKind(kind), UUID(subject_id), None if recipient_id is None else UUID(recipient_id))
    except ShopHubError as error:
        if not can_heal(error):
            await report_given_up(EmailKind(kind), UUID(subject_id), error)
        raise
