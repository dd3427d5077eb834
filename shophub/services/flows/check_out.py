"""Checking out for programs: their cart, or goods that they give; refusals as they understand them."""

from uuid import UUID

from pydantic.alias_generators import to_camel

from shophub.db import transaction
from shophub.errors import (
    CheckoutChangedError,
    EmailRequiredError,
    InsufficientStockError,
    InvalidInputError,
    ProductNotFoundError,
)
from shophub.lib.ids import new_id
from shophub.repositories import carts, stores
from shophub.schemas.accounts import Visitor
from shophub.schemas.api.checkouts import CheckoutForm, CheckoutItem, ShippingInfo
from shophub.schemas.checkouts import AddressForm, GivenGoods, PaymentView
from shophub.services import throttles
from shophub.services.checkouts import owner_of
from shophub.services.drafting import check_address, check_contact
from shophub.services.flows.start_payment import start
from shophub.services.given_goods import UNKNOWN
from shophub.services.opening import StartRequest


async def check_out(visitor: Visitor, form: CheckoutForm, network_address: str) -> PaymentView:
    """Start paying for given goods, or for the caller's cart; see ``start_payment`` for what is guaranteed.

    Given goods are paid for in a checkout of their own; given again by the same account or guest before they are paid,
    that one goes on. Whoever starts agrees to the prices of that moment: the answer says what they come to.

    Raises:
        EmailRequiredError: Neither an account nor an e-mail address.
        GuestCheckoutDisabledError: Guests cannot check out here.
        ProductNotFoundError: Something is not known, or not on sale.
        InsufficientStockError: Something is short, also where somebody else has just taken it.
        ShopHubError: See ``start_payment``.
    """
    if form.coupon_code:
        await throttles.hit(throttles.Action.COUPON, network_address)
    request = StartRequest(
        visitor,
        email=form.shipping_info.email or "",
        address=_address(visitor, form.shipping_info),
        note=form.note or "",
        network_address=network_address,
        coupon_code=form.coupon_code or "",
        given=tuple(_given(item) for item in form.items or ()),
    )
    await _check_who_and_where(request)
    try:
        return await start(request)
    except CheckoutChangedError as changed:
        if not changed.short:
            raise
        raise await _shortage(request, changed.short[0]) from changed


async def _check_who_and_where(request: StartRequest) -> None:
    """Refuse in a program's own words what ``opening.prepare`` refuses in those of a page's form."""
    async with transaction() as session:
        store = await stores.get_store(session)
    try:
        check_contact(request.visitor, request.email, store)
    except InvalidInputError as error:
        raise EmailRequiredError("Sign in, or give an e-mail address.") from error
    try:
        check_address(request.address, store)
    except InvalidInputError as error:
        fields = {f"shippingInfo.{to_camel(name)}": sentence for name, sentence in error.fields.items()}
        raise InvalidInputError(error.message, fields) from error


async def _shortage(request: StartRequest, variant_id: UUID) -> InsufficientStockError:
    """Return the refusal that says how many there are left for this caller."""
    async with transaction() as session:
        cart = None if request.given else await carts.find_cart(session, owner_of(request.visitor))
        stock = await carts.find_availability(session, cart.id if cart else new_id(), variant_id)
    available = max(0, stock.available) if stock else 0
    name = stock.name if stock else "It"
    message = f"Only {available} left of {name}." if available else f"{name} has just sold out."
    return InsufficientStockError(message, variant_id=str(variant_id), available=available)


def _address(visitor: Visitor, info: ShippingInfo) -> AddressForm:
    return AddressForm(
        full_name=info.full_name or (visitor.user.full_name if visitor.user else ""),
        address=info.address,
        address2=info.address2 or "",
        city=info.city,
        state=info.state or "",
        zip_code=info.zip_code,
        country=info.country or "US",
        phone=info.phone,
    )


def _given(item: CheckoutItem) -> GivenGoods:
    try:
        return GivenGoods(UUID(item.id), item.variant_id, item.quantity)
    except ValueError as error:
        raise ProductNotFoundError(UNKNOWN) from error
