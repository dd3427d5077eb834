"""Accepting an invite by a plain form, which works without JavaScript and can set the HttpOnly cookie."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from shophub.api.account_links import LinkRoute
from shophub.api.cookies import DELETED, session_cookie, set_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, current_visitor
from shophub.api.forms import CODES, FormDep, add_cookie, back, redirect, with_notice
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.errors import (
    BusyError,
    ConflictError,
    EmailTakenError,
    InvalidInputError,
    InviteNotFoundError,
    InviteOtherAccountError,
    InviteSignInError,
    ThrottledError,
)
from shophub.lib.cookies import read_cookies
from shophub.schemas.people import AcceptForm
from shophub.services import form_memory, invites
from shophub.services.flows.accept_invite import accept_invite

PAGE = "/admin/accept-invite"
KEPT = ("full_name",)
_FIELD_CODES = {"full_name": "invalid_name", "fullName": "invalid_name", "password": "weak_password"}  # nosec B105 - a code

router = APIRouter(include_in_schema=False)
links = APIRouter(include_in_schema=False, route_class=LinkRoute)


@links.get(PAGE, dependencies=[PUBLIC])
async def get_accept_invite(token: str = "") -> Response:
    """Take the token out of the address, where histories, logs and other sites would see it, into a cookie."""
    answer = redirect(PAGE)
    value = token if token.replace("-", "").replace("_", "").isalnum() and token.isascii() and len(token) < 100 else ""
    add_cookie(answer, set_cookie(invites.INVITE_COOKIE, value, lifetime=invites.COOKIE_LIFETIME))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/auth/accept-invite", dependencies=[PUBLIC, SameOrigin])
async def post_accept_invite(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Join the staff and go to the shop, or back to the form with what is wrong."""
    cookies = read_cookies(request.headers.get("cookie", ""))
    try:
        form = AcceptForm(
            token=cookies.get(invites.INVITE_COOKIE, ""),
            full_name=fields.get("full_name", ""),
            password=fields.get("password", ""),
        )
    except ValidationError as error:
        code = _FIELD_CODES.get(str(error.errors()[0]["loc"][0]), "invalid_data")
        return back(PAGE, code, fields, kept=KEPT)
    async with transaction() as session:  # closed before anything is hashed
        visitor = await current_visitor(request, session)
    try:
        accepted = await accept_invite(form, visitor, origin)
    except InvalidInputError as error:
        return back(PAGE, _FIELD_CODES.get(next(iter(error.fields), ""), error.code), fields, kept=KEPT)
    except (ThrottledError, BusyError, EmailTakenError) as error:
        return back(PAGE, CODES[type(error)], fields, kept=KEPT, error=error)
    except (InviteNotFoundError, InviteSignInError, InviteOtherAccountError, ConflictError):
        return redirect(PAGE)  # which says how things stand
    answer = redirect(with_notice("/", f"Welcome, {accepted.user.full_name}. You are one of the staff now."))
    if accepted.token is not None:
        add_cookie(answer, session_cookie(accepted.token))
    for name in (invites.INVITE_COOKIE, form_memory.FORM_COOKIE):
        if name in cookies:  # it has served
            add_cookie(answer, set_cookie(name, "", lifetime=DELETED))
    return answer
