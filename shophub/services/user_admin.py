"""The store's people: who they are, and changes of role and activity.

Nobody takes away their own standing, and one active SUPER_ADMIN always stays: such changes come one after the other,
and each looks again, behind the lock, at who asks and who would be left.
"""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.errors import (
    ForbiddenError,
    InviteRequiredError,
    LastOwnerError,
    OwnAccountError,
    UserNotFoundError,
)
from shophub.lib.clock import utc_now
from shophub.lib.pagination import PageRequest
from shophub.repositories import accounts, email_tokens, invites, people
from shophub.repositories.people import Standing
from shophub.schemas.accounts import AccountOut
from shophub.schemas.people import UserPatch, UserQuery, UsersOut
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, tell_account

_RANK = {Role.CUSTOMER: 0, Role.ADMIN: 1, Role.SUPER_ADMIN: 2}


async def list_users(session: AsyncSession, query: UserQuery, page: PageRequest) -> UsersOut:
    """Return a page of accounts with what each did so far, the newest first. One statement, however many they are."""
    rows, total = await people.list_users(
        session, q=query.q, role=query.role, is_active=query.is_active, limit=page.page_size, offset=page.offset
    )
    items = [AccountOut.model_validate(row) for row in rows]
    return UsersOut(items=items, total=total, page=page.page, page_size=page.page_size)


async def change_user(session: AsyncSession, user_id: UUID, patch: UserPatch, actor: Actor) -> AccountOut:
    """Change an account's role, activity or both. What is so already is no change: no mail, no entry in the log.

    A deactivated account's sessions end with the transaction, and its owner is told; so is one who may sign in again.
    Open invites of somebody who may not invite any more are revoked.

    Raises:
        UserNotFoundError: No such account, or it was erased.
        ForbiddenError: Who asks has lost the right meanwhile.
        OwnAccountError: One's own account.
        LastOwnerError: No active SUPER_ADMIN would be left.
        InviteRequiredError: A customer does not become one of the staff without an invite.
    """
    await require_owner(session, actor)
    before = await people.find_standing(session, user_id)
    if before is None:
        raise UserNotFoundError("There is no such account.")
    role = patch.role or Role(before.role)
    is_active = before.is_active if patch.is_active is None else patch.is_active
    await _require_allowed(session, before, role, is_active, actor)
    if role != before.role:
        await people.set_role(session, user_id, role)
        await _record(session, actor, "user.role", user_id, {"role": before.role}, {"role": role.value})
    if is_active != before.is_active:
        await _set_active(session, user_id, is_active, actor)
    if role is not Role.SUPER_ADMIN or not is_active:
        await _revoke_invites_of(session, user_id, actor)
    return AccountOut.model_validate(await accounts.get_account(session, user_id))


async def require_owner(session: AsyncSession, actor: Actor) -> None:
    """Refuse who was let in as SUPER_ADMIN and has ceased to be one since. Until the transaction ends, nobody does.

    Raises:
        ForbiddenError: The account may not do this any more.
    """
    await people.lock_standings(session)
    standing = await people.find_standing(session, actor.user_id) if actor.user_id is not None else None
    if standing is None or not _is_owner(standing):
        raise ForbiddenError("Your account may not do this.")


async def require_not_last_owner(session: AsyncSession, user_id: UUID) -> None:
    """Refuse to let the last active SUPER_ADMIN go. Until the transaction ends, nobody else can go either.

    Raises:
        LastOwnerError: No active SUPER_ADMIN would be left.
    """
    await people.lock_standings(session)
    standing = await people.find_standing(session, user_id)
    if standing is not None and _is_owner(standing):
        await _require_other_owner(session, user_id)


async def _require_allowed(session: AsyncSession, before: Standing, role: Role, is_active: bool, actor: Actor) -> None:
    rises = _RANK[role] > _RANK[Role(before.role)]
    loses = _RANK[role] < _RANK[Role(before.role)] or (before.is_active and not is_active)
    if loses and before.user_id == actor.user_id:
        raise OwnAccountError("You cannot deactivate or demote yourself. Ask another SUPER_ADMIN.")
    if rises and before.role == Role.CUSTOMER:
        raise InviteRequiredError("A customer becomes one of the staff by an invite. Send one to this address.")
    if loses and _is_owner(before):
        await _require_other_owner(session, before.user_id)


async def _require_other_owner(session: AsyncSession, user_id: UUID) -> None:
    if not await people.count_other_owners(session, user_id):
        raise LastOwnerError("This is the last active SUPER_ADMIN. Make somebody else one first.")


async def _set_active(session: AsyncSession, user_id: UUID, is_active: bool, actor: Actor) -> None:
    # The account before its sessions: a sign-in under way waits for the account's row, and then finds it deactivated.
    await people.set_active(session, user_id, is_active)
    if not is_active:
        await accounts.revoke_sessions(session, utc_now(), user_id=user_id)
        await email_tokens.use_up(session, user_id)
    await tell_account(session, EmailKind.REACTIVATED if is_active else EmailKind.DEACTIVATED, user_id)
    action = "user.reactivate" if is_active else "user.deactivate"
    await _record(session, actor, action, user_id, {"is_active": not is_active}, {"is_active": is_active})


async def _revoke_invites_of(session: AsyncSession, user_id: UUID, actor: Actor) -> None:
    for invite_id in await invites.revoke_of(session, user_id):
        await audit.record(session, actor, "invite.revoke", target="invite", target_id=str(invite_id))


async def _record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    user_id: UUID,
    before: dict[str, audit.Value],
    after: dict[str, audit.Value],
) -> None:
    await audit.record(session, actor, action, target="user", target_id=str(user_id), before=before, after=after)


def _is_owner(standing: Standing) -> bool:
    return standing.role == Role.SUPER_ADMIN and standing.is_active
