"""Signing in by plain forms: the password, then where the account asks for it a code.

Between the two the browser keeps the sealed proof that the password was right, for five minutes and out of reach of
scripts. The page is ``/login`` for both steps.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from shophub.api.cookies import DELETED, set_cookie
from shophub.api.dependencies import OriginDep, SameOrigin
from shophub.api.forms import (
    CODES,
    FormDep,
    add_cookie,
    back,
    former_session_id,
    guest_token,
    login_address,
    redirect,
    welcome,
)
from shophub.api.permissions import PUBLIC
from shophub.errors import BusyError, CodeRequiredError, ThrottledError, WrongCodeError, WrongCredentialsError
from shophub.schemas.accounts import SignInForm
from shophub.services import pending_sign_in
from shophub.services.flows import sign_in

router = APIRouter(include_in_schema=False, dependencies=[PUBLIC, SameOrigin])
KEPT = ("email",)


@router.post("/auth/login")
async def post_login(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Sign in and go back to where the visitor was, or to the form with what is wrong, or on to the code."""
    try:
        form = SignInForm(email=fields.get("email", ""), password=fields.get("password", ""))
    except ValidationError:
        return back("/login", "wrong_credentials", fields, kept=KEPT)
    try:
        signed_in = await sign_in.sign_in(form, guest_token(request), origin, former_session_id(request))
    except CodeRequiredError as needed:
        answer = redirect(login_address(fields))
        add_cookie(answer, _pending_cookie(needed.pending))
        return answer
    except (WrongCredentialsError, ThrottledError, BusyError) as error:
        return back("/login", CODES[type(error)], fields, kept=KEPT, error=error)
    return welcome(request, signed_in, fields)


@router.post("/auth/code")
async def post_code(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Finish signing in with a code of the app or a recovery code; when the proof is over, begin again."""
    pending = pending_sign_in.of_cookies(request.headers.get("cookie", ""))
    code = (fields.get("code") or fields.get("recovery_code") or "")[:64]
    try:
        signed_in = await sign_in.enter_code(pending, code, guest_token(request), origin, former_session_id(request))
    except (WrongCodeError, ThrottledError) as error:
        return back("/login", CODES[type(error)], fields, error=error)
    except WrongCredentialsError:
        answer = back("/login", "too_late", fields)
        add_cookie(answer, _no_pending_cookie())
        return answer
    return welcome(request, signed_in, fields)


@router.post("/auth/restart")
async def post_restart(fields: FormDep) -> Response:
    """Forget the password that was entered, and begin again, perhaps as somebody else."""
    answer = redirect(login_address(fields))
    add_cookie(answer, _no_pending_cookie())
    return answer


def _pending_cookie(pending: str) -> str:
    return set_cookie(pending_sign_in.PENDING_COOKIE, pending, lifetime=pending_sign_in.LIFETIME)


def _no_pending_cookie() -> str:
    return set_cookie(pending_sign_in.PENDING_COOKIE, "", lifetime=DELETED)
