"""Carts as programs fill and read them."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field, StrictInt, model_validator
from pydantic.config import JsonDict

from shophub.schemas.api.base import ApiForm, ApiOut

MOST = 99
EXAMPLE_ID = "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"
# Null is as good as missing, but one of the two has to be there. Said by what must not be: of alternatives, clients
# made from the description would have a class for each.
ONE_NAMED: JsonDict = {"not": {"properties": {"id": {"type": "null"}, "variantId": {"type": "null"}}}}


class CartItemForm(ApiForm):
    """How many of what: a variant, or a product's default variant where only the product's ``id`` is given.

    What else a program keeps of an item (``name``, ``price``, ``image``) may come along and is ignored.
    """

    model_config = ConfigDict(
        json_schema_extra={**ONE_NAMED, "examples": [{"variantId": EXAMPLE_ID, "quantity": 2}]},
    )

    id: UUID | None = Field(None, description="The product.")
    variant_id: UUID | None = Field(None, description="One of its variants.")
    quantity: StrictInt = Field(ge=1, le=MOST)
    name: Any = Field(None, description="Ignored.")
    price: Any = Field(None, description="Ignored: prices are the store's.")
    image: Any = Field(None, description="Ignored.")

    @model_validator(mode="after")
    def _names_something(self) -> "CartItemForm":
        if self.id is None and self.variant_id is None:
            raise ValueError("Name the product by id, or the variant by variantId.")
        return self


class CartItemPatch(CartItemForm):
    """How many of something there shall be; 0 takes it out."""

    model_config = ConfigDict(
        json_schema_extra={**ONE_NAMED, "examples": [{"variantId": EXAMPLE_ID, "quantity": 0}]},
    )

    quantity: StrictInt = Field(ge=0, le=MOST)


class QuantityForm(ApiForm):
    """How many of an item there shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"quantity": 3}]})

    quantity: StrictInt = Field(ge=1, le=MOST)


class CouponCodeForm(ApiForm):
    """A coupon's code; case does not matter."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "WELCOME10"}]})

    code: str = Field(min_length=1, max_length=64, pattern=r"\S")


class CartProductOut(ApiOut):
    """The product that an item is of. ``image`` is empty where it has no picture."""

    id: UUID
    slug: str
    name: str
    image: str


class CartItemOut(ApiOut):
    """A line item. ``available`` is how many this cart can have; ``notice`` says what changed since it was added."""

    id: UUID
    variant_id: UUID
    product: CartProductOut
    options: dict[str, str]
    quantity: int = Field(ge=1, le=MOST)
    price: int = Field(ge=1, description="Of one, now, in the smallest unit of the cart's `currency`.")
    total: int = Field(ge=1)
    available: int = Field(ge=0)
    notice: str | None = Field(examples=["Price changed from $279.99 to $299.99."])


class CartOut(ApiOut):
    """A cart, priced at this moment. ``total`` is ``subtotal - discount + shipping + tax``.

    Where prices include tax, ``tax`` is shown and not added. Items that are sold out or no longer on sale stand in the
    cart with a ``notice`` and are not counted. ``saved`` are items put aside for later, ``notices`` what happened to
    the cart as a whole: a coupon that was dropped, or quantities that could not be kept. ``id`` is empty as long as
    nothing was ever put in.
    """

    id: str = Field(examples=[EXAMPLE_ID])
    items: list[CartItemOut]
    saved: list[CartItemOut] = Field(examples=[[]])
    coupon_code: str | None
    subtotal: int = Field(ge=0)
    discount: int = Field(ge=0)
    shipping: int = Field(ge=0)
    tax: int = Field(ge=0)
    total: int = Field(ge=0)
    currency: str = Field(min_length=3, max_length=3)
    notices: list[str] = Field(examples=[["We could keep only 1 of Wireless Headphones."]])
