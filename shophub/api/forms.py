"""What the doors of plain forms share: reading the fields, and the ways back and onward."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from shophub.api.cookies import DELETED, session_cookie, set_cookie
from shophub.domain.paths import same_origin_path
from shophub.errors import (
    BusyError,
    EmailTakenError,
    ShopHubError,
    ThrottledError,
    WrongCodeError,
    WrongCredentialsError,
)
from shophub.lib.cookies import read_cookies
from shophub.schemas.accounts import SignedIn
from shophub.services import form_memory, notices, pending_sign_in, sessions, visitors

SEE_OTHER = 303
MAX_FIELDS = 20
# What is wrong, as the page's address says it; the page has the sentence.
CODES: dict[type[ShopHubError], str] = {
    WrongCredentialsError: "wrong_credentials",
    WrongCodeError: "wrong_code",
    EmailTakenError: "email_taken",
    ThrottledError: "too_many",
    BusyError: "busy",
}


async def form_fields(request: Request) -> dict[str, str]:
    """Return the text fields of a posted form; files are refused."""
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


FormDep = Annotated[dict[str, str], Depends(form_fields)]


def redirect(target: str) -> RedirectResponse:
    """Send the browser on; nobody keeps that answer."""
    return RedirectResponse(target, SEE_OTHER, headers={"Cache-Control": "no-store"})


def with_notice(target: str, sentence: str) -> str:
    """Return the address of a page that shows ``sentence`` once."""
    path, _, anchor = target.partition("#")
    notice = urlencode({"notice": notices.seal(sentence)})
    return f"{path}{'&' if '?' in path else '?'}{notice}" + (f"#{anchor}" if anchor else "")


def login_address(fields: Mapping[str, str]) -> str:
    """Return the address of the sign-in page that leads to where the visitor was."""
    target = same_origin_path(fields.get("next"), otherwise="")
    return f"/login?{urlencode({'next': target}, quote_via=quote)}" if target else "/login"


def back(
    page: str, code: str, fields: Mapping[str, str], *, kept: Sequence[str] = (), error: ShopHubError | None = None
) -> Response:
    """Send the visitor back to the form with what is wrong; ``kept`` fields are filled in again."""
    query = {"error": code}
    if isinstance(error, ThrottledError):
        query["wait"] = str(error.retry_after_seconds)
    target = same_origin_path(fields.get("next"), otherwise="")
    if target:
        query["next"] = target
    answer = redirect(f"{page}?{urlencode(query, quote_via=quote)}")
    typed = {name: fields.get(name, "") for name in kept}
    if any(typed.values()):
        memory = form_memory.remember(typed)
        add_cookie(answer, set_cookie(form_memory.FORM_COOKIE, memory, lifetime=form_memory.LIFETIME))
    return answer


def welcome(request: Request, signed_in: SignedIn, fields: Mapping[str, str]) -> Response:
    """Send who is signed in now to where they were."""
    target = same_origin_path(fields.get("next"))
    if signed_in.notices:  # what the merged cart could not keep whole
        target = with_notice(target, " ".join(signed_in.notices))
    answer = redirect(target)
    add_cookie(answer, session_cookie(signed_in.token))
    present = read_cookies(request.headers.get("cookie", ""))
    for name in (form_memory.FORM_COOKIE, pending_sign_in.PENDING_COOKIE):
        if name in present:  # it has served
            add_cookie(answer, set_cookie(name, "", lifetime=DELETED))
    return answer


def add_cookie(answer: Response, value: str) -> None:
    """Add a ``Set-Cookie`` header."""
    answer.headers.append("set-cookie", value)


def guest_token(request: Request) -> str | None:
    """Return the opaque id of the browser's guest cart."""
    return visitors.guest_token_of(request.headers.get("cookie", ""))


def former_session_id(request: Request) -> UUID | None:
    """Return the session that the browser's cookie names, which ends when another one begins."""
    token = read_cookies(request.headers.get("cookie", "")).get(sessions.SESSION_COOKIE, "")
    former = sessions.read(token) if token else None
    return former.session_id if former else None
