"""A product as the editor reads and writes it. Variants are locked in the order of their ids, as everywhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession
from shophub.errors import InvalidInputError
from shophub.lib.ids import new_id


@dataclass(frozen=True)
class VariantState:
    """A variant as it stands."""

    id: UUID
    version: int
    values: tuple[str, ...]
    position: int
    sku: str
    price_minor: int
    compare_at_minor: int | None
    stock: int
    reserved: int
    picture: str
    is_ordered: bool


@dataclass(frozen=True)
class PictureState:
    """A picture as it stands."""

    public_id: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class ProductState:
    """A product as it stands, whatever its status."""

    id: UUID
    version: int
    name: str
    slug: str
    description: str
    category_id: UUID
    brand: str
    tags: tuple[str, ...]
    status: str
    created_at: datetime
    updated_at: datetime
    options: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[VariantState, ...]
    pictures: tuple[PictureState, ...]


@dataclass(frozen=True)
class ProductContent:
    """What is written of the product itself."""

    id: UUID
    name: str
    slug: str
    description: str
    category_id: UUID
    brand: str | None
    tags: list[str]
    status: str


@dataclass(frozen=True)
class VariantContent:
    """What is written of a variant."""

    id: UUID
    values: tuple[str, ...]
    position: int
    sku: str
    price_minor: int
    compare_at_minor: int | None
    picture: str
    stock_change: int


PRODUCT = text("""
SELECT p.id, p.version, p.name, p.slug, p.description, p.category_id, coalesce(p.brand, '') AS brand, p.tags, p.status,
  p.created_at, p.updated_at,
  (SELECT jsonb_agg(jsonb_build_array(o.name, o.values) ORDER BY o.position)
   FROM product_options o WHERE o.product_id = p.id) AS options,
  (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'version', v.version, 'values', v.option_values,
     'position', v.position, 'sku', v.sku, 'price_minor', v.price_minor, 'compare_at_minor', v.compare_at_minor,
     'stock', v.stock, 'reserved', v.reserved, 'picture', coalesce(i.public_id, ''),
     'is_ordered', EXISTS (SELECT 1 FROM order_lines l WHERE l.variant_id = v.id)) ORDER BY v.position, v.id)
   FROM variants v LEFT JOIN images i ON i.id = v.image_id WHERE v.product_id = p.id) AS variants,
  (SELECT jsonb_agg(jsonb_build_object('public_id', i.public_id, 'alt', i.alt, 'width', i.width, 'height', i.height)
     ORDER BY i.position, i.id) FROM images i WHERE i.product_id = p.id) AS pictures
FROM products p WHERE p.id = :id
""")
LAST_CHANGE = text("""
SELECT coalesce(u.full_name, '') FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
WHERE a.target_type = 'product' AND a.target_id = :id ORDER BY a.id DESC LIMIT 1
""")
BRANDS = text("""
WITH RECURSIVE found AS (
  (SELECT brand FROM products WHERE brand IS NOT NULL AND status = 'active' ORDER BY brand LIMIT 1)
  UNION ALL
  SELECT (SELECT p.brand FROM products p WHERE p.brand > found.brand AND p.status = 'active' ORDER BY p.brand LIMIT 1)
  FROM found WHERE found.brand IS NOT NULL)
SELECT brand FROM found WHERE brand IS NOT NULL LIMIT 500
""")
TAKEN_SKUS = text("""
SELECT sku FROM variants WHERE sku = ANY(CAST(:skus AS text[])) AND product_id <> :product_id
""")
INSERT = text("""
INSERT INTO products (id, name, slug, description, category_id, brand, tags, status)
VALUES (:id, :name, :slug, :description, :category_id, :brand, :tags, :status)
""")
UPDATE = text("""
UPDATE products SET name = :name, slug = :slug, description = :description, category_id = :category_id, brand = :brand,
  tags = :tags, status = :status, version = version + 1, updated_at = now() WHERE id = :id
