"""The catalog: categories, products with their options, variants and pictures, old addresses, the stock ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import ProductStatus, StockReason
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    minor_column,
    moment_column,
    one_of,
    primary_key,
    text_array_column,
    text_column,
    updated_column,
)

# Whole numbers, so that an index can hold it; without reviews last.
BEST_RATED = (
    text("(rating_sum::bigint * 10000 / greatest(rating_count, 1)) DESC"),
    text("rating_count DESC"),
    text("id DESC"),
)
SLUG = "'^[a-z0-9]+(-[a-z0-9]+)*$'"


class Category(SQLModel, table=True):
    """A shelf of the shop, possibly inside another."""

    __tablename__ = "categories"
    __table_args__ = (check("slug_form", f"slug ~ {SLUG}"), check("not_its_own_parent", "parent_id <> id"))

    id: UUID = primary_key()
    name: str = text_column()
    slug: str = text_column(unique=True)
    description: str = text_column(default="")
    parent_id: UUID | None = foreign_key("categories.id", on_delete="RESTRICT", nullable=True)
    image_public_id: str | None = text_column(nullable=True)
    image_alt: str = text_column(default="")
    image_colour: str = text_column(default="#e8e4dc")
    position: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class Product(SQLModel, table=True):
    """What shoppers look at; its variants are what they buy.

    ``price_from_minor`` and ``search`` are kept by triggers. ``sold_count`` is refreshed by a job: counting it in the
    order's transaction would make orders of one product wait for each other.
    """

    __tablename__ = "products"
    __table_args__ = (
        one_of("status", ProductStatus),
        check("slug_form", f"slug ~ {SLUG}"),
        check("name_length", "length(name) BETWEEN 1 AND 200"),
        check("rating_sum_range", "rating_sum BETWEEN rating_count AND rating_count * 5"),
        check("rating_count_range", "rating_count >= 0"),
        check("price_from_positive", "price_from_minor IS NULL OR price_from_minor > 0"),
        Index("ix_products_search", "search", postgresql_using="gin"),
        Index("ix_products_tags", "tags", postgresql_using="gin"),
        Index(
            "ix_products_newest", text("created_at DESC"), text("id DESC"), postgresql_where=text("status = 'active'")
        ),
        Index(
            "ix_products_category_newest",
            "category_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_products_price", "price_from_minor", "id", postgresql_where=text("status = 'active'")),
        Index("ix_products_sold", text("sold_count DESC"), text("id DESC"), postgresql_where=text("status = 'active'")),
        Index("ix_products_brand", "brand", postgresql_where=text("status = 'active'")),
        Index("ix_products_rating", *BEST_RATED, postgresql_where=text("status = 'active'")),
        Index(
            "ix_products_category_price",
            "category_id",
            "price_from_minor",
            "id",
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "ix_products_category_sold",
            "category_id",
            text("sold_count DESC"),
            text("id DESC"),
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_products_category_rating", "category_id", *BEST_RATED, postgresql_where=text("status = 'active'")),
        # What a product is called: its name, tags and brand, without the description.
        Index(
            "ix_products_titles",
            text("ts_filter(search, '{a,b}')"),
            postgresql_using="gin",
            postgresql_where=text("status = 'active'"),
        ),
        # The staff's list: whatever their status, in each order that it offers.
        Index("ix_products_all_created", "created_at", "id"),
        Index("ix_products_status_created", "status", "created_at", "id"),
        Index("ix_products_all_name", text("lower(name)"), "id"),
        Index("ix_products_all_price", text("coalesce(price_from_minor, 0)"), "id"),
        Index("ix_products_all_sold", "sold_count", "id"),
        # All that filters and counts look at, so that they need not read the products themselves.
        Index(
            "ix_products_facets",
            "category_id",
            "brand",
            "price_from_minor",
            postgresql_include=["id", "rating_sum", "rating_count", "in_stock", "sold_count", "created_at"],
            postgresql_where=text("status = 'active'"),
        ),
    )

    id: UUID = primary_key()
    name: str = text_column()
    slug: str = text_column(unique=True)
    description: str = text_column(default="")
    category_id: UUID = foreign_key("categories.id", on_delete="RESTRICT")
    brand: str | None = text_column(nullable=True)
    tags: list[str] = text_array_column()
    status: str = text_column(default=ProductStatus.DRAFT)
    price_from_minor: int | None = minor_column(nullable=True)
    rating_sum: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    rating_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    sold_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Kept by a job; what turned since is in ``stock_turns``.
    in_stock: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    search: Any = Field(default=None, sa_column=Column(TSVECTOR, nullable=True))
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class ProductOption(SQLModel, table=True):
    """An option of a product, such as Size. Position n names the n-th of its variants' ``option_values``."""

    __tablename__ = "product_options"
    __table_args__ = (
        UniqueConstraint("product_id", "position"),
        UniqueConstraint("product_id", "name"),
        check("position_range", "position BETWEEN 0 AND 2"),
        check("values_given", "cardinality(values) > 0"),
    )

    id: UUID = primary_key()
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE", index=False)
    name: str = text_column()
    position: int
    values: list[str] = text_array_column()


