"""How many products of a list have each value of its filters, as SQL."""

from collections.abc import Sequence

from shophub.repositories.catalog import COUNT_LIMIT
from shophub.repositories.listing_filters import BRANDS_COUNTED, COUNTED_BY, DIMENSIONS, SAMPLED, Filters, Scope

# What the job's counts of prices are kept under: ranges are others in another currency.
PRICE_RANGES = "'price:' || array_to_string(CAST(:edges AS bigint[]), ',')"


def _grouped(name: str, dimensions: Sequence[str], more: str) -> str:
    """Return how many products of a set have each value, in one go for several filters."""
    columns = [(DIMENSIONS.index(one) + 1, COUNTED_BY[one]) for one in dimensions]
    own = " ".join(f"WHEN GROUPING({column}) = 0 THEN {place}" for place, column in columns)
    value = " ".join(f"WHEN GROUPING({column}) = 0 THEN {column}::text" for _, column in columns)
    grouping = ", ".join(f"({column}{more})" for _, column in columns)
    return f"""
        SELECT CASE {own} END AS own, CASE {value} END AS value{more}, count(*) AS n, min(price_from_minor) AS low,
          max(price_from_minor) AS high
        FROM {name} GROUP BY GROUPING SETS ({grouping})
    """  # noqa: S608 - the pieces are constants and columns of ours


def counted_here(filters: Filters) -> str:
    """Return the counts over the list in memory: what a filter alone leaves out counts for its own values."""
    passes = "why IN (0, own)" if filters.active else "true"
    read = f"(SELECT * FROM base LIMIT {unless('(SELECT size FROM measured)')}) base"  # noqa: S608
    grouped = _grouped(read, DIMENSIONS, ", why" if filters.active else "")
    return f"""
        SELECT jsonb_agg(jsonb_build_array(own, value, n, everywhere, low, high)) FROM (
          SELECT own, value, everywhere, coalesce(n, 0) AS n, low, high,
            row_number() OVER (PARTITION BY own ORDER BY everywhere DESC, value) AS place FROM (
            SELECT own, value, sum(n) AS everywhere, sum(n) FILTER (WHERE {passes}) AS n,
              min(low) FILTER (WHERE {passes}) AS low, max(high) FILTER (WHERE {passes}) AS high
            FROM ({grouped}) grouped WHERE value IS NOT NULL GROUP BY own, value) summed) placed
        WHERE own <> 2 OR place <= {BRANDS_COUNTED} OR value = ANY(:brands)
    """  # noqa: S608


def counted_by_job(scope: Scope) -> str:
    """Return the counts that a job made for a list that nothing narrows; of prices in the same ranges alone."""
    names = ", ".join(PRICE_RANGES if one == "price" else f"'{one}'" for one in DIMENSIONS)
    where = f"category_id = ANY({scope.listed_categories})" if scope.category_ids is not None else "true"
    return f"""
        SELECT jsonb_agg(jsonb_build_array(own, value, n, n, low, high)) FROM (
          SELECT own, value, n, low, high, row_number() OVER (PARTITION BY own ORDER BY n DESC, value) AS place FROM (
            SELECT array_position(ARRAY[{names}], facet) AS own, value, sum(products) AS n, min(low) AS low,
              max(high) AS high
            FROM listing_counts WHERE {where} GROUP BY facet, value) summed) placed
        WHERE own IS NOT NULL AND (own <> 2 OR place <= {BRANDS_COUNTED} OR value = ANY(:brands))
    """  # noqa: S608


def plain_counts(name: str, dimensions: Sequence[str], size: str) -> str:
    """Return the counts over a set of ``size`` products, of a part of it where that is too many."""
    read = f"(SELECT * FROM {name} LIMIT {unless(size)}) {name}"  # noqa: S608
    return f"SELECT * FROM ({_grouped(read, dimensions, '')}) grouped WHERE value IS NOT NULL"  # noqa: S608


def listed(counts: str) -> str:
    """Return counts as one value, the commonest brands alone."""
    return f"""
        SELECT jsonb_agg(jsonb_build_array(own, value, n, NULL, low, high)) FROM (
          SELECT *, row_number() OVER (PARTITION BY own ORDER BY n DESC, value) AS place FROM ({counts}) counted) placed
        WHERE own <> 2 OR place <= {BRANDS_COUNTED} OR value = ANY(:brands)
    """  # noqa: S608


def unless(size: str) -> str:
    """Return how many products to look at: all, unless there are too many to count."""
    return f"CASE WHEN {size} > {COUNT_LIMIT} THEN {SAMPLED} ELSE {COUNT_LIMIT + 1} END"
