"""The staff's side of reviews: what is new, and hiding with a reason. Nothing that a customer wrote is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ConflictError, InvalidInputError, ReviewNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.tables import ColumnSpec, FilterSpec, TableQuery, TableSpec, TabSpec
from shophub.repositories import review_lists
from shophub.repositories.review_lists import Decision, ListedReview
from shophub.schemas.review_pages import ReviewLine
from shophub.schemas.tables import TableView
from shophub.services import audit, saved_views
from shophub.services.audit import Actor
from shophub.services.views.moments import date_text, recent_text
from shophub.services.views.tables import Edge, Found, table_view

MAX_REASON = 300
STARS = tuple((str(count), f"{count} star{'s' if count > 1 else ''}") for count in range(5, 0, -1))
REVIEWS = TableSpec(
    name="reviews",
    path="/admin/reviews",
    columns=(
        ColumnSpec("review", "Review", is_fixed=True),
        ColumnSpec("rating", "Stars", sort="number", descends_first=True),
        ColumnSpec("product", "Product"),
        ColumnSpec("standing", "Status"),
        ColumnSpec("written", "Written", sort="moment", descends_first=True),
        ColumnSpec("decide", "Actions", is_fixed=True),
    ),
    default_sort="-written",
    tabs=(TabSpec("", "All"), TabSpec("waiting", "To check"), TabSpec("shown", "Shown"), TabSpec("hidden", "Hidden")),
    filters=(FilterSpec("stars", "Stars", STARS),),
    search="Words or name",
)


@dataclass(frozen=True)
class ReviewListPage:
    """A page of reviews with what is around it."""

    lines: tuple[ReviewLine, ...]
    table: TableView


async def list_reviews(session: AsyncSession, query: TableQuery, viewer_id: UUID | None) -> ReviewListPage:
    """Return the reviews that a query asks for. Three statements, whatever is found."""
    counts = await review_lists.count_reviews(session, query)
    page = await review_lists.list_reviews(session, query)
    views = await saved_views.list_views(session, viewer_id, REVIEWS)
    found = Found(
        counts=counts,
        total=counts[query.tab],
        shown=len(page.rows),
        first=_edge(page.rows, 0),
        last=_edge(page.rows, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
    )
    now = utc_now()
    return ReviewListPage(tuple(_line(row, now) for row in page.rows), table_view(REVIEWS, query, found, views))


@dataclass(frozen=True)
class WayBack:
    """What stood before a decision, and what it made of it."""

    before: Decision
    after: Decision


async def approve(session: AsyncSession, review_id: UUID, actor: Actor) -> WayBack:
    """Let a review stand, or show a hidden one again; returns the way back.

    Raises:
        ReviewNotFoundError: It is not there any more.
    """
    before = await _find(session, review_id)
    after = replace(before, is_hidden=False, reason=None, hidden_by=None, checked_at=utc_now())
    await _decide(session, "review.approve", before, after, actor)
    return WayBack(before, after)


async def hide(session: AsyncSession, review_id: UUID, reason: str, actor: Actor) -> WayBack:
    """Hide a review from everybody but its author, who reads why; returns the way back.

    Raises:
        InvalidInputError: No reason, or one that is too long.
        ReviewNotFoundError: It is not there any more.
    """
    why = " ".join(reason.split())
    if not 0 < len(why) <= MAX_REASON:
        raise InvalidInputError(f"Say why, in at most {MAX_REASON} characters.", {"reason": "Say why."})
    before = await _find(session, review_id)
    after = replace(before, is_hidden=True, reason=why, hidden_by=actor.user_id, checked_at=utc_now())
    await _decide(session, "review.hide", before, after, actor)
    return WayBack(before, after)


async def take_back(session: AsyncSession, way_back: WayBack, actor: Actor) -> None:
    """Put back what stood before a decision, where nothing was decided or written since.

    Raises:
        ReviewNotFoundError: It is not there any more.
        ConflictError: Somebody else has decided since, or its author has changed it.
    """
    now = await _find(session, way_back.before.review_id)
    if now != way_back.after:
        raise ConflictError("The review was changed meanwhile, so it stays as it is now.")
    await _decide(session, "review.undo", now, way_back.before, actor)


async def _find(session: AsyncSession, review_id: UUID) -> Decision:
    found = await review_lists.find_decision(session, review_id)
    if found is None:
        raise ReviewNotFoundError("That review is not here any more.")
    return found


async def _decide(session: AsyncSession, action: str, before: Decision, after: Decision, actor: Actor) -> None:
    await review_lists.decide(session, after)
    # A reason may repeat what somebody wrote about a person, so the log has only that there is one.
    await audit.record(
        session,
        actor,
        action,
        target="review",
        target_id=str(before.review_id),
        before={"is_hidden": before.is_hidden},
        after={"is_hidden": after.is_hidden},
    )


def _line(row: ListedReview, now: datetime) -> ReviewLine:
    if row.is_hidden:
        standing, tone = "Hidden", "danger"
    else:
        standing, tone = ("Shown", "success") if row.is_checked else ("To check", "warning")
    return ReviewLine(
        id=str(row.id),
        product=row.product_name,
        product_url=f"/admin/products/{row.product_id}",
        author=row.author_name,
        stars=row.rating,
        stars_text="1 star" if row.rating == 1 else f"{row.rating} stars",
        comment=row.comment or "No words, only stars.",
        helpful_text="" if not row.helpful_count else f"{row.helpful_count:,} found it helpful",
        is_hidden=row.is_hidden,
        reason=row.hidden_reason or "",
        is_checked=row.is_checked,
        standing_text=standing,
        standing_tone=tone,
        written_iso=row.created_at.isoformat(),
        written_text=(recent_text(row.created_at, now) or date_text(row.created_at))
        + (", edited" if row.is_edited else ""),
    )


def _edge(rows: Sequence[ListedReview], place: int) -> Edge | None:
    return (rows[place].edge, rows[place].id) if rows else None
