"""May this visitor do that? Asked by every door, at each call, of what the database says now."""

from shophub.db import AsyncSession
from shophub.domain.permissions import STAFF_ONLY, Permission, may
from shophub.domain.statuses import Role
from shophub.errors import ForbiddenError, StepUpRequiredError, TwoFactorRequiredError, UnauthenticatedError
from shophub.lib.clock import utc_now
from shophub.repositories import stores
from shophub.schemas.accounts import UserView, Visitor
from shophub.settings import get_settings


def role_of(visitor: Visitor) -> Role | None:
    """Return the visitor's role, None for a guest."""
    return Role(visitor.user.role) if visitor.user is not None else None


async def require(
    session: AsyncSession, visitor: Visitor, permission: Permission, *, step_up: bool = False
) -> UserView | None:
    """Let the visitor pass, or say why not. Returns the account, None for a guest.

    ``step_up`` asks that password or code were entered within the last ten minutes (a sign-in counts).

    Raises:
        UnauthenticatedError: Nobody is signed in, and guests may not.
        ForbiddenError: The role does not have the permission.
        TwoFactorRequiredError: The store asks its staff for a second factor, and this account has none.
        StepUpRequiredError: The last entry of password or code is too long ago.
    """
    role = role_of(visitor)
    if not may(role, permission):
        if visitor.user is None:
            raise UnauthenticatedError("Please sign in first.")
        raise ForbiddenError("Your account may not do this.")
    if permission in STAFF_ONLY and not visitor.has_second_factor:
        store = await stores.get_store(session)
        if store.admin_two_factor_required:
            raise TwoFactorRequiredError("Set up two-factor sign-in first: this store requires it of its staff.")
    if step_up and not is_stepped_up(visitor):
        raise StepUpRequiredError("Please enter your password or a code again.")
    return visitor.user


def is_stepped_up(visitor: Visitor) -> bool:
    """Return whether password or code were entered lately in this session."""
    return visitor.step_up_at is not None and utc_now() - visitor.step_up_at < get_settings().step_up_lifetime
