"""Products and variants by the hundred: one statement per table and batch.

Products are locked before their variants, and both in the order of their ids, as the editor does it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession
from shophub.domain.import_shop import ImportProduct, ImportVariant, Options
from shophub.errors import CatalogMovedError
from shophub.lib.ids import new_id

LOCK_PRODUCTS = text("""
SELECT id FROM products WHERE id IN (
  SELECT p.id FROM products p WHERE p.slug = ANY(CAST(:slugs AS text[]))
  UNION SELECT v.product_id FROM variants v WHERE v.sku = ANY(CAST(:skus AS text[])))
ORDER BY id FOR NO KEY UPDATE
""")
LOCK_VARIANTS = text("""
SELECT id FROM variants WHERE product_id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
""")
PRODUCTS = text("""
WITH wanted AS (
  SELECT p.id FROM products p WHERE p.slug = ANY(CAST(:slugs AS text[]))
  UNION SELECT v.product_id FROM variants v WHERE v.sku = ANY(CAST(:skus AS text[])))
SELECT p.id, p.slug, p.name, p.status, c.slug AS category, coalesce(p.brand, '') AS brand, p.tags, p.description,
  (SELECT jsonb_agg(jsonb_build_array(o.name, o.values) ORDER BY o.position)
   FROM product_options o WHERE o.product_id = p.id) AS options,
  (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'values', v.option_values, 'position', v.position, 'sku', v.sku,
     'price_minor', v.price_minor, 'compare_at_minor', v.compare_at_minor, 'stock', v.stock, 'reserved', v.reserved,
     'image', coalesce(i.public_id, '')) ORDER BY v.position, v.id)
   FROM variants v LEFT JOIN images i ON i.id = v.image_id WHERE v.product_id = p.id) AS variants,
  ARRAY(SELECT i.public_id FROM images i WHERE i.product_id = p.id) AS images
FROM wanted JOIN products p ON p.id = wanted.id JOIN categories c ON c.id = p.category_id
""")
INSERT_CATEGORIES = text("""
INSERT INTO categories (id, name, slug) SELECT * FROM unnest(
  CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:slugs AS text[]))
ON CONFLICT (slug) DO NOTHING RETURNING id
""")
INSERT_PRODUCTS = text("""
INSERT INTO products (id, name, slug, description, category_id, brand, tags, status)
SELECT n.id, n.name, n.slug, n.description, c.id, nullif(n.brand, ''), ARRAY(SELECT jsonb_array_elements_text(n.tags)),
  n.status
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, name text, slug text, description text, category text,
  brand text, tags jsonb, status text)
JOIN categories c ON c.slug = n.category
ON CONFLICT (slug) DO NOTHING RETURNING id
""")
UPDATE_PRODUCTS = text("""
UPDATE products p SET name = n.name, description = n.description, category_id = c.id, brand = nullif(n.brand, ''),
  tags = ARRAY(SELECT jsonb_array_elements_text(n.tags)), status = n.status, version = p.version + 1,
  updated_at = now()
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, name text, description text, category text, brand text,
  tags jsonb, status text)
JOIN categories c ON c.slug = n.category
WHERE p.id = n.id RETURNING p.id
""")
DELETE_OPTIONS = text("DELETE FROM product_options WHERE product_id = ANY(CAST(:ids AS uuid[]))")
INSERT_OPTIONS = text("""
INSERT INTO product_options (id, product_id, name, position, values)
SELECT n.id, n.product_id, n.name, n.position, ARRAY(SELECT jsonb_array_elements_text(n.values))
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, product_id uuid, name text, position int, values jsonb)
""")
# SKUs and choices are unique: rows that swap theirs step aside first.
STEP_ASIDE = text("""
UPDATE variants SET sku = id::text, option_values = ARRAY[id::text] WHERE id = ANY(CAST(:ids AS uuid[]))
""")
UPDATE_VARIANTS = text("""
UPDATE variants v SET option_values = ARRAY(SELECT jsonb_array_elements_text(n.values)), sku = n.sku,
  price_minor = n.price_minor, compare_at_minor = n.compare_at_minor, stock = v.stock + n.change,
  version = v.version + 1, updated_at = now(),
  image_id = (SELECT i.id FROM images i WHERE i.product_id = v.product_id AND i.public_id = n.image)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, values jsonb, sku text, price_minor bigint,
  compare_at_minor bigint, change int, image text)
WHERE v.id = n.id AND v.stock + n.change >= v.reserved RETURNING v.id
""")
INSERT_VARIANTS = text("""
INSERT INTO variants (id, product_id, option_values, position, sku, price_minor, compare_at_minor, stock, image_id)
SELECT n.id, n.product_id, ARRAY(SELECT jsonb_array_elements_text(n.values)), n.position, n.sku, n.price_minor,
  n.compare_at_minor, n.stock,
  (SELECT i.id FROM images i WHERE i.product_id = n.product_id AND i.public_id = n.image)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, product_id uuid, values jsonb, position int, sku text,
  price_minor bigint, compare_at_minor bigint, stock int, image text)
