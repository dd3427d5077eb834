"""The rows of the demo store's catalog: categories, products, options, variants, pictures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from shophub.domain.statuses import ProductStatus
from shophub.services.demo.catalog_data import DemoCatalog, DemoCategory, DemoPicture, DemoProduct, DemoSubcategory
from shophub.services.demo.chance import chance_for, demo_id

FOUNDED = timedelta(days=600)
PUBLIC_ID = "demo/"
LOW_STOCK = 10

Rows = list[dict[str, Any]]


def category_id(slug: str, now: datetime) -> UUID:
    """Return the id of a category."""
    return demo_id("category", slug, now - FOUNDED)


def product_id(product: DemoProduct, now: datetime) -> UUID:
    """Return the id of a product."""
    return demo_id("product", product.slug, on_sale_since(product, now))


def variant_id(product: DemoProduct, sku: str, now: datetime) -> UUID:
    """Return the id of a variant."""
    return demo_id("variant", sku, on_sale_since(product, now))


def image_id(product: DemoProduct, picture: DemoPicture, now: datetime) -> UUID:
    """Return the id of a product's picture."""
    return demo_id("image", picture.name, on_sale_since(product, now))


def public_id(picture: DemoPicture) -> str:
    """Return the name under which a picture is uploaded."""
    return PUBLIC_ID + picture.name


def on_sale_since(product: DemoProduct, now: datetime) -> datetime:
    """Return when a product came into the shop: a morning, ``age_days`` ago."""
    return _morning(product.slug, product.age_days, now)


@lru_cache(maxsize=1024)
def _morning(slug: str, age_days: int, now: datetime) -> datetime:
    minute = chance_for("on sale", slug).randint(0, 179)
    day = now - timedelta(days=age_days)
    return day.replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(minutes=minute)


def category_rows(catalog: DemoCatalog, colours: Mapping[str, str], now: datetime) -> Rows:
    """Return the categories, then those below them; ``colours`` gives each picture's main colour by its name."""
    tops = [_category_row(one, position, None, colours, now) for position, one in enumerate(catalog.categories)]
    below = [
        _category_row(one, position, category_id(one.parent_slug, now), colours, now)
        for position, one in enumerate(catalog.subcategories)
    ]
    return [*tops, *below]


def _category_row(
    category: DemoCategory | DemoSubcategory,
    position: int,
    parent_id: UUID | None,
    colours: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": category_id(category.slug, now),
        "name": category.name,
        "slug": category.slug,
        "description": category.description,
        "parent_id": parent_id,
        "image_public_id": public_id(category.picture),
        "image_alt": category.picture.alt_text,
        "image_colour": colours[category.picture.name],
        "position": position,
        "created_at": now - FOUNDED,
        "updated_at": now - FOUNDED,
    }


def product_rows(catalog: DemoCatalog, now: datetime) -> Rows:
    """Return the products, all on sale."""
    shelf = {slug: one.slug for one in catalog.subcategories for slug in one.product_slugs}
    return [
        {
            "id": product_id(product, now),
            "name": product.name,
            "slug": product.slug,
            "description": product.description,
            "category_id": category_id(shelf[product.slug], now),
            "brand": product.brand,
            "tags": list(product.tags),
            "status": ProductStatus.ACTIVE.value,
            "created_at": on_sale_since(product, now),
            "updated_at": on_sale_since(product, now),
        }
        for product in catalog.products
    ]


def option_rows(catalog: DemoCatalog, now: datetime) -> Rows:
    """Return the products' options."""
    return [
        {
            "id": demo_id("option", f"{product.slug}/{option.name}", on_sale_since(product, now)),
            "product_id": product_id(product, now),
            "name": option.name,
            "position": position,
            "values": list(option.values),
        }
        for product in catalog.products
        for position, option in enumerate(product.options)
    ]


def image_rows(
    catalog: DemoCatalog, colours: Mapping[str, str], sizes: Mapping[str, tuple[int, int]], now: datetime
) -> Rows:
    """Return the products' pictures; ``colours`` and ``sizes`` (width, height) go by the pictures' names."""
    return [
        {
            "id": image_id(product, picture, now),
            "product_id": product_id(product, now),
            "public_id": public_id(picture),
            "alt": picture.alt_text,
            "position": position,
            "width": sizes[picture.name][0],
            "height": sizes[picture.name][1],
            "colour": colours[picture.name],
            "created_at": on_sale_since(product, now),
        }
        for product in catalog.products
        for position, picture in enumerate(product.pictures)
    ]


def variant_rows(catalog: DemoCatalog, now: datetime) -> Rows:
    """Return the variants with the stock that is left today."""
    rows: Rows = []
    for product in catalog.products:
        pictures = {picture.name: image_id(product, picture, now) for picture in product.pictures}
        for position, variant in enumerate(product.variants):
            rows.append(
                {
                    "id": variant_id(product, variant.sku, now),
                    "product_id": product_id(product, now),
                    "sku": variant.sku,
                    "option_values": list(variant.option_values),
                    "position": position,
                    "price_minor": variant.price_minor,
                    "compare_at_minor": variant.compare_at_minor,
                    "stock": variant.stock,
                    # What runs low in the demo has been so for a while: its first start mails nobody about it.
                    "low_stock_told_at": now if variant.stock <= LOW_STOCK else None,
                    "image_id": pictures[variant.picture] if variant.picture else None,
                    "created_at": on_sale_since(product, now),
                    "updated_at": on_sale_since(product, now),
                }
            )
    return rows
