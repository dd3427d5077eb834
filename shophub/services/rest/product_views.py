"""A product as the staff's programs read it, and what names its state.

A ``version`` has two halves: what the staff writes, and the stock, which sales change too.
"""

from collections.abc import Sequence
from hashlib import sha256

from shophub.domain.statuses import ProductStatus
from shophub.integrations.cloudinary import image_url
from shophub.repositories.admin_products import AdminProductRow
from shophub.repositories.product_editing import VariantState
from shophub.schemas.api.catalogue import CategoryNameOut, OptionOut
from shophub.schemas.api.products import AdminPictureOut, AdminProductOut, AdminVariantOut

SHOWN_WIDTH = 1_280


def version_of(version: int, variants: Sequence[VariantState]) -> str:
    """Return what names the state of a product: half of it for what the staff writes, half for the stock."""
    rows = sorted(variants, key=lambda one: one.id)
    written = f"{version} {[(str(one.id), one.version) for one in rows]}"
    stock = str([(str(one.id), one.stock) for one in rows])
    return f"{sha256(written.encode()).hexdigest()[:16]}.{sha256(stock.encode()).hexdigest()[:16]}"


def product_out(row: AdminProductRow, currency: str) -> AdminProductOut:
    """Return a product as the staff's programs read it."""
    names = [name for name, _ in row.options]
    cheapest = min(row.variants, key=lambda one: (one.price_minor, one.position), default=None)
    images = [
        AdminPictureOut(public_id=one, url=image_url(one, width=SHOWN_WIDTH), alt_text=alt) for one, alt in row.pictures
    ]
    stock, reserved = sum(one.stock for one in row.variants), sum(one.reserved for one in row.variants)
    return AdminProductOut(
        id=row.id,
        version=version_of(row.version, row.variants),
        slug=row.slug,
        name=row.name,
        description=row.description,
        price=cheapest.price_minor if cheapest else 0,
        compare_at_price=cheapest.compare_at_minor if cheapest else None,
        currency=currency,
        category=CategoryNameOut(slug=row.category_slug, name=row.category_name),
        brand=row.brand,
        tags=row.tags,
        image=images[0].url if images else "",
        images=images,
        stock=stock,
        reserved=reserved,
        available=stock - reserved,
        sku=row.variants[0].sku if len(row.variants) == 1 else None,
        average_rating=round(row.rating_sum / max(row.rating_count, 1), 2),
        review_count=row.rating_count,
        status=ProductStatus(row.status),
        options=[OptionOut(name=name, values=list(values)) for name, values in row.options],
        variants=[
            AdminVariantOut(
                id=one.id,
                sku=one.sku,
                options=dict(zip(names, one.values, strict=False)),
                price=one.price_minor,
                compare_at_price=one.compare_at_minor,
                stock=one.stock,
                reserved=one.reserved,
                available=one.stock - one.reserved,
            )
            for one in row.variants
        ],
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
