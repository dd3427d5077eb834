"""Accepting an invite: transaction, hashing, transaction. No connection is held while a password is hashed."""

from uuid import UUID

from shophub.db import AsyncSession, transaction
from shophub.domain.passwords import require_acceptable
from shophub.domain.statuses import Role
from shophub.errors import (
    ConflictError,
    InvalidInputError,
    InviteNotFoundError,
    InviteOtherAccountError,
    InviteSignInError,
    ShopHubError,
)
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.models.accounts import User
from shophub.repositories import accounts, address_book, email_tokens, invites, people, second_factors
from shophub.repositories.accounts import user_view
from shophub.repositories.invites import InviteRow
from shophub.schemas.accounts import NAME_MIN, Origin, UserView, Visitor
from shophub.schemas.people import Accepted, AcceptForm, Welcome
from shophub.services import accounts as account_service
from shophub.services import audit, email_links, passwords, sessions, throttles
from shophub.services.audit import Actor
from shophub.services.invites import OVER, welcome_of

_REFUSALS: dict[Welcome, tuple[type[ShopHubError], str]] = {
    Welcome.SIGN_IN: (InviteSignInError, "This address has an account. Sign in to accept the invite."),
    Welcome.OTHER: (InviteOtherAccountError, "This invite is for another account than the one you are signed in to."),
    Welcome.DEACTIVATED: (ConflictError, "The account with this address is deactivated."),
}


async def accept_invite(form: AcceptForm, visitor: Visitor, origin: Origin) -> Accepted:
    """Make the reader of an invite's link one of the staff.

    Without an account one is made and signed in. A verified account has to be signed in. One whose address nobody has
    verified gets the new name and password; its sessions, its second factor, its address book and the links mailed for
    it end first, because somebody else may have made it beforehand. The session that the browser had before ends too.

    Raises:
        InviteNotFoundError: The link is unknown, used, revoked, replaced or over.
        InvalidInputError: Name or password of somebody new cannot be used.
        InviteSignInError, InviteOtherAccountError: The account has to be signed in, and is not.
        ConflictError: The account is deactivated.
        ThrottledError: Too many answers from this network address.
        BusyError: Too many passwords are being hashed.
    """
    await throttles.hit(throttles.Action.ACCEPT, origin.network_address)
    hashed = token_hash(form.token)
    async with transaction() as session:
        invite = await invites.find_open(session, hashed)
        if invite is None:
            raise InviteNotFoundError(OVER)
        welcome = await welcome_of(session, invite, visitor)
    password_hash: str | None = None
    if welcome is Welcome.NEW:
        _require_complete(form, invite.email)
        password_hash = await passwords.hash_password(form.password)
    async with transaction() as session:
        return await _accept(session, form, hashed, password_hash, visitor, origin)


async def _accept(
    session: AsyncSession, form: AcceptForm, hashed: str, password_hash: str | None, visitor: Visitor, origin: Origin
) -> Accepted:
    """Use up the invite and do what it says; where that is refused, the transaction leaves the invite as it was."""
    invite = await invites.accept(session, hashed)
    if invite is None:
        raise InviteNotFoundError(OVER)
    welcome = await welcome_of(session, invite, visitor)
    if welcome in _REFUSALS:
        kind, sentence = _REFUSALS[welcome]
        raise kind(sentence)
    if welcome is Welcome.NEW and password_hash is None:  # the account was erased, or its address changed, meanwhile
        raise InviteNotFoundError(OVER)
    if password_hash is not None and welcome is Welcome.NEW:
        user = await _take_in(session, invite, form.full_name, password_hash)
        signed_in = await account_service.open_session(session, user, visitor.guest_token, origin)
        if visitor.session_id is not None:
            await sessions.revoke(session, visitor.session_id)
        accepted = Accepted(user, signed_in.token)
    else:
        assert visitor.user is not None  # noqa: S101 - what READY means
        await _raise_role(session, visitor.user.id, invite.role)
        accepted = Accepted(visitor.user)
    await invites.note_accepted_by(session, invite.id, accepted.user.id)
    await audit.record(
        session,
        Actor(accepted.user.id, origin.network_address),
        "invite.accept",
        target="invite",
        target_id=str(invite.id),
        after={"role": invite.role},
    )
    return accepted


async def _take_in(session: AsyncSession, invite: InviteRow, full_name: str, password_hash: str) -> UserView:
    """Make the account, or take an unverified one over from whoever made it."""
    now = utc_now()
    standing = await people.find_standing_of(session, invite.email)
    if standing is None:
        made = User(
            email=invite.email, full_name=full_name, password_hash=password_hash, role=invite.role, last_sign_in_at=now
        )
        user = user_view(await accounts.add_user(session, made))
    else:
        user_id = standing.user_id
        await people.set_owner(session, user_id, full_name, password_hash, now)
        await accounts.revoke_sessions(session, now, user_id=user_id)
        await second_factors.remove(session, user_id)
        await address_book.clear(session, user_id)
        await email_tokens.use_up(session, user_id)
        role = await _raise_role(session, user_id, invite.role)
        user = UserView(user_id, invite.email, full_name, role, is_email_verified=False)
    await email_links.send_verification(session, user.id)
    return user


async def _raise_role(session: AsyncSession, user_id: UUID, invited_as: str) -> str:
    """Give the account the role of the invite, unless it has a higher one by now. Returns its role."""
    standing = await people.find_standing(session, user_id)
    if standing is None:
        raise InviteNotFoundError(OVER)
    if standing.role == Role.SUPER_ADMIN or standing.role == invited_as:
        return standing.role
    await people.set_role(session, user_id, invited_as)
    return invited_as


def _require_complete(form: AcceptForm, email: str) -> None:
    if len(form.full_name) < NAME_MIN:
        raise InvalidInputError(
            "Please enter your name.", {"full_name": f"Enter your name, {NAME_MIN} characters or more."}
        )
    require_acceptable(form.password, about=(form.full_name, email.partition("@")[0]))
