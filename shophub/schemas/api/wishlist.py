"""Wishlists as programs read and change them."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from shophub.schemas.api.base import ApiForm, ApiOut
from shophub.schemas.api.catalogue import ProductOut


class WishForm(ApiForm):
    """Which product is wished for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"productId": "0190a8c4-0b6e-7c1a-9f3e-2d5b7a1c4e88"}]})

    product_id: UUID


class WishOut(ApiOut):
    """A product that is wished for. ``added_price`` is what it cost then, in the product's ``currency``."""

    product_id: UUID
    added_at: datetime
    added_price: int = Field(ge=1, examples=[29_999])
    product: ProductOut
