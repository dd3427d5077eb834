"""Products as the staff's programs read and write them: drafts too, and with what only the staff may know."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from shophub.domain.statuses import ProductStatus
from shophub.schemas.api.base import ApiForm, ApiOut
from shophub.schemas.api.catalogue import CategoryNameOut, OptionOut, PictureOut, VariantOut
from shophub.schemas.product_editor import (
    MAX_ALT,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_OPTIONS,
    MAX_PICTURES,
    MAX_STOCK,
    MAX_TAGS,
    MAX_VALUES,
    MAX_VARIANTS,
)

LARGEST_PRICE = 10**11
LEAST_DESCRIPTION = 10
ProductSort = Literal["relevance", "newest", "price_asc", "price_desc", "rating", "best_selling"]

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]
Description = Annotated[str, StringConstraints(min_length=LEAST_DESCRIPTION, max_length=MAX_DESCRIPTION)]
Price = Annotated[StrictInt, Field(ge=1, le=LARGEST_PRICE)]
Stock = Annotated[StrictInt, Field(ge=0, le=MAX_STOCK)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Brand = Annotated[str, StringConstraints(max_length=80)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=250)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Tags = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=40)]], Field(max_length=MAX_TAGS)]
Version = Annotated[str, StringConstraints(min_length=1, max_length=64)]
PictureName = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Edge = Annotated[StrictInt, Field(ge=1, le=20_000)]

PICTURE = "The `publicId` of an upload, or an address that the store gave for one."
STOCK = "On the shelf, what checkouts have set aside included."
STATUS = "Left out: `active` for a new product, and as it was for others."
VERSION = "The `version` that was read. To change stock it must be there; where it is, it must be the present one."


class PictureIn(ApiForm):
    """A picture that was uploaded, in words for those who do not see it; without any it is the product's name."""

    public_id: PictureName = Field(description=PICTURE)
    alt_text: Annotated[str, StringConstraints(max_length=MAX_ALT)] = ""
    width: Edge | None = Field(None, description="In pixels, as the upload said.")
    height: Edge | None = None


PictureRef = Annotated[PictureName | PictureIn, Field(description=PICTURE)]
Pictures = Annotated[list[PictureRef], Field(max_length=MAX_PICTURES)]


class OptionIn(ApiForm):
    """An option, such as Size, with its values in the order in which they are shown."""

    name: Short
    values: list[Short] = Field(min_length=1, max_length=MAX_VALUES)


Options = Annotated[list[OptionIn], Field(max_length=MAX_OPTIONS)]
Choices = Annotated[dict[Short, Short], Field(max_length=MAX_OPTIONS)]


class VariantIn(ApiForm):
    """A variant, with a value of each option. Without a price it has the product's; without SKU it gets one.

    One that is there already is known by its ``id`` or its values.
    """

    id: UUID | None = None
    options: Choices = Field(default_factory=dict)
    sku: Sku | None = None
    price: Price | None = None
    compare_at_price: Price | None = None
    stock: Stock = Field(description=STOCK)


class VariantPatch(ApiForm):
    """What changes of a variant, known by its ``id`` or its values; one with new values is added."""

    id: UUID | None = None
    options: Choices = Field(default_factory=dict)
    sku: Sku = Field(default_factory=str)
    price: Price = Field(default_factory=int)
    compare_at_price: Price | None = Field(default_factory=lambda: None)
    stock: Stock = Field(default_factory=int, description=STOCK)


UPLOADED: dict[str, Any] = {
    "publicId": "shop/0192f0c17a3b7c559d105b6f3e2a4c81",
    "url": "https://res.cloudinary.com/demo/image/upload/w_1280/v1/shop/0192f0c17a3b7c559d105b6f3e2a4c81",
    "width": 1200,
    "height": 1500,
}
SIMPLE: dict[str, Any] = {
    "name": "Wireless Headphones",
    "description": "Thirty hours of music on one charge.",
    "price": 29999,
    "category": "electronics",
    "stock": 25,
    "sku": "WH-1000-BLK",
    "tags": ["audio"],
}
WITH_VARIANTS: dict[str, Any] = {
    "name": "Linen Shirt",
    "description": "Woven in Portugal, washed soft.",
    "price": 4500,
    "category": "clothing",
    "options": [{"name": "Size", "values": ["S", "M"]}],
    "variants": [{"options": {"Size": "S"}, "stock": 4}, {"options": {"Size": "M"}, "stock": 6, "price": 4700}],
}


