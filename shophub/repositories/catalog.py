"""The catalog as pages need it: categories, and one product with everything on its page in a single statement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.pagination import COUNTED_TO

# Shown on the product page at once; further ones are read page by page.
REVIEWS_ON_PAGE = 10
# Two letters can begin the words of half the catalog: these many are put in order.
SUGGEST_FROM = 500
# Counting on is not worth it: pages say "10,000+".
COUNT_LIMIT = COUNTED_TO

# A shopper sees active products that have something to sell.
VISIBLE = "p.status = 'active' AND p.price_from_minor IS NOT NULL"

CATEGORIES = """
SELECT c.id, c.slug, c.name, c.description, c.parent_id, c.image_public_id, c.image_alt, c.image_colour,
  {count} AS count
FROM categories c ORDER BY c.position, c.name, c.id
"""
COUNT = f"""(SELECT count(*) FROM (
  SELECT 1 FROM products p WHERE p.category_id = c.id AND {VISIBLE} LIMIT {COUNT_LIMIT + 1}) counted)"""  # noqa: S608 - constants
PLAIN_CATEGORIES = text(CATEGORIES.format(count="0"))
COUNTED_CATEGORIES = text(CATEGORIES.format(count=COUNT))

PRODUCT = text(f"""
SELECT p.id, p.slug, p.name, p.brand, p.description, p.tags, p.status, p.rating_sum, p.rating_count, p.category_id,
  p.created_at, p.updated_at,
  c.slug AS category_slug, c.name AS category_name, up.slug AS parent_slug, up.name AS parent_name,
  (SELECT jsonb_agg(jsonb_build_object('name', o.name, 'values', o.values) ORDER BY o.position)
   FROM product_options o WHERE o.product_id = p.id) AS options,
  (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'sku', v.sku, 'values', v.option_values, 'price', v.price_minor,
     'compare_at', v.compare_at_minor, 'available', v.stock - v.reserved, 'image_id', v.image_id)
     ORDER BY v.position, v.id) FROM variants v WHERE v.product_id = p.id) AS variants,
  (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'public_id', i.public_id, 'alt', i.alt, 'colour', i.colour)
     ORDER BY i.position, i.id) FROM images i WHERE i.product_id = p.id) AS images,
  (SELECT jsonb_agg(shown) FROM (
     SELECT r.id, r.author_name, r.rating, r.comment, r.order_id IS NOT NULL AS verified, r.helpful_count, r.created_at,
       r.updated_at > r.created_at AS edited
     FROM reviews r WHERE r.product_id = p.id AND NOT r.is_hidden
     ORDER BY r.created_at DESC, r.id DESC LIMIT {REVIEWS_ON_PAGE}) shown) AS reviews,
  (SELECT jsonb_object_agg(grouped.rating, grouped.n) FROM (
     SELECT r.rating, count(*) AS n FROM reviews r WHERE r.product_id = p.id AND NOT r.is_hidden
     GROUP BY r.rating) grouped) AS histogram
FROM products p JOIN categories c ON c.id = p.category_id LEFT JOIN categories up ON up.id = c.parent_id
WHERE p.slug = :slug AND {VISIBLE}
""")  # noqa: S608 - the pieces are constants of this module

# What an address led to that leads to nothing on sale: a slug that is in use counts before one that was.
FORMER = text(f"""
SELECT p.slug, p.name, p.status = 'archived' AS is_archived, coalesce({VISIBLE}, false) AS is_visible,
  c.slug AS category_slug, c.name AS category_name
FROM products p JOIN categories c ON c.id = p.category_id
WHERE p.id = coalesce(
  (SELECT id FROM products WHERE slug = :slug), (SELECT product_id FROM slug_redirects WHERE slug = :slug))
""")  # noqa: S608 - the pieces are constants of this module
MOVED_CATEGORY = text("""
SELECT c.slug FROM category_slug_redirects s JOIN categories c ON c.id = s.category_id WHERE s.slug = :slug
""")


@dataclass(frozen=True)
class CategoryRow:
    """A category. ``count`` is how many visible products lie directly in it, at most one over 10,000."""

    id: UUID
    slug: str
    name: str
    description: str
    parent_id: UUID | None
    image_public_id: str | None
    image_alt: str
    image_colour: str
    count: int


@dataclass(frozen=True)
class FormerRow:
    """What has, or had, an address under which nothing is on sale."""

    slug: str
    name: str
    is_archived: bool
    is_visible: bool
    category_slug: str
    category_name: str


@dataclass(frozen=True)
class ImageRow:
    """A picture."""

    id: str
    public_id: str
    alt: str
    colour: str


@dataclass(frozen=True)
class VariantRow:
    """A variant; ``values`` in the order of the product's options."""

    id: str
    sku: str
    values: tuple[str, ...]
    price_minor: int
    compare_at_minor: int | None
    available: int
    image_id: str | None


