"""The doors of the account area that a page alone cannot be: a form with passwords, a file, a link from an e-mail."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep, VisitorDep, current_visitor
from shophub.api.forms import FormDep, back, redirect, with_notice
from shophub.api.permissions import PUBLIC, ActorDep, CustomerDep, Requires, requires
from shophub.api.plain_page import plain_page
from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import (
    BusyError,
    ConflictError,
    EmailTakenError,
    ForbiddenError,
    InvalidInputError,
    ShopHubError,
    ThrottledError,
    UnauthenticatedError,
)
from shophub.schemas.account_area import OwnSession, PasswordForm
from shophub.schemas.stores import StoreView
from shophub.services import account_data, authorisation, email_change, stores, throttles
from shophub.services.audit import Actor
from shophub.services.flows import change_password

PAGE: Final = "/account/security"
CHANGED = "Your password is changed. All other devices are signed out."
CONFIRMED = "Thank you. Your new e-mail address is confirmed."
NOT_VALID = "It was used, replaced or is too old. You can ask for another one on your account's security page."
_PROBLEMS: dict[type[ShopHubError], str] = {
    BusyError: "busy",
    ConflictError: "conflict",
    ThrottledError: "too_many",
}

Answer = Callable[[Request], Awaitable[Response]]


class SignedInRoute(APIRoute):
    """A route that browsers navigate to: who was signed out meanwhile signs in and comes back to the page."""

    def get_route_handler(self) -> Any:
        """Answer with the sign-in page in place of an error for programs."""
        answer: Answer = super().get_route_handler()

        async def answer_or_sign_in(request: Request) -> Response:
            try:
                return await answer(request)
            except UnauthenticatedError:
                return redirect(f"/login?next={PAGE}")

        return answer_or_sign_in


class RequiresBriefly(Requires):
    """Asks in a transaction of its own: no connection is held while a password is hashed afterwards."""

    async def __call__(self, request: Request) -> OwnSession:  # type: ignore[override]
        """Return whose session it is.

        Raises:
            UnauthenticatedError: Nobody is signed in.
        """
        async with transaction() as session:
            visitor = await current_visitor(request, session)
            user = await authorisation.require(session, visitor, self.permission, step_up=self.step_up)
        if user is None:
            raise UnauthenticatedError("Please sign in first.")
        return OwnSession(user.id, visitor.session_id, user.email, user.full_name)


OwnSessionDep = Annotated[OwnSession, Depends(RequiresBriefly(Permission.OWN_ACCOUNT))]
router = APIRouter(include_in_schema=False, route_class=SignedInRoute)


@router.post("/account/password", dependencies=[SameOrigin])
async def post_password(owner: OwnSessionDep, fields: FormDep, origin: OriginDep) -> Response:
    """Change the password of who knows the present one. A plain form, so that password managers notice."""
    try:
        form = PasswordForm(
            current_password=fields.get("current_password", ""), new_password=fields.get("new_password", "")
        )
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0])
        return back(PAGE, "wrong_password" if wrong == "current_password" else "weak_password", {})
    try:
        await change_password.change_password(owner, form, Actor(owner.user_id, origin.network_address))
    except InvalidInputError as error:
        return back(PAGE, _code(error), {})
    except (ThrottledError, BusyError, ConflictError) as error:
        return back(PAGE, _PROBLEMS[type(error)], {}, error=error)
    return redirect(with_notice(PAGE, CHANGED))


@router.get("/account/data.json", dependencies=[requires(Permission.OWN_ACCOUNT, step_up=True)])
async def get_data(user: CustomerDep, session: SessionDep, actor: ActorDep) -> Response:
    """Offer everything that the shop keeps about the account as a file."""
    await throttles.hit(throttles.Action.EXPORT, actor.network_address)
    content = await account_data.export(session, user.id, actor)
    headers = {
        "Content-Disposition": f'attachment; filename="{account_data.FILE_NAME}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/json", headers=headers)


@router.get("/confirm-email", dependencies=[PUBLIC])
async def get_confirm_email(session: SessionDep, visitor: VisitorDep, token: str = "") -> Response:
    """Ask who is signed in to the account before anything changes: mail programs open links before their reader does.

    Anybody else is told to sign in to it first, and not to which address.
    """
    store = await stores.get_store(session)
    try:
        new_email = await email_change.find_new_email(session, token, visitor.user.id if visitor.user else None)
    except (UnauthenticatedError, ForbiddenError) as error:
        return _sign_in_first(store, error)
    if new_email is None:
        return plain_page(store, 400, "This link is not valid any more", NOT_VALID)
    sentence = f"From now on you sign in with {new_email}, and we write to you there."
    return plain_page(
        store,
        200,
        "Is this your new address?",
        sentence,
        button="Use this address",
        fields={"token": token},
        referrer="same-origin",
    )


@router.post("/confirm-email", dependencies=[PUBLIC, SameOrigin])
async def post_confirm_email(request: Request, fields: FormDep, origin: OriginDep) -> Response:
    """Make the address that the link was mailed to the account's, for who is signed in to the account."""
    async with transaction() as session:
        store = await stores.get_store(session)
        visitor = await current_visitor(request, session)
    reader = visitor.user.id if visitor.user else None
    try:
        async with transaction() as session:
            new_email = await email_change.confirm(session, fields.get("token", ""), reader, origin.network_address)
    except (UnauthenticatedError, ForbiddenError) as error:
        return _sign_in_first(store, error)
    except EmailTakenError as error:
        return plain_page(store, 409, "This address is taken", error.message)
    if new_email is None:
        return plain_page(store, 400, "This link is not valid any more", NOT_VALID)
    return redirect(with_notice(PAGE, CONFIRMED))


def _sign_in_first(store: StoreView, error: UnauthenticatedError | ForbiddenError) -> Response:
    status = 401 if isinstance(error, UnauthenticatedError) else 403
    return plain_page(store, status, "Sign in first", error.message)


def _code(error: InvalidInputError) -> str:
    """Return what is wrong with a change of password, as the page's address says it."""
    if "current_password" in error.fields:
        return "wrong_password"
    return "same_password" if error.message == change_password.SAME else "weak_password"
