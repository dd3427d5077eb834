"""Cutting the line to the database at every statement of a step, one after the other, and repeating the step."""

import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from structlog.testing import capture_logs

from shophub.db import OUT_OF_REACH
from shophub.errors import UnavailableError
from tests.chaos.conftest import check_books
from tests.chaos.wire import Cut, Wire

T = TypeVar("T")
LONG = os.environ.get("SHOPHUB_LONG_TESTS") == "1"
MANY = 400
STRIDE = 5


async def _told(act: Callable[[T], Awaitable[object]], subject: T) -> str:
    """Do it and return what the shopper is told, nothing where all went well."""
    with capture_logs():  # to print a traceback takes longer than everything else
        try:
            await act(subject)
        except UnavailableError as error:
            return error.message
    return ""


async def _positions(wire: Wire, act: Callable[[T], Awaitable[object]], subject: T) -> list[int]:
    """Return where to cut: in the long form everywhere; in the short one at each COMMIT and some places between."""
    wire.listen()
    await act(subject)
    count, commits = wire.heard()
    wire.disarm()
    if LONG:
        return list(range(1, MANY))
    return [*sorted({*commits, *range(1, count + 1, STRIDE)}), MANY]


async def walk(
    wire: Wire,
    prepare: Callable[[str], Awaitable[T]],
    act: Callable[[T], Awaitable[object]],
    check: Callable[[T], Awaitable[None]],
    *,
    may_hide: bool = False,
) -> list[Cut]:
    """Do ``act`` with the line cut at one exchange, then again with the line cut at a later one, until none is left.

    Each time the shop says in a typed error that its database is out of reach. Where nothing was committed before the
    cut, the same subject goes on to the next. Otherwise ``act`` is repeated without a cut, ``check`` sees that it came
    out as if nothing had happened and that the books add up, and a fresh subject goes on. Where a COMMIT was cut, its
    answer is lost in a second round. With ``may_hide`` the shop need not speak of what a job will make good.
    Returns the cuts.
    """
    cuts = []
    positions = await _positions(wire, act, await prepare("first"))
    subject, is_fresh = await prepare("0"), True
    for at in positions:
        for after in (False, True):
            if not is_fresh:
                subject = await prepare(f"{at}-{after:d}")
            wire.arm(at, after=after)
            told = await _told(act, subject)
            cut = wire.disarm()
            if cut is None:
                assert told == ""
                await check_books()
                await check(subject)
                assert any(one.is_commit for one in cuts), "the line was never cut"
                return cuts
            assert told == OUT_OF_REACH or (may_hide and cut.commits), f"at {cut}"
            cuts.append(cut)
            is_fresh = cut.commits == 0 and not (after and cut.is_commit)
            if not is_fresh:
                await act(subject)
                await check_books()
                await check(subject)
            if not (LONG or cut.is_commit):
                break
    raise AssertionError(f"The step has no end after {MANY} exchanges.")
