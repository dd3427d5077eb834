"""Who may do what, asked of what the database says now."""

from datetime import timedelta

import pytest

from shophub.db import AsyncSession
from shophub.domain.permissions import PERMISSIONS, STAFF_ONLY, Permission, may
from shophub.domain.statuses import Role
from shophub.errors import ForbiddenError, StepUpRequiredError, TwoFactorRequiredError, UnauthenticatedError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.repositories import stores
from shophub.schemas.accounts import UserView, Visitor
from shophub.services.authorisation import require
from tests.rows import execute


def visitor(role: Role | None, **more: object) -> Visitor:
    """Return somebody of a role (None: a guest) who entered the password just now."""
    user = UserView(new_id(), "ada@example.com", "Ada", role, True) if role else None
    return Visitor(**{"user": user, "step_up_at": utc_now(), **more})  # type: ignore[arg-type]


# The table of roles, written down a second time on purpose.
ALLOWED = {
    None: {"visit"},
    Role.CUSTOMER: {"visit", "own_account"},
    Role.ADMIN: {
        "visit",
        "own_account",
        "enter_back_office",
        "manage_products",
        "manage_orders",
        "refund_orders",
        "manage_coupons",
        "moderate_reviews",
        "see_analytics",
    },
    Role.SUPER_ADMIN: {permission.value for permission in Permission},
}


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("permission", list(Permission))
async def test_role_passes_exactly_where_the_table_says_so(session: AsyncSession, role, permission):
    who = visitor(role)

    if permission.value in ALLOWED[role]:
        assert await require(session, who, permission) == who.user
        return
    refusal = UnauthenticatedError if role is None else ForbiddenError
    with pytest.raises(refusal):
        await require(session, who, permission)


def test_roles_only_ever_add_to_one_another():
    assert PERMISSIONS[None] < PERMISSIONS[Role.CUSTOMER] < PERMISSIONS[Role.ADMIN] < PERMISSIONS[Role.SUPER_ADMIN]
    assert not any(may(Role.CUSTOMER, permission) for permission in STAFF_ONLY)


@pytest.mark.parametrize("age", [timedelta(minutes=11), None])
async def test_password_entered_too_long_ago_is_asked_for_again(session: AsyncSession, age):
    entered = None if age is None else utc_now() - age

    with pytest.raises(StepUpRequiredError):
        await require(session, visitor(Role.ADMIN, step_up_at=entered), Permission.REFUND_ORDERS, step_up=True)

    lately = visitor(Role.ADMIN, step_up_at=utc_now() - timedelta(minutes=9))
    assert await require(session, lately, Permission.REFUND_ORDERS, step_up=True) == lately.user


async def test_staff_without_a_second_factor_are_sent_to_set_one_up_where_the_store_requires_it(session: AsyncSession):
    await execute(session, "UPDATE store_settings SET admin_two_factor_required = true")
    assert (await stores.get_store(session)).admin_two_factor_required

    with pytest.raises(TwoFactorRequiredError):
        await require(session, visitor(Role.ADMIN), Permission.MANAGE_ORDERS)

    secured = visitor(Role.ADMIN, has_second_factor=True)
    assert await require(session, secured, Permission.MANAGE_ORDERS) == secured.user
    customer = visitor(Role.CUSTOMER)
    assert await require(session, customer, Permission.OWN_ACCOUNT) == customer.user