@dataclass(frozen=True)
class OptionRow:
    """An option with its values in the merchant's order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ReviewRow:
    """A published review."""

    id: str
    author_name: str
    rating: int
    comment: str
    is_verified: bool
    helpful_count: int
    created_at: datetime
    is_edited: bool = False
    is_voted: bool = False


@dataclass(frozen=True)
class ProductRow:
    """A product with all that its page shows. ``histogram`` maps stars to how many reviews gave them."""

    id: UUID
    slug: str
    name: str
    brand: str | None
    description: str
    tags: tuple[str, ...]
    status: str
    rating_sum: int
    rating_count: int
    category_id: UUID
    category_slug: str
    category_name: str
    parent_slug: str | None
    parent_name: str | None
    created_at: datetime
    updated_at: datetime
    options: tuple[OptionRow, ...] = ()
    variants: tuple[VariantRow, ...] = ()
    images: tuple[ImageRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = ()
    histogram: dict[int, int] = field(default_factory=dict)


async def list_categories(session: AsyncSession, *, counted: bool = False) -> list[CategoryRow]:
    """Return every category in the merchant's order; without ``counted`` each count is 0. One statement."""
    statement = COUNTED_CATEGORIES if counted else PLAIN_CATEGORIES
    return [CategoryRow(**row) for row in (await session.execute(statement)).mappings()]


async def find_product(session: AsyncSession, slug: str) -> ProductRow | None:
    """Return the visible product with that slug. One statement."""
    row = (await session.execute(PRODUCT, {"slug": slug})).mappings().one_or_none()
    return None if row is None else _product(row)


async def find_visible_id(session: AsyncSession, key: UUID | str) -> UUID | None:
    """Return the id of the visible product with that id or slug."""
    column = "id" if isinstance(key, UUID) else "slug"
    statement = text(f"SELECT p.id FROM products p WHERE p.{column} = :key AND {VISIBLE}")  # noqa: S608 - constants
    found: UUID | None = (await session.execute(statement, {"key": key})).scalar_one_or_none()
    return found


async def find_former(session: AsyncSession, slug: str) -> FormerRow | None:
    """Return the product, in whatever state, that has ``slug`` or once had it. One statement."""
    row = (await session.execute(FORMER, {"slug": slug})).mappings().one_or_none()
    return None if row is None else FormerRow(**row)


async def find_new_category_slug(session: AsyncSession, old_slug: str) -> str | None:
    """Return the slug of the category that once had ``old_slug``."""
    slug = (await session.execute(MOVED_CATEGORY, {"slug": old_slug})).scalar_one_or_none()
    return None if slug is None else str(slug)


def _product(row: Any) -> ProductRow:
    own = {name: row[name] for name in ProductRow.__dataclass_fields__}
    own["tags"] = tuple(row["tags"])
    own["options"] = tuple(OptionRow(one["name"], tuple(one["values"])) for one in row["options"] or ())
    own["variants"] = tuple(
        VariantRow(
            id=one["id"],
            sku=one["sku"],
            values=tuple(one["values"]),
            price_minor=one["price"],
            compare_at_minor=one["compare_at"],
            available=one["available"],
            image_id=one["image_id"],
        )
        for one in row["variants"] or ()
    )
    own["images"] = tuple(ImageRow(**one) for one in row["images"] or ())
    own["reviews"] = tuple(
        ReviewRow(
            id=one["id"],
            author_name=one["author_name"],
            rating=one["rating"],
            comment=one["comment"],
            is_verified=one["verified"],
            helpful_count=one["helpful_count"],
            created_at=datetime.fromisoformat(one["created_at"]),
            is_edited=one["edited"],
        )
        for one in row["reviews"] or ()
    )
    own["histogram"] = {int(stars): count for stars, count in (row["histogram"] or {}).items()}
    return ProductRow(**own)
