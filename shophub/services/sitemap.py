"""The sitemap: every page that search engines may know, in parts that they accept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shophub.db import transaction
from shophub.repositories import sitemap

# Search engines take 50,000 addresses in one file; smaller ones are read again sooner.
PART_SIZE = 10_000
_BATCH = 1_000
_BEGINNING = UUID(int=0)
# Pages without rows of their own.
FIXED = ("/", "/products", "/contact", "/returns", "/privacy", "/terms")


@dataclass(frozen=True)
class Entry:
    """A page's path, or a part's, and when it changed last, where that is known."""

    path: str
    changed_at: datetime | None = None


async def list_parts(size: int = PART_SIZE) -> list[Entry]:
    """Return the parts that the sitemap has; none where everything fits into one.

    The first part holds the pages that are no products.
    """
    async with transaction() as session:
        parts = await sitemap.list_parts(session, size)
        categories = await sitemap.list_categories(session)
    if len(FIXED) + len(categories) + sum(part.products for part in parts) <= size:
        return []
    rest = max((row.changed_at for row in categories), default=None)
    return [
        Entry("/sitemaps/pages.xml", rest),
        *(Entry(f"/sitemaps/products-{part.first_id.hex}.xml", part.changed_at) for part in parts),
    ]


async def list_pages() -> list[Entry]:
    """Return the pages that are no products: the front page, categories, information."""
    async with transaction() as session:
        categories = await sitemap.list_categories(session)
    return [*map(Entry, FIXED), *(Entry(f"/categories/{row.slug}", row.changed_at) for row in categories)]


async def products(first: UUID = _BEGINNING, size: int = PART_SIZE) -> AsyncIterator[list[Entry]]:
    """Yield the products of the part that begins with ``first``, some at a time: none is kept longer than it takes.

    Each batch is read in a transaction of its own, so that a slow reader holds no connection.
    """
    left = size
    while left > 0:
        most = min(_BATCH, left)
        async with transaction() as session:
            rows = await sitemap.list_products(session, first, most)
        yield [Entry(f"/products/{row.slug}", row.changed_at) for row in rows]
        if len(rows) < most:
            return
        left -= most
        first = UUID(int=rows[-1].id.int + 1)
