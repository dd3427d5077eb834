"""The store's people for programs: accounts, and the invites that make admins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shophub.api.cookies import session_cookie
from shophub.api.dependencies import OriginDep, PageDep, SameOrigin, SessionDep, VisitorBeforeDep, VisitorDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC, ActorDep, requires
from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.statuses import Role
from shophub.errors import (
    BusyError,
    ConflictError,
    InviteNotFoundError,
    InviteOpenError,
    InviteOtherAccountError,
    InviteRequiredError,
    InviteSignInError,
    OwnAccountError,
    UserNotFoundError,
)
from shophub.schemas.accounts import AccountOut
from shophub.schemas.people import (
    MAX_TOKEN,
    AcceptedOut,
    AcceptForm,
    InviteForm,
    InvitesOut,
    MadeInvite,
    MadeInviteOut,
    OpenInviteOut,
    UserPatch,
    UserQuery,
    UsersOut,
)
from shophub.services import accounts, invites, user_admin
from shophub.services.flows.accept_invite import accept_invite

router = APIRouter(prefix="/api/admin", tags=["people"], dependencies=[SameOrigin])


@router.get("/users", dependencies=[requires(Permission.MANAGE_USERS)])
async def get_users(
    response: Response,
    session: SessionDep,
    page: PageDep,
    q: Annotated[str, Query(max_length=254)] = "",
    role: Role | None = None,
    is_active: Annotated[bool | None, Query(alias="isActive")] = None,
) -> UsersOut:
    """List accounts, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    query = UserQuery(q=q, role=role, is_active=is_active)
    return await user_admin.list_users(session, query, page)


@router.patch(
    "/users/{user_id}",
    dependencies=[requires(Permission.MANAGE_USERS, step_up=True)],
    openapi_extra=refuses(UserNotFoundError, OwnAccountError, InviteRequiredError),
)
async def patch_user(user_id: UUID, patch: UserPatch, session: SessionDep, actor: ActorDep) -> AccountOut:
    """Change an account's role or activity."""
    return await user_admin.change_user(session, user_id, patch, actor)


@router.get("/invite", dependencies=[requires(Permission.MANAGE_INVITES)])
async def get_invites(response: Response, session: SessionDep, page: PageDep) -> InvitesOut:
    """List invites, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    return await invites.list_invites(session, page)


@router.post(
    "/invite",
    status_code=201,
    dependencies=[requires(Permission.MANAGE_INVITES, step_up=True)],
    openapi_extra=refuses(InviteOpenError, ConflictError),
)
async def post_invite(form: InviteForm, response: Response, session: SessionDep, actor: ActorDep) -> MadeInviteOut:
    """Invite an address; the link is mailed to it, and is in this answer for copying."""
    return _made(await invites.make_invite(session, form, actor), response)


@router.post(
    "/invite/{invite_id}/resend",
    status_code=201,
    dependencies=[requires(Permission.MANAGE_INVITES, step_up=True)],
    openapi_extra=refuses(InviteNotFoundError, ConflictError),
)
async def post_invite_again(invite_id: UUID, response: Response, session: SessionDep, actor: ActorDep) -> MadeInviteOut:
    """Send an invite again, with another link; the former one opens nothing more."""
    return _made(await invites.send_again(session, invite_id, actor), response)


@router.delete(
    "/invite/{invite_id}",
    status_code=204,
    dependencies=[requires(Permission.MANAGE_INVITES, step_up=True)],
    openapi_extra=refuses(InviteNotFoundError),
)
async def delete_invite(invite_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    """Revoke an invite that nobody has accepted."""
    await invites.revoke_invite(session, invite_id, actor)


@router.get("/accept-invite", dependencies=[PUBLIC], openapi_extra=refuses(InviteNotFoundError))
async def get_accept_invite(
    response: Response, session: SessionDep, visitor: VisitorDep, token: Annotated[str, Query(max_length=MAX_TOKEN)]
) -> OpenInviteOut:
    """Say what a link invites to, and what accepting it takes."""
    response.headers["Cache-Control"] = "no-store"
    return await invites.open_invite(session, token, visitor)


@router.post(
    "/accept-invite",
    status_code=201,
    dependencies=[PUBLIC],
    openapi_extra=refuses(InviteNotFoundError, InviteSignInError, InviteOtherAccountError, ConflictError, BusyError),
)
async def post_accept_invite(
    form: AcceptForm, response: Response, visitor: VisitorBeforeDep, origin: OriginDep
) -> AcceptedOut:
    """Accept an invite. Somebody new is signed in; the token serves as a bearer token."""
    accepted = await accept_invite(form, visitor, origin)
    response.headers["Cache-Control"] = "no-store"
    if accepted.token is not None:
        response.headers.append("set-cookie", session_cookie(accepted.token))
    async with transaction() as session:
        return AcceptedOut(user=await accounts.get_account(session, accepted.user.id), token=accepted.token)


def _made(invite: MadeInvite, response: Response) -> MadeInviteOut:
    response.headers["Cache-Control"] = "no-store"
    return MadeInviteOut(id=invite.id, invite_link=invite.link, expires_at=invite.expires_at)
