"""The catalog as programs read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from shophub.domain.statuses import ProductStatus
from shophub.lib.pagination import DEFAULT_PAGE_SIZE, MAX_PAGE, MAX_PAGE_SIZE, PageRequest
from shophub.lib.slugs import MAX_SLUG
from shophub.schemas.api.base import ApiOut, PageOut
from shophub.schemas.community import ReviewSort

HIGHEST_PRICE = 2**63 - 1


class ProductSort(StrEnum):
    """In which order products come. ``relevance`` is that of a search, else what sells best comes first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    RATING = "rating"
    BEST_SELLING = "best_selling"


class PageQuery(BaseModel):
    """Which page of a list.

    Parameters have one name each, the one on the wire: under any other, ``page_size`` say, they would change an answer
    that is then kept for those who left them out.
    """

    page: int = Field(1, ge=1, le=MAX_PAGE)
    page_size: int = Field(DEFAULT_PAGE_SIZE, alias="pageSize", ge=1, le=MAX_PAGE_SIZE)

    @property
    def request(self) -> PageRequest:
        """Return it as services take it."""
        return PageRequest(self.page, self.page_size)


class FilterQuery(PageQuery):
    """Which products of a list: what is left out does not narrow."""

    q: str = Field("", max_length=200, description="Words to search for.")
    min_price: int | None = Field(
        None, alias="minPrice", ge=0, le=HIGHEST_PRICE, description="In minor units of the store's currency."
    )
    max_price: int | None = Field(
        None, alias="maxPrice", ge=0, le=HIGHEST_PRICE, description="In minor units of the store's currency."
    )
    rating: int | None = Field(None, ge=1, le=5, description="So many stars at least.")
    in_stock: bool = Field(False, alias="inStock", description="Only what can be had.")
    sort: ProductSort = ProductSort.RELEVANCE


class ProductQuery(FilterQuery):
    """Which products."""

    category: str | None = Field(None, max_length=MAX_SLUG, description="A slug; with all below it.")


class ReviewsQuery(PageQuery):
    """Which reviews of a product."""

    sort: ReviewSort = ReviewSort.NEWEST


@dataclass(frozen=True)
class Prepared:
    """An answer as JSON, ready to send. ``products`` are the ids of those that it tells of.

    ``total`` is that of a list, of which ``category`` is the present slug.
    """

    body: bytes
    products: frozenset[str] = frozenset()
    total: int = 0
    category: str | None = None


class CategoryNameOut(ApiOut):
    """The category that a product is in."""

    slug: str
    name: str


class PictureOut(ApiOut):
    """A picture. In the sandbox the address is a path on this host."""

    url: str
    alt_text: str


class OptionOut(ApiOut):
    """An option, such as Size, with its values in the merchant's order."""

    name: str
    values: list[str]


class VariantOut(ApiOut):
    """What is sold. ``options`` says which value of each option it has; ``stock`` is what can still be had."""

    id: UUID
    sku: str
    options: dict[str, str]
    price: int = Field(ge=1)
    compare_at_price: int | None
    stock: int = Field(ge=0)


class ProductOut(ApiOut):
    """A product. ``price`` is that of its cheapest variant, ``stock`` the sum of what can still be had.

    ``description`` is Markdown. ``image`` is the first of ``images``, empty without one. ``average_rating`` is 0
    without a review.
    """

    id: UUID
    slug: str
    name: str
    description: str
    price: int = Field(ge=1, description="In the smallest unit of `currency`.")
    compare_at_price: int | None
    currency: str = Field(min_length=3, max_length=3)
    category: CategoryNameOut
    brand: str | None
    tags: list[str]
    image: str
    images: list[PictureOut]
    stock: int = Field(ge=0)
    average_rating: float = Field(ge=0, le=5, description="With two decimals.")
    review_count: int = Field(ge=0)
    status: ProductStatus
    options: list[OptionOut]
    variants: list[VariantOut]
    created_at: datetime
    updated_at: datetime


class CategoryOut(ApiOut):
    """A category. ``product_count`` is of all that is on sale in it and below; ``parent`` is a slug."""

    id: UUID
    slug: str
    name: str
    description: str
    parent: str | None
    image: str = Field(description="The address of its picture, empty without one.")
    product_count: int = Field(ge=0)
    count_is_exact: bool = Field(description="Counts are exact up to 10,000; beyond, there are at least so many.")


class CategoriesOut(ApiOut):
    """All categories in the merchant's order, those below others too."""

    items: list[CategoryOut]


class ReviewOut(ApiOut):
    """A published review. ``verified``: its author received the product; ``author`` is never a full name."""

    id: UUID
    rating: int = Field(ge=1, le=5)
    comment: str
    author: str
    verified: bool
    helpful: int = Field(ge=0)
    created_at: datetime
    updated_at: datetime


class ProductsOut(PageOut[ProductOut]):
    """A page of products."""

    corrected_query: str | None = Field(
        None, description="What was searched for instead, where nothing was found of a misspelt `q`; else null."
    )