""")
MOVED = "Somebody changed the same products at the same moment."


async def read_products(
    session: AsyncSession, slugs: Sequence[str], skus: Sequence[str], *, locked: bool
) -> dict[UUID, ImportProduct]:
    """Return the products with one of these slugs or SKUs; ``locked`` until the transaction ends."""
    values = {"slugs": list(slugs), "skus": list(skus)}
    if locked:
        ids = list((await session.execute(LOCK_PRODUCTS, values)).scalars())
        await session.execute(LOCK_VARIANTS, {"ids": ids})
    rows = (await session.execute(PRODUCTS, values)).mappings()
    return {row["id"]: _product(dict(row)) for row in rows}


async def insert_categories(session: AsyncSession, categories: Mapping[str, str]) -> int:
    """Make categories, given as names by slugs; returns how many were not there already."""
    if not categories:
        return 0
    values = {"ids": [new_id() for _ in categories], "names": list(categories.values()), "slugs": list(categories)}
    return len((await session.execute(INSERT_CATEGORIES, values)).scalars().all())


async def insert_products(session: AsyncSession, products: Sequence[ImportProduct]) -> None:
    """Make products, without their options and variants.

    Raises:
        CatalogMovedError: Somebody else took a slug, or removed a category, since they were looked for.
    """
    await _write(session, INSERT_PRODUCTS, [_product_values(one) for one in products])


async def update_products(session: AsyncSession, products: Sequence[ImportProduct]) -> None:
    """Give products what they are to be, their slugs, options and variants apart.

    Raises:
        CatalogMovedError: A product or category is gone.
    """
    await _write(session, UPDATE_PRODUCTS, [_product_values(one) for one in products])


async def write_options(session: AsyncSession, options: Mapping[UUID, Options]) -> None:
    """Put options in the place of those that products have."""
    if not options:
        return
    rows = [
        {"id": str(new_id()), "product_id": str(product_id), "name": name, "position": position, "values": list(values)}
        for product_id, given in options.items()
        for position, (name, values) in enumerate(given)
    ]
    await session.execute(DELETE_OPTIONS, {"ids": list(options)})
    await session.execute(INSERT_OPTIONS, {"rows": json.dumps(rows)})


async def update_variants(session: AsyncSession, changes: Iterable[tuple[ImportVariant, ImportVariant]]) -> None:
    """Give locked variants what they are to be, as pairs of what is and what is to be.

    Raises:
        CatalogMovedError: One has too few units that are not set aside, or an SKU was taken.
    """
    pairs = sorted(changes, key=lambda pair: pair[0].id)
    renamed = [old.id for old, new in pairs if (old.sku, old.values) != (new.sku, new.values)]
    if renamed:
        await session.execute(STEP_ASIDE, {"ids": renamed})
    rows = [{**_variant_values(new), "change": new.stock - old.stock} for old, new in pairs]
    await _write(session, UPDATE_VARIANTS, rows)


async def insert_variants(session: AsyncSession, variants: Sequence[tuple[UUID, ImportVariant]]) -> None:
    """Make variants of products, given by the products' ids. Their rows in the ledger are the caller's to write.

    Raises:
        CatalogMovedError: An SKU was taken.
    """
    rows = [
        {**_variant_values(one), "product_id": str(product_id), "position": one.position, "stock": one.stock}
        for product_id, one in variants
    ]
    if rows:
        try:
            await session.execute(INSERT_VARIANTS, {"rows": json.dumps(rows)})
        except IntegrityError as error:
            raise CatalogMovedError(MOVED) from error


async def _write(session: AsyncSession, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    try:
        written = await session.execute(statement, {"rows": json.dumps(list(rows))})
    except IntegrityError as error:
        raise CatalogMovedError(MOVED) from error
    if len(written.scalars().all()) != len(rows):
        raise CatalogMovedError(MOVED)


def _product(row: Mapping[str, Any]) -> ImportProduct:
    return ImportProduct(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        status=row["status"],
        category=row["category"],
        brand=row["brand"],
        tags=tuple(row["tags"]),
        description=row["description"],
        options=tuple((name, tuple(values)) for name, values in row["options"] or ()),
        variants=tuple(
            ImportVariant(**{**one, "id": UUID(one["id"]), "values": tuple(one["values"])})
            for one in row["variants"] or ()
        ),
        images=frozenset(row["images"]),
    )


def _product_values(product: ImportProduct) -> dict[str, Any]:
    return {
        "id": str(product.id),
        "name": product.name,
        "slug": product.slug,
        "description": product.description,
        "category": product.category,
        "brand": product.brand,
        "tags": list(product.tags),
        "status": product.status,
    }


def _variant_values(variant: ImportVariant) -> dict[str, Any]:
    return {
        "id": str(variant.id),
        "values": list(variant.values),
        "sku": variant.sku,
        "price_minor": variant.price_minor,
        "compare_at_minor": variant.compare_at_minor,
        "image": variant.image,
    }