""")
# Positions and values are unique within the product, SKUs everywhere: rows that swap theirs step aside first.
STEP_ASIDE = text("""
UPDATE variants SET position = -1 - position, sku = id::text, option_values = ARRAY[id::text]
WHERE product_id = :product_id AND id = ANY(CAST(:ids AS uuid[]))
""")
WRITE_VARIANT = text("""
UPDATE variants SET option_values = :values, position = :position, sku = :sku, price_minor = :price_minor,
  compare_at_minor = :compare_at_minor, stock = stock + :stock_change, version = version + 1, updated_at = now(),
  image_id = (SELECT id FROM images WHERE product_id = :product_id AND public_id = :picture)
WHERE id = :id AND product_id = :product_id AND stock + :stock_change >= reserved
RETURNING id
""")
ADD_VARIANT = text("""
INSERT INTO variants (id, product_id, option_values, position, sku, price_minor, compare_at_minor, stock, image_id)
VALUES (:id, :product_id, :values, :position, :sku, :price_minor, :compare_at_minor, :stock_change,
  (SELECT id FROM images WHERE product_id = :product_id AND public_id = :picture))
""")
PICTURES = text("""
INSERT INTO images (id, product_id, public_id, alt, width, height, position)
SELECT CAST(one->>'id' AS uuid), :product_id, one->>'public_id', one->>'alt', (one->>'width')::int,
  (one->>'height')::int, place - 1
FROM jsonb_array_elements(CAST(:pictures AS jsonb)) WITH ORDINALITY AS given(one, place)
ON CONFLICT (public_id) DO UPDATE SET alt = excluded.alt, position = excluded.position
WHERE images.product_id = excluded.product_id
RETURNING public_id
""")


async def find(session: AsyncSession, product_id: UUID) -> ProductState | None:
    """Return a product with all that its editor shows. One statement."""
    row = (await session.execute(PRODUCT, {"id": product_id})).mappings().one_or_none()
    if row is None:
        return None
    own: dict[str, Any] = {**row, "tags": tuple(row["tags"])}
    own["options"] = tuple((name, tuple(values)) for name, values in row["options"] or ())
    own["variants"] = tuple(
        VariantState(**{**one, "id": UUID(one["id"]), "values": tuple(one["values"])}) for one in row["variants"] or ()
    )
    own["pictures"] = tuple(PictureState(**one) for one in row["pictures"] or ())
    return ProductState(**own)


async def lock(session: AsyncSession, product_id: UUID) -> ProductState | None:
    """Return the product and keep others from changing it or its variants until the transaction ends."""
    values = {"id": product_id}
    await session.execute(text("SELECT id FROM products WHERE id = :id FOR NO KEY UPDATE"), values)
    await session.execute(text("SELECT id FROM variants WHERE product_id = :id ORDER BY id FOR NO KEY UPDATE"), values)
    return await find(session, product_id)


async def find_last_editor(session: AsyncSession, product_id: UUID) -> str:
    """Return the name of who changed the product last, as far as the audit log knows."""
    found = (await session.execute(LAST_CHANGE, {"id": str(product_id)})).scalar_one_or_none()
    return str(found or "")


async def list_brands(session: AsyncSession) -> tuple[str, ...]:
    """Return the brands on sale, by name; walks an index from one to the next."""
    return tuple((await session.execute(BRANDS)).scalars())


async def find_slug_owner(session: AsyncSession, slug: str) -> UUID | None:
    """Return which product has that slug now."""
    found = await session.execute(text("SELECT id FROM products WHERE slug = :slug"), {"slug": slug})
    return found.scalar_one_or_none()


async def list_taken_skus(session: AsyncSession, product_id: UUID, skus: Sequence[str]) -> frozenset[str]:
    """Return which of these SKUs belong to other products."""
    found = await session.execute(TAKEN_SKUS, {"skus": list(skus), "product_id": product_id})
    return frozenset(found.scalars())


async def write_product(session: AsyncSession, content: ProductContent, *, is_new: bool) -> None:
    """Insert or update the product itself.

    Raises:
        InvalidInputError: Another product was given this slug at the same moment.
    """
    try:
        await session.execute(INSERT if is_new else UPDATE, vars(content))
    except IntegrityError as error:
        raise InvalidInputError("That address is taken.", {"slug": "Another product has that address."}) from error


async def write_options(
    session: AsyncSession, product_id: UUID, options: Sequence[tuple[str, tuple[str, ...]]]
) -> None:
    """Put these options in the place of the product's."""
    await session.execute(text("DELETE FROM product_options WHERE product_id = :id"), {"id": product_id})
    for position, (name, values) in enumerate(options):
        await session.execute(
            text("""
            INSERT INTO product_options (id, product_id, name, position, values)
            VALUES (:id, :product_id, :name, :position, :values)
            """),
            {"id": new_id(), "product_id": product_id, "name": name, "position": position, "values": list(values)},
        )


