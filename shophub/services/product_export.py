"""The list of products as a file for spreadsheets: a row per variant, as an import reads it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.csv_cells import Cell, table
from shophub.lib.money import decimal_string
from shophub.lib.tables import Cursor, TableQuery
from shophub.repositories import product_list
from shophub.repositories.product_list import ExportedVariant
from shophub.services import stores
from shophub.services.search_text import words_of

AT_ONCE = 500
OPTIONS = 3
COLUMNS = (
    "slug",
    "name",
    "status",
    "category",
    "brand",
    "tags",
    "description",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
    "sku",
    "price",
    "compare_at_price",
    "currency",
    "stock",
)


async def csv_parts(session: AsyncSession, query: TableQuery, ids: Sequence[UUID] | None = None) -> AsyncIterator[str]:
    """Give the file in parts, each of up to 500 products: whatever the query finds, all its pages, or these ``ids``."""
    words = words_of(query.q)
    currency = (await stores.get_store(session)).currency
    yield table(COLUMNS, ())
    query = replace(query, cursor=None)
    while True:
        rows = await product_list.list_exported(session, query, words, AT_ONCE, ids)
        if not rows:
            return
        yield table((), (_cells(row, currency) for row in rows)).partition("\n")[2]
        query = replace(query, cursor=Cursor(rows[-1].edge, rows[-1].id))


def _cells(row: ExportedVariant, currency: str) -> list[Cell]:
    options: list[Cell] = []
    for place in range(OPTIONS):
        options.append(row.options[place] if place < len(row.options) else "")
        options.append(row.option_values[place] if place < len(row.option_values) else "")
    return [
        row.slug,
        row.name,
        row.status,
        row.category_slug,
        row.brand,
        ", ".join(row.tags),
        row.description,
        *options,
        row.sku,
        _amount(row.price_minor, currency),
        _amount(row.compare_at_minor, currency),
        currency,
        row.stock,
    ]


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else decimal_string(minor, currency)
