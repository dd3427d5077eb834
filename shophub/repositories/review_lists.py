"""Reviews as the staff looks through them, in pages that begin behind a row, and what it decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.tables import SortKind, SortValue, TableQuery
from shophub.repositories.keyset import keyset, page

SORTS: dict[str, tuple[str, SortKind]] = {
    "written": ("r.created_at", "moment"),
    "rating": ("r.rating", "number"),
}
TABS = {"waiting": "r.checked_at IS NULL", "hidden": "r.is_hidden", "shown": "NOT r.is_hidden"}

_DECIDE = text("""
UPDATE reviews SET is_hidden = :is_hidden, hidden_reason = :reason, hidden_by_id = CAST(:hidden_by AS uuid),
  checked_at = :checked_at WHERE id = :id
""")
_FIND = text("""
SELECT id, product_id, is_hidden, hidden_reason, hidden_by_id, checked_at FROM reviews WHERE id = :id FOR NO KEY UPDATE
""")


@dataclass(frozen=True)
class ListedReview:
    """A review with its product."""

    id: UUID
    edge: SortValue
    product_id: UUID
    product_name: str
    author_name: str
    rating: int
    comment: str
    helpful_count: int
    is_hidden: bool
    hidden_reason: str | None
    is_checked: bool
    is_edited: bool
    created_at: datetime


@dataclass(frozen=True)
class ReviewPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedReview]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Decision:
    """What was decided about a review: shown or hidden, why, by whom, and when it was looked at."""

    review_id: UUID
    product_id: UUID
    is_hidden: bool
    reason: str | None
    hidden_by: UUID | None
    checked_at: datetime | None


async def count_reviews(session: AsyncSession, query: TableQuery) -> dict[str, int]:
    """Return how many reviews a query finds in each tab. One statement."""
    condition, values = _narrowed(query)
    counted = ", ".join(f"count(*) FILTER (WHERE {tab}) AS {name}" for name, tab in TABS.items())
    statement = f"SELECT count(*) AS every, {counted} FROM reviews r WHERE {condition}"  # noqa: S608 - constants of ours
    row = (await session.execute(text(statement), values)).mappings().one()
    return {"": row["every"], **{name: row[name] for name in TABS}}


async def list_reviews(session: AsyncSession, query: TableQuery) -> ReviewPage:
    """Return a page of reviews. One statement, however many rows it has."""
    expression, kind = SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="r.id")
    condition, values = _narrowed(query)
    tab = TABS.get(query.tab, "true")
    statement = f"""
        SELECT r.id, {expression} AS edge, r.product_id, p.name AS product_name, r.author_name, r.rating, r.comment,
          r.helpful_count, r.is_hidden, r.hidden_reason, r.checked_at IS NOT NULL AS is_checked,
          r.updated_at > r.created_at AS is_edited, r.created_at
        FROM reviews r JOIN products p ON p.id = r.product_id
        WHERE {condition} AND {tab} AND {keys.condition} ORDER BY {keys.order} LIMIT :page_limit
    """  # noqa: S608
    found = (await session.execute(text(statement), {**values, **keys.values})).mappings()
    return ReviewPage(*page(keys, [ListedReview(**row) for row in found]))


async def find_decision(session: AsyncSession, review_id: UUID) -> Decision | None:
    """Return what stands about a review, its row locked; None where it is gone."""
    row = (await session.execute(_FIND, {"id": review_id})).one_or_none()
    return None if row is None else Decision(*row)


async def decide(session: AsyncSession, decision: Decision) -> None:
    """Put a decision in force. What the customer wrote stays as it is."""
    values = {
        "id": decision.review_id,
        "is_hidden": decision.is_hidden,
        "reason": decision.reason,
        "hidden_by": decision.hidden_by,
        "checked_at": decision.checked_at,
    }
    await session.execute(_DECIDE, values)


def _narrowed(query: TableQuery) -> tuple[str, dict[str, Any]]:
    conditions, values = ["true"], dict[str, Any]()
    if query.of("stars") in {"1", "2", "3", "4", "5"}:
        conditions.append("r.rating = :stars")
        values["stars"] = int(query.of("stars"))
    if query.q:
        conditions.append("(r.comment ILIKE :pattern OR r.author_name ILIKE :pattern)")
        values["pattern"] = "%" + query.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return " AND ".join(conditions), values
