"""Registering and signing out: plain forms, which work without JavaScript."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from shophub.api.cookies import no_guest_cookie, no_session_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep
from shophub.api.forms import (
    CODES,
    FormDep,
    add_cookie,
    back,
    former_session_id,
    guest_token,
    redirect,
    welcome,
)
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.domain.paths import same_origin_path
from shophub.errors import BusyError, EmailTakenError, InvalidInputError, ThrottledError
from shophub.schemas.accounts import RegisterForm
from shophub.services import accounts

router = APIRouter(include_in_schema=False)

KEPT = ("email", "full_name", "setup")  # not the setup token: it is worth the shop
_FIELD_CODES = {"email": "invalid_email", "password": "weak_password", "full_name": "invalid_name"}  # nosec B105 - a code


@router.post("/auth/register", dependencies=[PUBLIC, SameOrigin])
async def post_register(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Make an account, sign it in and go back to where the visitor was, or to the form with what is wrong."""
    try:
        form = RegisterForm.model_validate({name: fields.get(name, "") for name in RegisterForm.model_fields})
    except ValidationError as error:
        wrong = [_FIELD_CODES.get(_snake(str(one["loc"][0])), "invalid_data") for one in error.errors()]
        return back("/register", ",".join(dict.fromkeys(wrong)), fields, kept=KEPT)
    former = former_session_id(request)
    try:
        async with transaction() as session:
            signed_in = await accounts.register(session, form, guest_token(request), origin)
            if former is not None:
                await accounts.sign_out(session, former)
    except InvalidInputError as error:
        return back("/register", _FIELD_CODES.get(next(iter(error.fields), ""), error.code), fields, kept=KEPT)
    except (EmailTakenError, ThrottledError, BusyError) as error:
        return back("/register", CODES[type(error)], fields, kept=KEPT, error=error)
    return welcome(request, signed_in, fields)


@router.post("/auth/logout", dependencies=[PUBLIC, SameOrigin])
async def post_logout(request: Request, fields: FormDep, session: SessionDep) -> Response:
    """End the session, in every tab of this device. The next person at this browser is another guest, too."""
    former = former_session_id(request)
    if former is not None:
        await accounts.sign_out(session, former)
    answer = redirect(same_origin_path(fields.get("next")))
    add_cookie(answer, no_session_cookie())
    add_cookie(answer, no_guest_cookie())
    return answer


def _snake(name: str) -> str:
    return "full_name" if name == "fullName" else name
