"""Carts as programs see them."""

from uuid import UUID

from shophub.schemas.api.carts import CartItemOut, CartOut, CartProductOut
from shophub.schemas.carts import CartLineView, CartView


def cart_out(cart: CartView, notices: tuple[str, ...] = ()) -> CartOut:
    """Return a cart as programs see it, with what else they have to be told of."""
    return CartOut(
        id=cart.id,
        items=[_item(line) for line in cart.lines],
        saved=[_item(line) for line in cart.saved],
        coupon_code=cart.coupon_code or None,
        subtotal=cart.subtotal_minor,
        discount=cart.discount_minor,
        shipping=cart.shipping_minor,
        tax=cart.tax_minor,
        total=cart.total_minor,
        currency=cart.currency,
        notices=[*notices, *cart.notices],
    )


def _item(line: CartLineView) -> CartItemOut:
    return CartItemOut(
        id=UUID(line.id),
        variant_id=UUID(line.variant_id),
        product=CartProductOut(id=UUID(line.product_id), slug=line.product_slug, name=line.name, image=line.image.url),
        options=line.options,
        quantity=line.quantity,
        price=line.price_minor,
        total=line.total_minor,
        available=line.available,
        notice=line.notice or None,
    )
