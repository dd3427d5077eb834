"""Links by e-mail: asking for one, opening one. Plain forms, which work without JavaScript."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.routing import Match
from starlette.types import Scope

from shophub.api.cookies import DELETED, set_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep, VisitorDep
from shophub.api.forms import CODES, FormDep, add_cookie, back, redirect, with_notice
from shophub.api.permissions import PUBLIC, CustomerDep
from shophub.db import AsyncSession
from shophub.domain.paths import same_origin_path
from shophub.errors import BusyError, InvalidInputError, LinkOverError, ThrottledError
from shophub.lib.cookies import read_cookies
from shophub.schemas.account_links import ForgotForm
from shophub.schemas.accounts import PASSWORD_MAX, Visitor
from shophub.services import email_links, form_memory, password_reset
from shophub.services.flows import reset_password

ASKING_LIFETIME = timedelta(minutes=30)
CHANGED = "Your password was changed. Please sign in with it."
SIGN_IN_FIRST = "Sign in to confirm your address."
VERIFIED = "Thank you. Your e-mail address is confirmed."
SENT_AGAIN = "A new link is on its way to you."
NOT_SENT_AGAIN = "There are links on their way to you already. Please look into your mailbox."


class LinkRoute(APIRoute):
    """A route for the addresses of links: without ``?token=`` the page of that address answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match where the address has a token."""
        match, child = super().matches(scope)
        return (match, child) if b"token=" in scope.get("query_string", b"") else (Match.NONE, {})


router = APIRouter(include_in_schema=False)
links = APIRouter(include_in_schema=False, route_class=LinkRoute)


@router.post("/auth/forgot-password", dependencies=[PUBLIC, SameOrigin])
async def post_forgot_password(fields: FormDep, session: SessionDep, origin: OriginDep) -> Response:
    """Have a link mailed. The answer is the same, and as quick, whether the address has an account or not."""
    try:
        form = ForgotForm.model_validate({"email": fields.get("email", "")})
    except ValidationError:
        return back("/forgot-password", "invalid_email", fields, kept=("email",))
    try:
        await password_reset.request(session, form.email, origin.network_address)
    except ThrottledError as error:
        return back("/forgot-password", CODES[type(error)], fields, kept=("email",), error=error)
    answer = redirect("/forgot-password?sent=1")
    add_cookie(answer, _memory_cookie(form.email))
    return answer


@links.get("/reset-password", dependencies=[PUBLIC])
async def get_reset_password(token: str = "") -> Response:
    """Take the token out of the address, where histories, logs and other sites would see it, into a cookie."""
    answer = redirect("/reset-password")
    add_cookie(answer, set_cookie(password_reset.RESET_COOKIE, _plain(token), lifetime=password_reset.LIFETIME))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/auth/reset-password", dependencies=[PUBLIC, SameOrigin])
async def post_reset_password(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Set the new password and have it entered: who set it still needs the second factor."""
    token = read_cookies(request.headers.get("cookie", "")).get(password_reset.RESET_COOKIE, "")
    password = fields.get("password", "")
    if len(password) > PASSWORD_MAX:
        return back("/reset-password", "weak_password", fields)
    try:
        owner = await reset_password.reset_password(token, password, origin)
    except (LinkOverError, InvalidInputError, BusyError) as error:
        code = "weak_password" if isinstance(error, InvalidInputError) else CODES.get(type(error), error.code)
        return back("/reset-password", code, fields)
    answer = redirect(with_notice("/login", CHANGED))
    add_cookie(answer, set_cookie(password_reset.RESET_COOKIE, "", lifetime=DELETED))
    add_cookie(answer, _memory_cookie(owner.email))
    return answer


@links.get("/verify-email", dependencies=[PUBLIC])
async def get_verify_email(session: SessionDep, visitor: VisitorDep, token: str = "") -> Response:
    """Verify the address of who is signed in to its account. Anybody else is asked by the page to sign in to it.

    The link alone is not enough: somebody could make an account with another's address, have that one's mail program,
    or their good faith, confirm it, and see the orders that the other placed as a guest.
    """
    if await _is_for_another(session, visitor, token):
        answer = redirect("/verify-email")
        add_cookie(answer, set_cookie(email_links.VERIFY_COOKIE, _plain(token), lifetime=ASKING_LIFETIME))
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer
    return await _verified(session, visitor, token)


@router.post("/auth/confirm-address", dependencies=[PUBLIC, SameOrigin])
async def post_confirm_address(request: Request, session: SessionDep, visitor: VisitorDep) -> Response:
    """Verify the address whose link this browser has opened, for who is signed in to its account.

    Who reads the mailbox and who knows the password must be one. Otherwise whoever made the account beforehand would
    stay in it after the address's owner has confirmed it.
    """
    token = read_cookies(request.headers.get("cookie", "")).get(email_links.VERIFY_COOKIE, "")
    if await _is_for_another(session, visitor, token):
        return redirect(with_notice("/login?next=/verify-email", SIGN_IN_FIRST))
    answer = await _verified(session, visitor, token)
    add_cookie(answer, set_cookie(email_links.VERIFY_COOKIE, "", lifetime=DELETED))
    return answer


@router.post("/auth/verify-email", dependencies=[SameOrigin])
async def post_verify_email(user: CustomerDep, fields: FormDep, session: SessionDep, origin: OriginDep) -> Response:
    """Have another link mailed that verifies the address of who is signed in."""
    target = same_origin_path(fields.get("next"), otherwise="/verify-email")
    try:
        sent = await email_links.send_verification_again(session, user, origin.network_address)
    except ThrottledError as error:
        return redirect(with_notice(target, error.message))
    return redirect(with_notice(target, SENT_AGAIN if sent else NOT_SENT_AGAIN))


async def _is_for_another(session: AsyncSession, visitor: Visitor, token: str) -> bool:
    """Return whether a link would verify the address of another account than the one that is signed in, if one is."""
    owner = await email_links.find_unverified(session, token)
    return owner is not None and (visitor.user is None or visitor.user.id != owner.user_id)


async def _verified(session: AsyncSession, visitor: Visitor, token: str) -> Response:
    if not await email_links.verify_email(session, token):
        return redirect("/verify-email?error=link_over")
    return redirect(with_notice("/login" if visitor.user is None else "/", VERIFIED))


def _memory_cookie(email: str) -> str:
    memory = form_memory.remember({"email": email})
    return set_cookie(form_memory.FORM_COOKIE, memory, lifetime=form_memory.LIFETIME)


def _plain(token: str) -> str:
    """Return a token as a cookie can hold it: ours are URL-safe, and nothing else gets into a header."""
    return token if len(token) < 100 and token.replace("-", "").replace("_", "").isalnum() and token.isascii() else ""
