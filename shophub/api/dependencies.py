"""What routes ask for: a session in a transaction, who is asking, and from where."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request

from shophub.db import AsyncSession, transaction
from shophub.errors import ForbiddenError, UnauthenticatedError
from shophub.lib.cookies import read_cookies
from shophub.lib.network import is_origin_of
from shophub.lib.pagination import DEFAULT_PAGE_SIZE, MAX_PAGE, MAX_PAGE_SIZE, PageRequest
from shophub.schemas.accounts import Origin, UserView, Visitor
from shophub.services import sessions, visitors
from shophub.settings import get_settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossOriginError(ForbiddenError):
    """A page of another site sent the request, or nothing shows that it was one of ours."""

    code = "cross_origin"


async def open_transaction() -> AsyncIterator[AsyncSession]:
    """Open the transaction of a request; it is committed before the answer goes out."""
    async with transaction() as session:
        yield session


# By default the end of a dependency runs after the answer was sent: a failed commit would still have answered 200.
SessionDep = Annotated[AsyncSession, Depends(open_transaction, scope="function")]


def bearer_token(request: Request) -> str:
    """Return the token of ``Authorization: Bearer``, or nothing."""
    return bearer_of(request.headers.get("authorization", ""))


def bearer_of(authorization: str) -> str:
    """Return the token of an ``Authorization`` header's value, or nothing."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def current_visitor(request: Request, session: SessionDep) -> Visitor:
    """Return who is asking, by bearer token or cookie, read from the database."""
    cookies = request.headers.get("cookie", "")
    bearer = bearer_token(request)
    if not bearer:
        return await visitors.identify(session, cookies)
    visitor = await visitors.identify_token(session, bearer)
    if visitor.user is None:
        raise UnauthenticatedError("The token is not valid any more.")
    return visitor


VisitorDep = Annotated[Visitor, Depends(current_visitor)]


async def visitor_before(request: Request) -> Visitor:
    """Return who is asking, from a transaction that is over: for routes that call what opens its own."""
    async with transaction() as session:
        return await current_visitor(request, session)


VisitorBeforeDep = Annotated[Visitor, Depends(visitor_before)]


async def current_user(visitor: VisitorDep) -> UserView:
    """Return the account that is asking.

    Raises:
        UnauthenticatedError: Nobody is signed in.
    """
    if visitor.user is None:
        raise UnauthenticatedError("Please sign in first.")
    return visitor.user


UserDep = Annotated[UserView, Depends(current_user)]


async def require_same_origin(request: Request) -> None:
    """Refuse what another site's page sent in the visitor's name.

    Browsers say where a request comes from: ``Sec-Fetch-Site``, and on plain HTTP only ``Origin``. A program says
    neither; that passes unless it uses a session cookie, which it then has to vouch for like a browser.

    Raises:
        CrossOriginError: Another origin, or a session cookie and no origin.
    """
    if request.method in SAFE_METHODS or bearer_token(request):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        allowed = site == "same-origin"
    elif origin is not None:
        allowed = _is_own(origin, request.headers.get("host", ""))
    else:
        allowed = sessions.SESSION_COOKIE not in read_cookies(request.headers.get("cookie", ""))
    if not allowed:
        raise CrossOriginError("This request did not come from the shop's own pages.")


SameOrigin = Depends(require_same_origin)


def _is_own(origin: str, host: str) -> bool:
    return is_origin_of(origin, host) or origin == get_settings().public_url


async def request_origin(request: Request) -> Origin:
    """Return where the request comes from; ``ClientAddress`` has looked behind trusted proxies already."""
    return Origin(
        network_address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
    )


OriginDep = Annotated[Origin, Depends(request_origin)]


async def asked_page(
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MAX_PAGE_SIZE)] = DEFAULT_PAGE_SIZE,
) -> PageRequest:
    """Return which page of a list is asked for."""
    return PageRequest(page, page_size)


PageDep = Annotated[PageRequest, Depends(asked_page)]
