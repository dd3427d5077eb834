"""What a route needs: the one dependency that asks. A test fails for a route that declares nothing."""

from typing import Annotated, Any

from fastapi import Depends, Request

from shophub.api.dependencies import OriginDep, SessionDep, VisitorDep, current_visitor
from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.accounts import UserView
from shophub.services import authorisation
from shophub.services.audit import Actor


class Requires:
    """Lets those pass who have a permission; with ``step_up``, who entered their password lately.

    Usable in a route's or router's ``dependencies``, or as a parameter that receives the account.
    """

    def __init__(self, permission: Permission, *, step_up: bool = False) -> None:
        """Declare what is needed."""
        self.permission = permission
        self.step_up = step_up

    async def __call__(self, visitor: VisitorDep, session: SessionDep) -> UserView | None:
        """Ask, at each call, of what the database says now.

        Raises:
            UnauthenticatedError, ForbiddenError, StepUpRequiredError, TwoFactorRequiredError: See ``authorisation``.
        """
        return await authorisation.require(session, visitor, self.permission, step_up=self.step_up)


class Public(Requires):
    """Everybody passes, and nothing is asked of the database: said so that it is not forgotten by accident."""

    def __init__(self) -> None:
        """Declare that nothing is needed."""
        super().__init__(Permission.VISIT)

    async def __call__(self) -> None:  # type: ignore[override]
        """Let everybody pass."""


def requires(permission: Permission, *, step_up: bool = False) -> Any:
    """Return the dependency for a permission."""
    return Depends(Requires(permission, step_up=step_up))


PUBLIC = Depends(Public())
CustomerDep = Annotated[UserView, requires(Permission.OWN_ACCOUNT)]


async def request_actor(visitor: VisitorDep, origin: OriginDep) -> Actor:
    """Return who is asking, as the audit log names them."""
    return Actor(visitor.user.id if visitor.user else None, origin.network_address)


ActorDep = Annotated[Actor, Depends(request_actor)]


class RequiresFirst(Requires):
    """As ``Requires``, in a transaction that is over before the route begins: for routes that then ask a vendor.

    Gives who is asking, as the audit log names them.
    """

    async def __call__(self, request: Request, origin: OriginDep) -> Actor:  # type: ignore[override]
        """Ask of what the database says now, and let go of its connection."""
        async with transaction() as session:
            visitor = await current_visitor(request, session)
            await authorisation.require(session, visitor, self.permission, step_up=self.step_up)
        return await request_actor(visitor, origin)


def requires_first(permission: Permission, *, step_up: bool = False) -> Any:
    """Return the dependency for a permission, for a parameter that receives who is asking."""
    return Depends(RequiresFirst(permission, step_up=step_up))
