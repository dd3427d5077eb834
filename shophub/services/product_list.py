"""The staff's list of products: found, counted and shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ProductNotFoundError
from shophub.lib.tables import SortValue, TableQuery
from shophub.repositories import product_list
from shophub.repositories.product_list import ListedProduct
from shophub.schemas.product_list import PRODUCTS, ProductLine
from shophub.schemas.tables import TableView
from shophub.services import saved_views, stores
from shophub.services.search_text import words_of
from shophub.services.views.product_list import product_line, variant_lines
from shophub.services.views.tables import Found, table_view


@dataclass(frozen=True)
class ProductListPage:
    """A page of the list with what is around it."""

    lines: tuple[ProductLine, ...]
    table: TableView


async def list_products(session: AsyncSession, query: TableQuery, user_id: UUID | None) -> ProductListPage:
    """Return what a query asks for, with somebody's saved views. Six statements, whatever is found."""
    words = words_of(query.q)
    store = await stores.get_store(session)
    counts = await product_list.count_products(session, query, words)
    every = sum(counts.values())
    total = counts.get(query.tab, 0) if query.tab else every
    page = await product_list.list_products(session, query, words)
    categories = await product_list.list_category_choices(session)
    views = await saved_views.list_views(session, user_id, PRODUCTS)
    tag = query.of("tag")
    found = Found(
        counts={"": every, **counts},
        total=total,
        shown=len(page.rows),
        first=_edge(page.rows, 0),
        last=_edge(page.rows, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
        choices={"category": categories, "tag": [(tag, tag)] if tag else []},
    )
    lines = tuple(product_line(row, store.currency, store.low_stock_threshold) for row in page.rows)
    return ProductListPage(lines, table_view(PRODUCTS, query, found, views))


async def get_line(session: AsyncSession, product_id: UUID, *, is_open: bool) -> ProductLine:
    """Return one product's line as it is now, with its variants where it is open.

    Raises:
        ProductNotFoundError: It is not there any more.
    """
    store = await stores.get_store(session)
    row = await product_list.find_listed(session, product_id)
    if row is None:
        raise ProductNotFoundError("This product was deleted meanwhile.")
    line = product_line(row, store.currency, store.low_stock_threshold)
    if line.is_single or not is_open:
        return line
    rows = await product_list.list_variants(session, product_id)
    return replace(line, is_open=True, variants=variant_lines(rows, store.currency, store.low_stock_threshold))


def _edge(rows: Sequence[ListedProduct], place: int) -> tuple[SortValue, UUID] | None:
    return (rows[place].edge, rows[place].id) if rows else None
