"""The caller's own cart: an account's, or that of the guest whom a cookie names. Nobody's cart is found by its id."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from shophub.api.cookies import guest_cookie
from shophub.api.dependencies import (
    OriginDep,
    SameOrigin,
    SessionDep,
    VisitorBeforeDep,
    VisitorDep,
)
from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC, CustomerDep
from shophub.db import transaction
from shophub.errors import (
    CartLineNotFoundError,
    CouponNotApplicableError,
    CouponNotFoundError,
    InsufficientStockError,
    ProductNotFoundError,
)
from shophub.lib.ids import new_token
from shophub.schemas.accounts import Visitor
from shophub.schemas.api.carts import CartItemForm, CartItemPatch, CartOut, CouponCodeForm, QuantityForm
from shophub.schemas.carts import CartOwner
from shophub.services import carts, throttles, visitors
from shophub.services.checkouts import owner_of
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.rest.carts import cart_out
from shophub.services.rest.variants import meant

router = APIRouter(prefix="/api/cart", tags=["cart"], dependencies=[SameOrigin])

# What these paths name is no item: ``PUT /api/cart/clear`` is 405, not an item that there is not.
ACTIONS = ("/apply-coupon", "/remove-coupon", "/merge", "/clear")
OFFERED = (ProductNotFoundError, InsufficientStockError)


async def current_owner(visitor: VisitorDep) -> CartOwner:
    """Return whose cart the caller's is; a guest without a cookie has none."""
    return owner_of(visitor)


async def lasting_owner(visitor: VisitorDep, response: Response) -> CartOwner:
    """Return whose cart the caller's is; a guest without a cookie is given one to be known by."""
    return _lasting(visitor, response)


OwnerDep = Annotated[CartOwner, Depends(current_owner)]
LastingOwnerDep = Annotated[CartOwner, Depends(lasting_owner)]


@router.get("", dependencies=[PUBLIC])
async def get_cart(session: SessionDep, owner: OwnerDep) -> CartOut:
    """Return the caller's cart, priced now."""
    return cart_out(await carts.get_cart(session, owner))


@router.post("", status_code=201, dependencies=[PUBLIC], openapi_extra=refuses(*OFFERED))
async def post_cart_item(body: CartItemForm, visitor: VisitorBeforeDep, response: Response) -> CartOut:
    """Put something into the cart, on top of what is there. A guest's first addition sets the cookie of their cart."""
    owner = _lasting(visitor, response)
    variant_id = body.variant_id
    if body.id is not None or variant_id is None:
        async with transaction() as session:
            variant_id = await meant(session, body.id, variant_id)
    return cart_out(await add_to_cart(owner, variant_id, body.quantity))


@router.patch("", dependencies=[PUBLIC], openapi_extra=refuses(*OFFERED))
async def patch_cart_item(body: CartItemPatch, session: SessionDep, owner: LastingOwnerDep) -> CartOut:
    """Set how many of something are in the cart, whether it is in it yet or not; 0 takes it out."""
    variant_id = await meant(session, body.id, body.variant_id)
    return cart_out(await carts.set_variant(session, owner, variant_id, body.quantity))


@router.delete("", status_code=204, dependencies=[PUBLIC])
async def delete_cart(session: SessionDep, owner: OwnerDep) -> None:
    """Empty the cart, as ``/api/cart/clear`` does."""
    await carts.clear(session, owner)


async def not_offered() -> None:
    """Say that an act on the cart is a POST."""
    raise HTTPException(405, headers={"Allow": "POST"})


async def no_item() -> None:
    """Say that what is named by nothing is no item: programs take the id of a cart without one for an item's."""
    raise CartLineNotFoundError("That item is not in your cart.")


for action in ACTIONS:
    router.add_api_route(action, not_offered, methods=["PUT", "DELETE"], include_in_schema=False, dependencies=[PUBLIC])
router.add_api_route("/", no_item, methods=["PUT", "DELETE"], include_in_schema=False, dependencies=[PUBLIC])


@router.put("/{item_id}", dependencies=[PUBLIC], openapi_extra=refuses(CartLineNotFoundError, *OFFERED))
async def put_cart_item(item_id: UUID, body: QuantityForm, session: SessionDep, owner: OwnerDep) -> CartOut:
    """Set the quantity of an item of the cart; one that was put aside for later is put back."""
    return cart_out(await carts.set_quantity(session, owner, item_id, body.quantity))


@router.delete("/{item_id}", status_code=204, dependencies=[PUBLIC], openapi_extra=refuses(CartLineNotFoundError))
async def delete_cart_item(item_id: UUID, session: SessionDep, owner: OwnerDep) -> None:
    """Take an item out of the cart."""
    await carts.remove_line(session, owner, item_id)


@router.post(
    "/apply-coupon",
    dependencies=[PUBLIC],
    openapi_extra=refuses(CouponNotFoundError, CouponNotApplicableError),
)
async def post_cart_coupon(
    body: CouponCodeForm, visitor: VisitorBeforeDep, response: Response, origin: OriginDep
) -> CartOut:
    """Put a coupon on the cart, in the place of one that is there. 429 after many codes from one network address."""
    await throttles.hit(throttles.Action.COUPON, origin.network_address)
    async with transaction() as session:
        return cart_out(await carts.apply_coupon(session, _lasting(visitor, response), body.code))


@router.post("/remove-coupon", dependencies=[PUBLIC])
async def post_cart_without_coupon(session: SessionDep, owner: OwnerDep) -> CartOut:
    """Take the coupon off the cart; without one nothing changes."""
    return cart_out(await carts.remove_coupon(session, owner))


@router.post("/merge")
async def post_cart_merge(request: Request, session: SessionDep, user: CustomerDep) -> CartOut:
    """Pour the cart of the guest whom the request's cookie names into the account's, as signing in does.

    Quantities are summed and capped at what can be had; ``notices`` say where. A second time nothing happens.
    """
    guest_token = visitors.guest_token_of(request.headers.get("cookie", ""))
    notices = await carts.merge_guest_cart(session, guest_token, user.id) if guest_token else ()
    return cart_out(await carts.get_cart(session, CartOwner(user_id=user.id)), notices)


@router.post("/clear", dependencies=[PUBLIC])
async def post_cart_clear(session: SessionDep, owner: OwnerDep) -> CartOut:
    """Empty the cart and take its coupon off; what was put aside for later stays."""
    return cart_out(await carts.clear(session, owner))


def _lasting(visitor: Visitor, response: Response) -> CartOwner:
    owner = owner_of(visitor)
    if owner.user_id is None and owner.guest_token is None:
        owner = CartOwner(guest_token=new_token())
        response.headers.append("set-cookie", guest_cookie(owner.guest_token or ""))
    return owner