class Variant(SQLModel, table=True):
    """The thing that is sold. ``available = stock - reserved``; no counter is ever read and then written."""

    __tablename__ = "variants"
    __table_args__ = (
        check("price_positive", "price_minor > 0"),
        check("compare_at_above_price", "compare_at_minor IS NULL OR compare_at_minor > price_minor"),
        check("stock_not_negative", "stock >= 0"),
        check("reserved_within_stock", "reserved BETWEEN 0 AND stock"),
        UniqueConstraint("product_id", "option_values"),
        Index(
            "ix_variants_sku_begins",
            "sku",
            postgresql_ops={"sku": "text_pattern_ops"},
            postgresql_include=["product_id"],
        ),
        Index(
            "ix_variants_marked_down",
            "product_id",
            "price_minor",
            postgresql_where=text("compare_at_minor IS NOT NULL"),
        ),
        UniqueConstraint("product_id", "position"),
    )

    id: UUID = primary_key()
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE", index=False)
    sku: str = text_column(unique=True)
    option_values: list[str] = text_array_column()
    position: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    price_minor: int = minor_column()
    compare_at_minor: int | None = minor_column(nullable=True)
    stock: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    reserved: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    image_id: UUID | None = foreign_key("images.id", on_delete="SET NULL", nullable=True)
    # When the staff were told that it runs low; empty again once there is more.
    low_stock_told_at: datetime | None = moment_column()
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class Image(SQLModel, table=True):
    """A product's picture, kept by Cloudinary under ``public_id``; addresses are built from it."""

    __tablename__ = "images"
    __table_args__ = (Index("ix_images_product_id_position", "product_id", "position"),)

    id: UUID = primary_key()
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE", index=False)
    public_id: str = text_column(unique=True)
    alt: str = text_column(default="")
    position: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    width: int = Field(default=1200, sa_column_kwargs={"server_default": text("1200")})
    height: int = Field(default=1500, sa_column_kwargs={"server_default": text("1500")})
    colour: str = text_column(default="#e8e4dc")
    created_at: datetime = created_column()


class LoosePicture(SQLModel, table=True):
    """An uploaded picture that nothing shows ``since`` then. Triggers keep up with who shows and leaves pictures.

    ``gone_at``: a job decided to remove it and nobody can show it again; ``removed_at``: it is removed.
    """

    __tablename__ = "loose_pictures"
    __table_args__ = (
        check("gone_first", "removed_at IS NULL OR gone_at IS NOT NULL"),
        Index("ix_loose_pictures_since", "since", postgresql_where=text("removed_at IS NULL")),
    )

    public_id: str = Field(sa_column=Column(Text, primary_key=True))
    since: datetime = created_column()
    gone_at: datetime | None = moment_column()
    removed_at: datetime | None = moment_column()


class SlugRedirect(SQLModel, table=True):
    """An address that a product had before."""

    __tablename__ = "slug_redirects"

    slug: str = Field(sa_column=Column(Text, primary_key=True))
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE")
    created_at: datetime = created_column()


class CategorySlugRedirect(SQLModel, table=True):
    """An address that a category had before."""

    __tablename__ = "category_slug_redirects"

    slug: str = Field(sa_column=Column(Text, primary_key=True))
    category_id: UUID = foreign_key("categories.id", on_delete="CASCADE")
    created_at: datetime = created_column()


class StockMovement(SQLModel, table=True):
    """A row of the stock ledger: the sum of a variant's deltas is its stock. The database refuses changes to it."""

    __tablename__ = "stock_ledger"
    __table_args__ = (
        one_of("reason", StockReason),
        check("delta_not_zero", "delta <> 0"),
        Index("ix_stock_ledger_variant_id_id", "variant_id", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    variant_id: UUID = foreign_key("variants.id", on_delete="CASCADE", index=False)
    delta: int
    reason: str = text_column()
    reference: str = text_column(default="")
    actor_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    created_at: datetime = created_column()
