"""Categories, products, variants and pictures. Stock comes with the ledger row that explains it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import product as combinations

from sqlmodel import select

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus, StockReason
from shophub.lib.clock import utc_now
from shophub.models.catalog import Category, Image, Product, ProductOption, StockMovement, Variant
from tests.factories.numbers import next_number


async def make_category(
    session: AsyncSession,
    *,
    name: str | None = None,
    slug: str | None = None,
    parent: Category | None = None,
    position: int = 0,
) -> Category:
    """Make a category."""
    number = next_number()
    category = Category(
        name=name or f"Category {number}",
        slug=slug or f"category-{number}",
        parent_id=parent.id if parent else None,
        position=position,
    )
    session.add(category)
    await session.flush()
    return category


async def make_product(
    session: AsyncSession,
    *,
    name: str | None = None,
    slug: str | None = None,
    category: Category | None = None,
    price_minor: int = 2_000,
    compare_at_minor: int | None = None,
    stock: int = 20,
    options: Mapping[str, Sequence[str]] | None = None,
    status: ProductStatus = ProductStatus.ACTIVE,
    description: str = "A plain thing, well made.",
    brand: str | None = None,
    tags: Sequence[str] = (),
    sold_count: int = 0,
    created_at: datetime | None = None,
    with_variants: bool = True,
) -> Product:
    """Make a product with its variants: one, or one per combination of ``options``, each with this price and stock."""
    number = next_number()
    product = Product(
        name=name or f"Product {number}",
        slug=slug or f"product-{number}",
        category_id=(category or await make_category(session)).id,
        description=description,
        brand=brand,
        tags=list(tags),
        status=status,
        sold_count=sold_count,
        created_at=created_at or utc_now(),
    )
    session.add(product)
    await session.flush()
    options = options or {}
    for position, (option, values) in enumerate(options.items()):
        session.add(ProductOption(product_id=product.id, name=option, position=position, values=list(values)))
    if with_variants:
        for values in combinations(*options.values()):
            await make_variant(
                session,
                product,
                option_values=values,
                price_minor=price_minor,
                compare_at_minor=compare_at_minor,
                stock=stock,
            )
    await session.flush()
    await session.refresh(product)  # triggers filled in the price and the search vector
    return product


async def make_variant(
    session: AsyncSession,
    product: Product | None = None,
    *,
    option_values: Sequence[str] = (),
    sku: str | None = None,
    price_minor: int = 2_000,
    compare_at_minor: int | None = None,
    stock: int = 20,
    reserved: int = 0,
) -> Variant:
    """Make a variant of ``product``, or of a new product that has no other."""
    if product is None:
        product = await make_product(session, with_variants=False)
    number = next_number()
    variant = Variant(
        product_id=product.id,
        sku=sku or f"SKU-{number}",
        option_values=list(option_values),
        position=number,
        price_minor=price_minor,
        compare_at_minor=compare_at_minor,
        stock=stock,
        reserved=reserved,
    )
    session.add(variant)
    await session.flush()
    if stock:
        session.add(StockMovement(variant_id=variant.id, delta=stock, reason=StockReason.INITIAL))
        await session.flush()
    return variant


async def make_image(
    session: AsyncSession, product: Product, *, public_id: str | None = None, alt: str = "A picture", position: int = 0
) -> Image:
    """Make a picture row; no picture is uploaded."""
    image = Image(
        product_id=product.id, public_id=public_id or f"products/picture-{next_number()}", alt=alt, position=position
    )
    session.add(image)
    await session.flush()
    return image


async def variants_of(session: AsyncSession, product: Product) -> list[Variant]:
    """Return the product's variants in order, read again from the database."""
    statement = select(Variant).where(Variant.product_id == product.id).order_by("position")
    return list((await session.exec(statement.execution_options(populate_existing=True))).all())
