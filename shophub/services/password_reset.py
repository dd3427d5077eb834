"""A forgotten password: asking for a link. What happens with the link is a flow (``flows/reset_password.py``)."""

from datetime import timedelta

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import EmailTokenPurpose
from shophub.integrations import queue
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.lib.secret_box import seal, unseal
from shophub.repositories import accounts, email_tokens
from shophub.repositories.email_tokens import LinkOwner
from shophub.services import email_links, throttles
from shophub.services.emails.outbox import EmailKind
from shophub.settings import get_settings

LIFETIME = timedelta(hours=1)
RESET_COOKIE = "shophub_reset"
ANSWER_REQUEST = "accounts.answer_reset_request"
_PURPOSE = "reset-request"


async def request(session: AsyncSession, email: str, network_address: str) -> None:
    """Have a link mailed to the account of an address, if there is one.

    Whether there is one is looked up by a job, after the answer went out: what happens here takes the same time for
    every address. The job carries the address encrypted. Beyond a few links per account and window nothing is sent,
    and the answer is the same, because neither strangers' mailboxes are to be flooded nor their accounts found out.

    Raises:
        ThrottledError: Too many requests from this network address.
    """
    await throttles.hit(throttles.Action.RESET, network_address)
    address = email_key(email)
    if await throttles.allows(throttles.PerAccount.RESET, address):
        await queue.enqueue(session, ANSWER_REQUEST, sealed=seal(_secret(), _PURPOSE, address))


async def answer_request(session: AsyncSession, sealed: str) -> None:
    """Mail the link that was asked for: good for an hour, once. Nothing where no active account has the address."""
    address = unseal(_secret(), _PURPOSE, sealed)
    user = await accounts.find_by_email(session, address) if address else None
    if user is None or not user.is_active or user.erased_at is not None:
        return
    await email_links.send(session, user.id, EmailTokenPurpose.RESET_PASSWORD, EmailKind.RESET_PASSWORD, LIFETIME)


async def find_owner(session: AsyncSession, token: str) -> LinkOwner | None:
    """Return whose password a link would change now; ``None`` if it is unknown, used or over."""
    if not token:
        return None
    return await email_tokens.find_owner(session, token_hash(token), EmailTokenPurpose.RESET_PASSWORD, utc_now())


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