class ProductIn(ApiForm):
    """A whole product. What is left out is empty. Amounts are minor units of the store's currency.

    A product without ``options`` has one variant, with ``price``, ``compareAtPrice``, ``sku`` and ``stock`` as they
    stand here. One with options has ``variants``: their stock counts, and ``price`` is for those without their own.
    ``image`` stands before ``images``.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [SIMPLE, WITH_VARIANTS]})

    name: Name
    description: Description = Field(description="Markdown.")
    price: Price
    category: Slug = Field(description="The category's slug.")
    stock: Stock | None = Field(None, description=f"{STOCK} Needed unless there are `variants`.")
    image: PictureRef | None = None
    images: Pictures = Field(default_factory=list)
    brand: Brand | None = None
    tags: Tags = Field(default_factory=list)
    compare_at_price: Price | None = None
    sku: Sku | None = None
    status: ProductStatus | None = Field(None, description=STATUS)
    options: Options = Field(default_factory=list)
    variants: list[VariantIn] = Field(default_factory=list, max_length=MAX_VARIANTS)


class ProductPut(ProductIn):
    """A product as it is to be, whole: what is left out becomes empty, and variants that are not named are removed.

    Only status, SKUs and the address stay where nothing is said of them.
    """

    version: Version | None = Field(None, description=VERSION)


class ProductPatch(ApiForm):
    """What changes of a product; what is not named stays, variants too.

    ``price``, ``compareAtPrice``, ``stock`` and ``sku`` are of its only variant; with several they stand in
    ``variants``. ``image`` moves to the front of the pictures, ``images`` take their place.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"price": 27999, "status": "active"}], "minProperties": 1}
    )

    version: Version | None = Field(None, description=VERSION)
    name: Name = Field(default_factory=str)
    description: Description = Field(default_factory=str, description="Markdown.")
    price: Price = Field(default_factory=int)
    category: Slug = Field(default_factory=str, description="The category's slug.")
    stock: Stock = Field(default_factory=int, description=STOCK)
    image: PictureRef = Field(default_factory=str)
    images: Pictures = Field(default_factory=list)
    brand: Brand | None = Field(default_factory=lambda: None)
    tags: Tags = Field(default_factory=list)
    compare_at_price: Price | None = Field(default_factory=lambda: None)
    sku: Sku = Field(default_factory=str)
    status: ProductStatus = Field(default_factory=lambda: ProductStatus.DRAFT)
    options: Options = Field(default_factory=list)
    variants: list[VariantPatch] = Field(default_factory=list, max_length=MAX_VARIANTS)


class UploadOut(ApiOut):
    """A picture that was stored. Products are written with its ``public_id``; sizes are pixels."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOADED]})

    public_id: str = Field(max_length=200)
    url: str
    width: int = Field(ge=1)
    height: int = Field(ge=1)


class AdminPictureOut(PictureOut):
    """A picture with the name that it is written by."""

    public_id: str


class AdminVariantOut(VariantOut):
    """What is sold. ``stock`` is on the shelf; ``available`` is what of it no checkout has set aside."""

    reserved: int = Field(ge=0)
    available: int = Field(ge=0)


class AdminProductOut(ApiOut):
    """A product, whatever its status. ``stock`` is on the shelf, as it is written; shoppers are told ``available``.

    ``price`` is that of the cheapest variant, 0 where there is nothing to sell yet. ``version`` goes back with a
    change of stock.
    """

    id: UUID
    version: str
    slug: str
    name: str
    description: str
    price: int = Field(ge=0)
    compare_at_price: int | None
    currency: str = Field(min_length=3, max_length=3)
    category: CategoryNameOut
    brand: str | None
    tags: list[str]
    image: str
    images: list[AdminPictureOut]
    stock: int = Field(ge=0)
    reserved: int = Field(ge=0)
    available: int = Field(ge=0)
    sku: str | None = Field(description="Of the only variant; null where there are several.")
    average_rating: float = Field(ge=0, le=5, description="With two decimals.")
    review_count: int = Field(ge=0)
    status: ProductStatus
    options: list[OptionOut]
    variants: list[AdminVariantOut]
    created_at: datetime
    updated_at: datetime
