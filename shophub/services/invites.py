"""Invites: how admins are made. Only the hash of a link's token is kept, and the link works once, for a week."""

from datetime import timedelta
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import Role
from shophub.errors import ConflictError, InviteNotFoundError, InviteOpenError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.lib.pagination import PageRequest
from shophub.repositories import invites, people
from shophub.repositories.invites import InviteRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.people import InviteForm, InviteOut, InvitesOut, MadeInvite, OpenInviteOut, Welcome
from shophub.services import audit, email_links, throttles, user_admin
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind, enqueue_email

LIFETIME = timedelta(days=7)
# Holds the token of a link that was opened, so that it leaves the address.
INVITE_COOKIE = "shophub_invite"
COOKIE_LIFETIME = timedelta(hours=1)
OVER = "This invite is not valid any more. Ask for a new one."


async def make_invite(session: AsyncSession, form: InviteForm, actor: Actor) -> MadeInvite:
    """Invite an address to the staff: a link is mailed to it, good for a week, once. Returns the link for copying.

    Raises:
        ForbiddenError: Who asks has lost the right meanwhile; while this transaction lasts nobody loses it.
        InviteOpenError: The address has an open invite; it can be sent again or revoked.
        ConflictError: Its account belongs to the staff already, or is deactivated.
        ThrottledError: Too many invites from this network address.
    """
    await throttles.hit(throttles.Action.INVITE, actor.network_address)
    await user_admin.require_owner(session, actor)
    await _require_invitable(session, form.email)
    return await _make(session, email_key(form.email), form.role, actor, "invite.create")


async def send_again(session: AsyncSession, invite_id: UUID, actor: Actor) -> MadeInvite:
    """Put a new invite with another link in the place of one that was not accepted; the old link opens nothing more.

    Raises:
        ForbiddenError: Who asks has lost the right meanwhile.
        InviteNotFoundError: There is none, or it was accepted or revoked.
        ConflictError: The account belongs to the staff by now, or is deactivated.
        ThrottledError: Too many invites from this network address.
    """
    await throttles.hit(throttles.Action.INVITE, actor.network_address)
    await user_admin.require_owner(session, actor)
    old = await invites.revoke(session, invite_id)
    if old is None:
        raise InviteNotFoundError("There is no such open invite.")
    email, role = old
    await _require_invitable(session, email)
    return await _make(session, email, Role(role), actor, "invite.resend")


async def revoke_invite(session: AsyncSession, invite_id: UUID, actor: Actor) -> None:
    """Let an invite's link open nothing more.

    Raises:
        InviteNotFoundError: There is none, or it was accepted or revoked.
    """
    if await invites.revoke(session, invite_id) is None:
        raise InviteNotFoundError("There is no such open invite.")
    await audit.record(session, actor, "invite.revoke", target="invite", target_id=str(invite_id))


async def list_invites(session: AsyncSession, page: PageRequest) -> InvitesOut:
    """Return a page of invites, the newest first. One statement."""
    rows, total = await invites.list_invites(session, limit=page.page_size, offset=page.offset)
    items = [InviteOut.model_validate(row) for row in rows]
    return InvitesOut(items=items, total=total, page=page.page, page_size=page.page_size)


async def open_invite(session: AsyncSession, token: str, visitor: Visitor) -> OpenInviteOut:
    """Return what a link invites to, and what accepting it takes of this visitor.

    Raises:
        InviteNotFoundError: The link is unknown, used, revoked or over.
    """
    invite = await invites.find_open(session, token_hash(token))
    if invite is None:
        raise InviteNotFoundError(OVER)
    welcome = await welcome_of(session, invite, visitor)
    return OpenInviteOut(email=invite.email, role=invite.role, expires_at=invite.expires_at, account=welcome)


async def welcome_of(session: AsyncSession, invite: InviteRow, visitor: Visitor) -> Welcome:
    """Return what accepting takes. The account's row stays locked until the transaction ends."""
    standing = await people.find_standing_of(session, invite.email)
    if standing is None or (standing.is_active and not standing.is_verified):
        return Welcome.NEW
    if not standing.is_active:
        return Welcome.DEACTIVATED
    if visitor.user is None:
        return Welcome.SIGN_IN
    return Welcome.READY if visitor.user.id == standing.user_id else Welcome.OTHER


async def _require_invitable(session: AsyncSession, email: str) -> None:
    standing = await people.find_standing_of(session, email)
    if standing is None:
        return
    if not standing.is_active:
        raise ConflictError("The account with this address is deactivated. Reactivate it first.")
    if standing.role != Role.CUSTOMER:
        raise ConflictError("The account with this address belongs to the staff already.")


async def _make(session: AsyncSession, email: str, role: Role, actor: Actor, action: str) -> MadeInvite:
    invite_id = new_id()
    expires_at = utc_now() + LIFETIME
    hashed = token_hash(email_links.invite_token(invite_id))
    if not await invites.insert(session, invite_id, email, role, hashed, actor.user_id, expires_at):
        raise InviteOpenError("This address has an open invite. Send it again, or revoke it first.")
    await enqueue_email(session, EmailKind.INVITE, invite_id)
    await audit.record(session, actor, action, target="invite", target_id=str(invite_id), after={"role": role.value})
    return MadeInvite(invite_id, email_links.invite_url(invite_id), expires_at)