async def write_pictures(session: AsyncSession, product_id: UUID, pictures: Sequence[PictureState]) -> bool:
    """Put these pictures in the place of the product's; False where one of them belongs to another product.

    Raises:
        InvalidInputError: One of them lay unused for so long that it was removed.
    """
    kept = [one.public_id for one in pictures]
    await session.execute(
        text("DELETE FROM images WHERE product_id = :id AND public_id <> ALL(CAST(:kept AS text[]))"),
        {"id": product_id, "kept": kept},
    )
    given = json.dumps([{"id": str(new_id()), **vars(one)} for one in pictures])
    try:
        written = await session.execute(PICTURES, {"product_id": product_id, "pictures": given})
    except IntegrityError as error:
        sentence = "A picture that was uploaded more than a day ago is not there any more: upload it again."
        raise InvalidInputError(sentence, {"pictures": sentence}) from error
    return len(written.scalars().all()) == len(kept)


async def delete_variants(session: AsyncSession, product_id: UUID, ids: Sequence[UUID]) -> None:
    """Remove variants. Carts that hold one lose the line."""
    await session.execute(
        text("DELETE FROM variants WHERE product_id = :product_id AND id = ANY(CAST(:ids AS uuid[]))"),
        {"product_id": product_id, "ids": list(ids)},
    )


async def is_ordered(session: AsyncSession, product_id: UUID) -> bool:
    """Return whether the product stands in any order, with variants that it has no longer too."""
    found = await session.execute(
        text("SELECT EXISTS (SELECT 1 FROM order_lines WHERE product_id = :id)"), {"id": product_id}
    )
    return bool(found.scalar_one())


async def delete(session: AsyncSession, product_id: UUID) -> None:
    """Delete a product with everything that hangs on it."""
    await session.execute(text("DELETE FROM products WHERE id = :id"), {"id": product_id})


async def step_aside(session: AsyncSession, product_id: UUID, ids: Sequence[UUID]) -> None:
    """Free the positions, SKUs and values of variants that are about to be written."""
    await session.execute(STEP_ASIDE, {"product_id": product_id, "ids": list(ids)})


async def write_variant(session: AsyncSession, product_id: UUID, content: VariantContent, *, is_new: bool) -> bool:
    """Insert or update a variant; False where its stock would fall below what checkouts have set aside.

    Raises:
        InvalidInputError: Another product was given this SKU at the same moment.
    """
    values = {**vars(content), "values": list(content.values), "product_id": product_id}
    try:
        written = await session.execute(ADD_VARIANT if is_new else WRITE_VARIANT, values)
    except IntegrityError as error:
        sentence = f"Another product has the SKU {content.sku}."
        raise InvalidInputError(sentence, {"variants": sentence}) from error
    return is_new or written.scalar_one_or_none() is not None
