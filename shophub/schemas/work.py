"""Long work as its owner sees it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkCount:
    """One of the numbers that came of it."""

    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class WorkProblem:
    """Something that went wrong: where, and why."""

    row: str = ""
    place: str = ""
    reason: str = ""


@dataclass(frozen=True)
class WorkView:
    """A piece of work in words. ``state`` is empty where there is none."""

    id: str = ""
    title: str = ""
    state: str = ""
    state_text: str = ""
    tone: str = "neutral"
    is_open: bool = False
    is_stopping: bool = False
    done: int = 0
    total: int = 0
    progress_text: str = ""
    problems: int = 0
    problems_text: str = ""
    counts: tuple[WorkCount, ...] = ()
    samples: tuple[WorkProblem, ...] = ()
    more_problems: int = 0
    error: str = ""
    result_url: str = ""
    result_name: str = ""
    when_iso: str = ""
    when_text: str = ""
