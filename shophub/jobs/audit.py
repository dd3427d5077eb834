"""The job that seals the audit log. Writers only append; here their rows become links of the chain."""

import structlog

from shophub.db import transaction
from shophub.integrations.queue import periodic_task
from shophub.services import audit

log = structlog.get_logger(__name__)
EVERY_MINUTE = "* * * * *"
BATCH = 1_000


@periodic_task("audit.seal", cron=EVERY_MINUTE)
async def seal() -> None:
    """Chain what was written since the last time, batch by batch."""
    while True:
        async with transaction() as session:
            sealed = await audit.seal(session, BATCH)
            head = await audit.describe_head(session)
        if sealed:
            log.info(
                "audit_log_sealed", entries=sealed, head=head
            )  # in the log, where nobody reaches from the database
        if sealed < BATCH:
            return
