"""Choosing a new password with a mailed link: transaction, hashing, transaction."""

from shophub.db import transaction
from shophub.domain.passwords import require_acceptable
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.errors import LinkOverError
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.repositories import accounts, address_book, email_tokens, second_factors
from shophub.repositories.email_tokens import LinkOwner
from shophub.schemas.accounts import Origin
from shophub.services import audit, password_reset, passwords, throttles
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, tell_account

OVER = "This link is not valid any more."


async def reset_password(token: str, password: str, origin: Origin | None = None) -> LinkOwner:
    """Give the link's account another password; returns whose it was.

    All sessions of the account end and every other link that it has open is spent, a change of its address included:
    whoever got in before is out. The second factor of a verified address stays, so the link alone does not open the
    account. A customer's goes where nobody had verified the address: somebody else may have made the account, and would
    keep its owner out with it. So does the address book, which would fill in the other's address. Nobody makes an
    account of the staff beforehand. The owner is told. Of many tries at once with one link one succeeds.

    Raises:
        LinkOverError: The link is unknown, used or over, or its account is deactivated.
        InvalidInputError: The password is common or made of the name. The link stays good.
        BusyError: Too many passwords wait to be hashed.
    """
    origin = origin or Origin()
    async with transaction() as session:
        owner = await password_reset.find_owner(session, token)
    if owner is None:
        raise LinkOverError(OVER)
    require_acceptable(password, about=(owner.full_name, owner.email.partition("@")[0]))
    password_hash = await passwords.hash_password(password)
    now = utc_now()
    async with transaction() as session:
        link = await accounts.use_email_token(session, token_hash(token), EmailTokenPurpose.RESET_PASSWORD, now)
        if link is None:
            raise LinkOverError(OVER)
        former = await email_tokens.set_password(session, owner.user_id, password_hash, now)
        if former is None:
            raise LinkOverError(OVER)
        if not former.was_verified and former.role == Role.CUSTOMER:
            await second_factors.remove(session, owner.user_id)
            await address_book.clear(session, owner.user_id)
        await accounts.revoke_sessions(session, now, user_id=owner.user_id)
        await email_tokens.use_up(session, owner.user_id)
        await accounts.adopt_guest_orders(session, owner.user_id, owner.email)
        await tell_account(session, EmailKind.PASSWORD_CHANGED, owner.user_id)
        actor = Actor(owner.user_id, origin.network_address)
        await audit.record(session, actor, "account.reset_password", target="user", target_id=str(owner.user_id))
    await throttles.forgive(owner.email, origin.network_address)
    return owner
