"""How long something takes: on the clock, and of both processors, which is the same however busy the machine is."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import event, text

from shophub.db import AsyncSession, get_database, transaction

Act = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True)
class Taken:
    """What one call took each time on the clock, what our process and the database's took of processors on average,
    and how many statements one call sent.
    """

    seconds: list[float]
    processor: float
    statements: int

    @property
    def p95(self) -> float:
        """Return the 95th percentile on the clock, in seconds."""
        return quantiles(self.seconds, n=100)[94]


async def timed(act: Act, times: int, warm_up: int) -> Taken:
    """Call something again and again, each time in a transaction of its own."""
    seconds, own, others, sent = [], 0.0, 0.0, 0
    for turn in range(times + warm_up):
        async with transaction() as session:
            pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with _statements() as statements:
                ours, theirs, began = process_time(), _processor_of(pid), perf_counter()
                await act(session)
                taken = perf_counter() - began
            if turn >= warm_up:  # until then statements are not prepared yet
                seconds.append(taken)
                own += process_time() - ours
                others += _processor_of(pid) - theirs
            sent = len(statements)
    return Taken(seconds, (own + others) / times, sent)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Give a list that fills with the statements that this process sends."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = get_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _processor_of(pid: int) -> float:
    """Return how long a process has run, in seconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
