"""A page of a filtered list with its total and the counts of its filters, in one statement.

A list of at most 10,000 products is read once, into memory: total, page and counts come from there. Of a larger one,
each set that is counted is looked at up to 10,001 products, and a page is read in the order of an index, which soon
meets enough of what is common.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.types import ARRAY, BigInteger, Text, Uuid

from shophub.db import AsyncSession
from shophub.repositories.catalog import COUNT_LIMIT, VISIBLE
from shophub.repositories.listing_counts import counted_by_job, counted_here, listed, plain_counts, unless
from shophub.repositories.listing_filters import (
    AFTER,
    COLUMNS,
    CONDITIONS,
    DIMENSIONS,
    MORE_COLUMNS,
    CountRow,
    Filters,
    Order,
    Scope,
)
from shophub.repositories.listing_search import ASKED
from shophub.repositories.listings import CALLED_LIMIT, CARD, CARD_JOINS, ORDERS, RANKED_LIMIT, CardRow, card_row

PROBED = f"(SELECT n FROM probe) <= {COUNT_LIMIT}"  # noqa: S608 - constants
ALL_READ = f"(SELECT size FROM measured) <= {COUNT_LIMIT}"  # noqa: S608
TOO_MANY = f"((SELECT n FROM measured) > {COUNT_LIMIT})"  # noqa: S608
MANY = f"(SELECT n FROM measured) > {RANKED_LIMIT}"  # noqa: S608
# Names, tags and brands have an index of their own; that everything else fits as well is looked at product by product.
CALLED = "ts_filter(p.search, '{a,b}') @@ (SELECT q FROM asked)"
FITS = "(p.search @@ (SELECT q FROM asked)) IS TRUE"
TYPES: dict[str, Any] = {
    "chosen_categories": ARRAY(Uuid()),
    "brands": ARRAY(Text()),
    "edges": ARRAY(BigInteger()),
}


@dataclass(frozen=True)
class PageRow:
    """A page. ``total`` is at most 10,001, as is ``size``, that of the list without its filters.

    ``left`` products come behind the page, None where there are more than are counted. ``capped`` names the filters
    whose counts may be higher than they say.
    """

    total: int
    size: int
    cards: list[CardRow]
    counts: list[CountRow]
    has_next: bool
    left: int | None
    capped: frozenset[str] = frozenset()


async def list_page(
    session: AsyncSession,
    scope: Scope,
    filters: Filters,
    order: Order,
    *,
    edges: Sequence[int],
    counted: bool = True,
) -> PageRow:
    """Return one page. ``edges`` part the prices into ranges; without ``counted`` no filter is counted.

    One statement, or two where the list without its filters has more than 10,000 products.
    """
    values = _values(scope, filters, order, edges)
    rows = await _run(session, _small(scope, filters, order, counted=counted), values)
    known = rows[0]["counts"] or []
    size = rows[0]["size"]
    if size <= COUNT_LIMIT or _is_enough(scope, filters):
        capped = frozenset(DIMENSIONS) if size > COUNT_LIMIT else frozenset()
        return _page_row(rows, size, order, _counts(known), capped)
    # Known already is what is filtered by nothing else: the job counted it, or the search without the one filter.
    earlier = _counts(known)
    met = {row.dimension for row in earlier}
    unfiltered = [name for name in DIMENSIONS if name in met and not set(filters.active) - {name}]
    sets = _sets(filters, unfiltered, counted=counted)
    rows = await _run(session, _large(scope, filters, order, sets), values)
    sizes = zip(sets.values(), rows[0]["sizes"], strict=True)
    is_large = rows[0]["n"] > COUNT_LIMIT
    sampled = {name for dimensions, size in sizes for name in dimensions if is_large or size > COUNT_LIMIT}
    counts = _counts(rows[0]["counts"] or [])
    # What the job counted, or looked at a part for, holds no longer to the one.
    kept = [row for row in earlier if row.dimension in unfiltered]
    counts += kept + _unmet(counts, earlier, sampled)
    sampled |= {row.dimension for row in kept}
    return _page_row(rows, COUNT_LIMIT + 1, order, counts, frozenset(sampled))


def _unmet(counts: Sequence[CountRow], earlier: Sequence[CountRow], sampled: Collection[str]) -> list[CountRow]:
    """Return the values that the list has without its filters but that were not among the products looked at."""
    found = {(row.dimension, row.value) for row in counts}
    return [
        replace(row, count=0, everywhere=row.count, low=None, high=None)
        for row in earlier
        if row.dimension in sampled and (row.dimension, row.value) not in found
    ]


def _page_row(rows: Sequence[Any], size: int, order: Order, counts: list[CountRow], capped: frozenset[str]) -> PageRow:
    """Return the page of a statement that asked for one product more: whether it goes on is seen, not worked out."""
    found = [card_row(row) for row in rows if row["id"] is not None]
    cards, total = found[: order.limit], rows[0]["n"]
    behind = max(total - order.offset, 0) if order.after is None else rows[0]["behind"]
    left = None if behind is None or total > COUNT_LIMIT else behind - len(cards)
    return PageRow(total, size, cards, counts, len(found) > order.limit, left, capped)


def _values(scope: Scope, filters: Filters, order: Order, edges: Sequence[int]) -> dict[str, Any]:
    low, high = filters.price or (None, None)
    values: dict[str, Any] = {
        "limit": order.limit + 1,
        "offset": order.offset,
        "edges": list(edges),
        "chosen_categories": list(filters.category_ids or ()),
        "brands": list(filters.brands or ()),
        "low": low,
        "high": high,
        "stars": filters.stars,
        **(scope.search.values if scope.search else {}),
    }
    return values | {f"after_{place}": value for place, value in enumerate(order.after or ())}


async def _run(session: AsyncSession, statement: str, values: dict[str, Any]) -> Sequence[Any]:
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    typed = text(statement).bindparams(*(bindparam(name, type_=TYPES[name]) for name in used if name in TYPES))
    return (await session.execute(typed, used)).mappings().all()


def _small(scope: Scope, filters: Filters, order: Order, *, counted: bool) -> str:
    """Return the statement for a list that fits in memory. Of a larger one it says so, and gives the job's counts.

    A search without filters it answers whatever its size. Whether a list without a search fits is counted first, which
    an index alone can do.
    """
    counts = counted_here(filters) if counted else "NULL"
    where = " AND ".join(scope.conditions)
    base = f"SELECT {_columns(order)}, {_why(filters.active)} AS why FROM products p WHERE {where}"  # noqa: S608
    if scope.search is None:
        kept = counted_by_job(scope) if counted else "NULL"
        counts = f"CASE WHEN measured.size > {COUNT_LIMIT} THEN ({kept}) ELSE ({counts}) END"
        size = f"SELECT FROM products p WHERE {where} LIMIT {COUNT_LIMIT + 1}"  # nosec B608 - conditions of ours
        probe = f"probe AS MATERIALIZED (SELECT count(*) AS n FROM ({size}) p),"  # noqa: S608
        base, measure = f"{base} AND {PROBED}", "(SELECT n FROM probe)"
    else:
        probe, measure = "", "count(*)"
        if counted and len(filters.active) == 1:
            alone = listed(plain_counts("base", filters.active, "(SELECT size FROM measured)"))
            counts = f"CASE WHEN measured.size > {COUNT_LIMIT} THEN ({alone}) ELSE ({counts}) END"
        elif filters.active:
            counts = f"CASE WHEN measured.size <= {COUNT_LIMIT} THEN ({counts}) END"
    is_enough = _is_enough(scope, filters)
    if order.sort == "relevance":
        limits = [] if is_enough else [ALL_READ]
        page = _ranked(scope, filters, "base", ["p.why = 0", *limits], [MANY, *limits])
    else:
        page = _from_memory("base", order, ["p.why = 0", ALL_READ])
        if is_enough:
            page = f"({page}) UNION ALL ({_in_order(scope, filters, order, TOO_MANY)})"
    return f"""
        WITH {_asked(scope)} {probe}
        base AS MATERIALIZED ({base} LIMIT {COUNT_LIMIT + 1}),
        measured AS MATERIALIZED (SELECT {measure} AS size, count(*) FILTER (WHERE why = 0) AS n FROM base),
        chosen AS (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT measured.size, measured.n, {_behind("base", order, "p.why = 0")} AS behind,
          CASE WHEN coalesce(card.nr, 1) = 1 THEN ({counts}) END AS counts, card.*
        FROM measured {_card_rows(scope)}
    """  # noqa: S608 - pieces are constants of this package; every value is a parameter


def _is_enough(scope: Scope, filters: Filters) -> bool:
    return scope.search is not None and not filters.active


def _large(scope: Scope, filters: Filters, order: Order, sets: dict[str, tuple[str, ...]]) -> str:
    """Return the statement for more than 10,000 products: each of ``sets`` is what all filters but that one leave."""
    active = filters.active
    needed = list(sets) or ([""] if active or order.sort == "relevance" else [])
    if (active or order.sort == "relevance") and "" not in needed:
        needed.insert(0, "")
    # What is larger than too large a set is known to be so.
    enough = unless("(SELECT n FROM measured)")
    parts = []
    for name in sorted(needed):
        where = " AND ".join([*scope.conditions, *(CONDITIONS[one] for one in active if one != name)])
        limit = enough if name and "" in needed else str(COUNT_LIMIT + 1)
        found = f"SELECT {_columns(order)} FROM products p WHERE {where} LIMIT {limit}"  # noqa: S608
        parts.append(f"{_set_name(name)} AS MATERIALIZED ({found}),")
    total = "count(*) AS n FROM all_of_it" if "" in needed else f"{COUNT_LIMIT + 1} AS n"
    parts.insert(1 if "" in needed else 0, f"measured AS MATERIALIZED (SELECT {total}),")
    counts = " UNION ALL ".join(
        plain_counts(_set_name(name), dimensions, "(SELECT n FROM measured)") for name, dimensions in sets.items()
    )
    sizes = ", ".join(f"(SELECT count(*) FROM {_set_name(name)})" for name in sets)  # noqa: S608
    behind = _behind("all_of_it", order, "true") if "" in needed else "NULL"
    if order.sort == "relevance":
        page = _ranked(scope, filters, "all_of_it", ["true"], [MANY])
    elif "" in needed:
        page = _from_memory("all_of_it", order, [f"NOT {TOO_MANY}"])
        page = f"({page}) UNION ALL ({_in_order(scope, filters, order, TOO_MANY)})"
    else:
        page = _in_order(scope, filters, order, "true")
    return f"""
        WITH {_asked(scope)} {" ".join(parts)}
        chosen AS (SELECT id, row_number() OVER () AS nr FROM ({page}) page)
        SELECT measured.n, ARRAY[{sizes}]::bigint[] AS sizes, {behind} AS behind,
          CASE WHEN coalesce(card.nr, 1) = 1 THEN ({listed(counts) if counts else "NULL"}) END AS counts, card.*
        FROM measured {_card_rows(scope)}
    """  # noqa: S608


def _in_order(scope: Scope, filters: Filters, order: Order, when: str) -> str:
    """Return a page read along an index, which the conditions let through often enough.

    ``when`` does not depend on the rows: where it does not hold, nothing is read.
    """
    conditions = [CONDITIONS[name] for name in filters.active]
    if order.after is not None:
        conditions.append(AFTER[order.sort])
    sorted_by = ORDERS[order.sort]
    if scope.category_ids is None or scope.search is not None:
        where = " AND ".join([*scope.conditions, *conditions, when])
        return f"SELECT p.id FROM products p WHERE {where} ORDER BY {sorted_by} LIMIT :limit OFFSET :offset"  # noqa: S608
    # Category by category each index gives the first ones in order. In one go the database reads either all products of
    # the categories, or the whole shop in order until it has met enough of them: the dearest, in a cheap category.
    where = " AND ".join([VISIBLE, "p.category_id = chosen.category_id", *conditions, when])
    return f"""
        SELECT p.id FROM unnest({scope.listed_categories}) AS chosen(category_id) CROSS JOIN LATERAL (
          SELECT p.* FROM products p WHERE {where} ORDER BY {sorted_by} LIMIT :limit + :offset) p
        ORDER BY {sorted_by} LIMIT :limit OFFSET :offset
    """  # noqa: S608


def _from_memory(name: str, order: Order, conditions: list[str]) -> str:
    """Return a page of what was read into memory."""
    if order.after is not None:
        conditions = [*conditions, AFTER[order.sort]]
    where = " AND ".join(conditions)
    return f"SELECT p.id FROM {name} p WHERE {where} ORDER BY {ORDERS[order.sort]} LIMIT :limit OFFSET :offset"  # noqa: S608


def _behind(name: str, order: Order, condition: str) -> str:
    """Return how many of what was read into memory come behind the row that the page begins after."""
    if order.after is None:
        return "NULL"
    return f"(SELECT count(*) FROM {name} p WHERE {condition} AND {AFTER[order.sort]})"  # noqa: S608


def _ranked(scope: Scope, filters: Filters, found: str, where: list[str], many: list[str]) -> str:
    """Return a page of the best matches. Of too many to rank, some that are called so, and the best sellers."""
    others = [CONDITIONS[name] for name in filters.active]
    called = " AND ".join([*Scope(scope.category_ids).conditions, *others, CALLED, FITS, *many])
    return f"""
        SELECT p.id FROM (
          SELECT id FROM (
            (SELECT p.id, p.sold_count, 0 AS place FROM products p WHERE {called} LIMIT {CALLED_LIMIT})
            UNION ALL
            (SELECT p.id, p.sold_count, 1 FROM {found} p WHERE {" AND ".join(where)}
             ORDER BY p.sold_count DESC LIMIT {RANKED_LIMIT})) c
          GROUP BY id, sold_count ORDER BY min(place), sold_count DESC LIMIT {RANKED_LIMIT}) c
          JOIN products p ON p.id = c.id, asked
        ORDER BY ts_rank(p.search, asked.q) DESC, p.sold_count DESC, p.id DESC LIMIT :limit OFFSET :offset
    """  # noqa: S608


def _asked(scope: Scope) -> str:
    return f"asked AS MATERIALIZED ({ASKED})," if scope.search else ""


def _columns(order: Order) -> str:
    return COLUMNS + MORE_COLUMNS.get(order.sort, "")


def _why(active: Sequence[str]) -> str:
    """Return which filter alone leaves a product out: 0 none, else its place in ``DIMENSIONS`` from 1; 9: several."""
    if not active:
        return "0"
    failed = " + ".join(f"(({CONDITIONS[name]}) IS NOT TRUE)::int" for name in active)
    alone = " ".join(f"WHEN ({CONDITIONS[name]}) IS NOT TRUE THEN {DIMENSIONS.index(name) + 1}" for name in active)
    return f"CASE {failed} WHEN 0 THEN 0 WHEN 1 THEN CASE {alone} END ELSE 9 END"


def _sets(filters: Filters, known: Sequence[str], *, counted: bool) -> dict[str, tuple[str, ...]]:
    """Return which sets to count in, each by the filter that it leaves out ("": none), and which filters to count."""
    if not counted:
        return {}
    sets: dict[str, tuple[str, ...]] = {}
    for name in DIMENSIONS:
        if name not in known:
            own = name if name in filters.active else ""
            sets[own] = (*sets.get(own, ()), name)
    return sets


def _set_name(without: str) -> str:
    return f"without_{without}" if without else "all_of_it"


def _card_rows(scope: Scope) -> str:
    marked = """, ts_headline('english', translate(p.name, E'\\x02\\x03', ''), (SELECT q FROM asked),
        E'HighlightAll=true, StartSel="\\x02", StopSel="\\x03"') AS marked_name""" if scope.search else ""  # fmt: skip
    return f"""LEFT JOIN (
          SELECT chosen.nr, {CARD}{marked} FROM chosen {CARD_JOINS}) card ON true ORDER BY card.nr"""  # noqa: S608


def _counts(listed: list[list[Any]]) -> list[CountRow]:
    return [CountRow(DIMENSIONS[own - 1], value, n, everywhere, low, high)
            for own, value, n, everywhere, low, high in listed]  # fmt: skip
