"""Accounts for programs: the same doors as the forms, in JSON."""

from fastapi import APIRouter, Request, Response

from shophub.api.cookies import no_guest_cookie, no_session_cookie, session_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep, VisitorBeforeDep, VisitorDep
from shophub.api.description.refusals import refuses
from shophub.api.forms import former_session_id
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.errors import (
    BusyError,
    CodeRequiredError,
    EmailTakenError,
    UnauthenticatedError,
    WrongCodeError,
    WrongCredentialsError,
)
from shophub.lib.clock import utc_now
from shophub.schemas.accounts import (
    AccountOut,
    RegisterForm,
    SessionOut,
    SignedInOut,
    SignInForm,
    StepUpForm,
    StepUpOut,
)
from shophub.services import accounts, visitors
from shophub.services.flows import sign_in, step_up
from shophub.settings import get_settings

router = APIRouter(prefix="/api", tags=["accounts"], dependencies=[SameOrigin])


@router.post("/register", status_code=201, dependencies=[PUBLIC], openapi_extra=refuses(EmailTakenError, BusyError))
async def post_register(
    form: RegisterForm, request: Request, response: Response, session: SessionDep, origin: OriginDep
) -> SignedInOut:
    """Make an account and sign it in."""
    guest_token = visitors.guest_token_of(request.headers.get("cookie", ""))
    signed_in = await accounts.register(session, form, guest_token, origin)
    former = former_session_id(request)
    if former is not None:
        await accounts.sign_out(session, former)
    response.headers.append("set-cookie", session_cookie(signed_in.token))
    return SignedInOut(user=await accounts.get_account(session, signed_in.user.id), token=signed_in.token)


@router.post(
    "/auth/signin",
    dependencies=[PUBLIC],
    openapi_extra=refuses(WrongCredentialsError, CodeRequiredError, WrongCodeError, BusyError),
)
async def post_sign_in(form: SignInForm, request: Request, response: Response, origin: OriginDep) -> SignedInOut:
    """Sign in; the token serves as a bearer token as well as in the cookie. 401 ``totp_required`` asks for ``totp``."""
    guest_token = visitors.guest_token_of(request.headers.get("cookie", ""))
    signed_in = await sign_in.sign_in(form, guest_token, origin, former_session_id(request))
    response.headers.append("set-cookie", session_cookie(signed_in.token))
    async with transaction() as session:
        return SignedInOut(user=await accounts.get_account(session, signed_in.user.id), token=signed_in.token)


@router.post(
    "/auth/step-up",
    dependencies=[PUBLIC],
    openapi_extra=refuses(UnauthenticatedError, WrongCredentialsError, WrongCodeError, BusyError),
)
async def post_step_up(form: StepUpForm, visitor: VisitorBeforeDep, origin: OriginDep) -> StepUpOut:
    """Enter password or code once more, so that what needs it can be done for ten minutes."""
    await step_up.step_up(visitor, form, origin)
    return StepUpOut(valid_until=utc_now() + get_settings().step_up_lifetime)


@router.post("/auth/signout", status_code=204, dependencies=[PUBLIC])
async def post_sign_out(response: Response, session: SessionDep, visitor: VisitorDep) -> None:
    """End the session; without one there is nothing to do."""
    if visitor.session_id is not None:
        await accounts.sign_out(session, visitor.session_id)
    response.headers.append("set-cookie", no_session_cookie())
    response.headers.append("set-cookie", no_guest_cookie())


@router.get("/auth/session", dependencies=[PUBLIC])
async def get_session(response: Response, session: SessionDep, visitor: VisitorDep) -> SessionOut:
    """Say who is signed in, or that nobody is."""
    response.headers["Cache-Control"] = "no-store"
    user: AccountOut | None = None
    if visitor.user is not None:
        user = await accounts.get_account(session, visitor.user.id)
    return SessionOut(user=user)
