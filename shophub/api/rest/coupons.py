"""Coupons for the staff's programs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import ActorDep, requires
from shophub.domain.permissions import Permission
from shophub.errors import CouponCodeTakenError, UnknownCouponError
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.coupons import CouponIn, CouponOut, CouponPatch
from shophub.services import coupons
from shophub.services.rest import coupons as rest_coupons

router = APIRouter(prefix="/api/admin/coupons", tags=["coupons"], dependencies=[SameOrigin])


@router.get("", dependencies=[requires(Permission.MANAGE_COUPONS)])
async def get_coupons(
    response: Response,
    session: SessionDep,
    page: PageDep,
    q: Annotated[str, Query(max_length=200, description="Part of a code or description.")] = "",
    is_active: Annotated[bool | None, Query(alias="isActive")] = None,
) -> PageOut[CouponOut]:
    """List coupons, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    return await rest_coupons.list_coupons(session, q, is_active, page)


@router.post(
    "",
    status_code=201,
    openapi_extra=refuses(CouponCodeTakenError),
    dependencies=[requires(Permission.MANAGE_COUPONS)],
)
async def post_coupon(form: CouponIn, session: SessionDep, actor: ActorDep) -> CouponOut:
    """Make a coupon."""
    return await rest_coupons.create_coupon(session, form, actor)


@router.get(
    "/{coupon_id}", openapi_extra=refuses(UnknownCouponError), dependencies=[requires(Permission.MANAGE_COUPONS)]
)
async def get_coupon(coupon_id: UUID, response: Response, session: SessionDep) -> CouponOut:
    """Return a coupon."""
    response.headers["Cache-Control"] = "no-store"
    return await rest_coupons.get_coupon(session, coupon_id)


@router.patch(
    "/{coupon_id}",
    openapi_extra=refuses(UnknownCouponError, CouponCodeTakenError),
    dependencies=[requires(Permission.MANAGE_COUPONS)],
)
async def patch_coupon(coupon_id: UUID, patch: CouponPatch, session: SessionDep, actor: ActorDep) -> CouponOut:
    """Change parts of a coupon. Uses that are counted or held stay; carts see the new terms at their next look."""
    return await rest_coupons.change_coupon(session, coupon_id, patch, actor)


@router.delete(
    "/{coupon_id}",
    status_code=204,
    openapi_extra=refuses(UnknownCouponError),
    dependencies=[requires(Permission.MANAGE_COUPONS, step_up=True)],
)
async def delete_coupon(coupon_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    """Delete a coupon. The history of its uses stays, and checkouts that hold one can finish at their price."""
    await coupons.delete_coupon(session, coupon_id, actor=actor)
