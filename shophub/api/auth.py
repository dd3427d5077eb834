"""Signing in and out by plain forms, which work without a line of JavaScript and can set the HttpOnly cookie."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from shophub.api.cookies import no_guest_cookie, no_session_cookie, session_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.domain.paths import same_origin_path
from shophub.errors import (
    EmailTakenError,
    InvalidInputError,
    ShopHubError,
    ThrottledError,
    WrongCredentialsError,
)
from shophub.lib.cookies import read_cookies
from shophub.schemas.accounts import RegisterForm, SignedIn, SignInForm
from shophub.services import accounts, email_links, notices, sessions, visitors

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
MAX_FIELDS = 20
VERIFIED = "Thank you. Your e-mail address is confirmed."
LINK_OVER = "This link is not valid any more."
# What is wrong, as the page's address says it; the page has the sentence.
_CODES: dict[type[ShopHubError], str] = {
    WrongCredentialsError: "wrong_credentials",
    EmailTakenError: "email_taken",
    ThrottledError: "too_many",
}
_FIELD_CODES = {"email": "invalid_email", "password": "weak_password", "full_name": "invalid_name"}  # nosec B105 - a code


async def form_fields(request: Request) -> dict[str, str]:
    """Return the text fields of a posted form; files are refused."""
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


FormDep = Annotated[dict[str, str], Depends(form_fields)]


@router.post("/auth/login", dependencies=[PUBLIC, SameOrigin])
async def post_login(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Sign in and go back to where the visitor was, or to the form with what is wrong."""
    try:
        form = SignInForm(email=fields.get("email", ""), password=fields.get("password", ""))
    except ValidationError:
        return _back("/login", "wrong_credentials", fields)
    try:
        async with transaction() as session:
            guest_token = _guest_token(request)
            signed_in = await accounts.sign_in(session, form, guest_token, origin)
            await _end_former_session(request, session)
    except (WrongCredentialsError, ThrottledError) as error:
        return _back("/login", _CODES[type(error)], fields, error)
    return _welcome(signed_in, fields)


@router.post("/auth/register", dependencies=[PUBLIC, SameOrigin])
async def post_register(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Make an account, sign it in and go back to where the visitor was, or to the form with what is wrong."""
    try:
        form = RegisterForm.model_validate({name: fields.get(name, "") for name in RegisterForm.model_fields})
    except ValidationError as error:
        first = str(error.errors()[0]["loc"][0])
        return _back("/register", _FIELD_CODES.get(_snake(first), "invalid_data"), fields)
    try:
        async with transaction() as session:
            signed_in = await accounts.register(session, form, _guest_token(request), origin)
            await _end_former_session(request, session)
    except InvalidInputError as error:
        return _back("/register", _FIELD_CODES.get(next(iter(error.fields), ""), error.code), fields)
    except (EmailTakenError, ThrottledError) as error:
        return _back("/register", _CODES[type(error)], fields, error)
    return _welcome(signed_in, fields)


@router.post("/auth/logout", dependencies=[PUBLIC, SameOrigin])
async def post_logout(request: Request, fields: FormDep, session: SessionDep) -> Response:
    """End the session, in every tab of this device. The next person at this browser is another guest, too."""
    await _end_former_session(request, session)
    answer = _redirect(same_origin_path(fields.get("next")))
    answer.headers.append("set-cookie", no_session_cookie())
    answer.headers.append("set-cookie", no_guest_cookie())
    return answer


@router.get("/verify-email", dependencies=[PUBLIC])
async def get_verify_email(session: SessionDep, request: Request, token: str = "") -> Response:
    """Verify the address that a link was mailed to, and say so on the page that follows."""
    verified = await email_links.verify_email(session, token)
    visitor = await visitors.identify(session, request.headers.get("cookie", ""))
    sentence = VERIFIED if verified else LINK_OVER
    return _redirect(_with_notice("/login" if visitor.user is None else "/", sentence))


def _welcome(signed_in: SignedIn, fields: Mapping[str, str]) -> Response:
    target = same_origin_path(fields.get("next"))
    if signed_in.notices:  # what the merged cart could not keep whole
        target = _with_notice(target, " ".join(signed_in.notices))
    answer = _redirect(target)
    answer.headers.append("set-cookie", session_cookie(signed_in.token))
    return answer


def _with_notice(target: str, sentence: str) -> str:
    """Return the address of a page that shows ``sentence`` once."""
    path, _, anchor = target.partition("#")
    notice = urlencode({"notice": notices.seal(sentence)})
    return f"{path}{'&' if '?' in path else '?'}{notice}" + (f"#{anchor}" if anchor else "")


def _back(page: str, code: str, fields: Mapping[str, str], error: ShopHubError | None = None) -> Response:
    """Send the visitor back to the form with everything that was filled in, except the password."""
    query = {"error": code}
    kept = ("email",) if page == "/login" else ("email", "full_name", "setup_token")
    for name in kept:
        if fields.get(name):
            query[name] = fields[name][:254]
    if isinstance(error, ThrottledError):
        query["wait"] = str(error.retry_after_seconds)
    target = same_origin_path(fields.get("next"), otherwise="")
    if target:
        query["next"] = target
    return _redirect(f"{page}?{urlencode(query, quote_via=quote)}")


def _redirect(target: str) -> RedirectResponse:
    return RedirectResponse(target, SEE_OTHER, headers={"Cache-Control": "no-store"})


def _guest_token(request: Request) -> str | None:
    return visitors.guest_token_of(request.headers.get("cookie", ""))


async def _end_former_session(request: Request, session: SessionDep) -> None:
    token = read_cookies(request.headers.get("cookie", "")).get(sessions.SESSION_COOKIE, "")
    former = sessions.read(token) if token else None
    if former is not None:
        await accounts.sign_out(session, former.session_id)


def _snake(name: str) -> str:
    return "full_name" if name == "fullName" else name
