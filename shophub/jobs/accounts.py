"""Jobs about accounts."""

from shophub.db import transaction
from shophub.integrations.queue import task
from shophub.services import password_reset


@task(password_reset.ANSWER_REQUEST)
async def answer_reset_request(sealed: str) -> None:
    """Mail the link for a new password, where the address has an account."""
    async with transaction() as session:
        await password_reset.answer_request(session, sealed)
