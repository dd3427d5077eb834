"""Long work in words."""

from datetime import datetime

from shophub.domain.statuses import UNFINISHED_WORK, WorkState
from shophub.repositories.long_jobs import LongJobRow
from shophub.schemas.work import WorkCount, WorkProblem, WorkView
from shophub.services.views.moments import date_text, recent_text

RESULT_PATH = "/api/admin/jobs/{id}/result"
_WORDS = {
    WorkState.QUEUED: ("Waiting", "neutral"),
    WorkState.RUNNING: ("Running", "brand"),
    WorkState.DONE: ("Done", "success"),
    WorkState.FAILED: ("Stopped", "danger"),
    WorkState.CANCELLED: ("Cancelled", "warning"),
}
# What is counted in a word of its own, by kind of work.
_COUNTED = {
    "products.import_check": {"created": "To be created", "updated": "To be changed", "unchanged": "As they are"},
    "products.import": {"created": "Created", "updated": "Changed", "unchanged": "As they were"},
}


def work_view(row: LongJobRow, now: datetime) -> WorkView:
    """Return a piece of work in words."""
    state = WorkState(row.state)
    words, tone = _WORDS[state]
    is_open = state in UNFINISHED_WORK
    is_stopping = is_open and row.cancel_requested
    moment = row.finished_at or row.created_at
    words_of = _COUNTED.get(row.kind, {})
    samples = tuple(WorkProblem(*(str(part) for part in one[:3])) for one in row.samples)
    return WorkView(
        id=str(row.id),
        title=row.title,
        state=row.state,
        state_text="Stopping" if is_stopping else words,
        tone="warning" if is_stopping else tone,
        is_open=is_open,
        is_stopping=is_stopping,
        done=row.done,
        total=max(row.total, row.done, 1),
        progress_text=f"{row.done:,} of {row.total:,}" if row.total else f"{row.done:,}" if row.done else "",
        problems=row.problems,
        problems_text="1 problem" if row.problems == 1 else f"{row.problems:,} problems" if row.problems else "",
        counts=tuple(
            WorkCount(words_of.get(name, name.capitalize()), f"{count:,}")
            for name, count in row.counts.items()
            if count
        ),
        samples=samples,
        more_problems=max(row.problems - len(samples), 0),
        error=row.error,
        result_url=RESULT_PATH.format(id=row.id) if row.has_result and not is_open else "",
        result_name=row.result_name or "result.csv",
        when_iso=moment.isoformat(),
        when_text=recent_text(moment, now) or date_text(moment),
    )


def running_text(count: int) -> str:
    """Return how much work is under way, nothing where none is."""
    return f"{count} running" if count else ""
