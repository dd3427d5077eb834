"""Makers of rows for tests: ``await make_product(session, ...)``. They flush, they do not commit."""

from tests.factories.accounts import make_address, make_user
from tests.factories.carts import make_cart, make_coupon
from tests.factories.catalog import make_category, make_image, make_product, make_variant, variants_of
from tests.factories.orders import make_order

__all__ = [
    "make_address",
    "make_cart",
    "make_category",
    "make_coupon",
    "make_image",
    "make_order",
    "make_product",
    "make_user",
    "make_variant",
    "variants_of",
]
