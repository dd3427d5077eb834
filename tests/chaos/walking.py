"""Cutting the line to the database at every statement of a step, one after the other, and repeating the step."""

import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shophub.db import OUT_OF_REACH
from shophub.errors import UnavailableError
from tests.chaos.conftest import check_books
from tests.chaos.wire import Cut, Wire

T = TypeVar("T")
LONG = bool(os.environ.get("SHOPHUB_LONG_TESTS"))
MANY = 400


async def walk(
    wire: Wire,
    prepare: Callable[[str], Awaitable[T]],
    act: Callable[[T], Awaitable[object]],
    check: Callable[[T], Awaitable[None]],
) -> list[Cut]:
    """Do ``act`` with the line cut at its first exchange, then at its second, and so on until none is left.

    Each time the shop says in a typed error that its database is out of reach, and the books add up. Where nothing was
    committed before the cut, the same subject goes on to the next; otherwise ``act`` is repeated without a cut,
    ``check`` sees that it came out as if nothing had happened, and a fresh subject goes on. Where a COMMIT was cut,
    its answer is lost in a second round. Returns the cuts.
    """
    cuts = []
    subject, is_fresh = await prepare("0"), True
    for at in range(1, MANY):
        for after in (False, True):
            if not is_fresh:
                subject = await prepare(f"{at}-{after:d}")
            wire.arm(at, after=after)
            try:
                await act(subject)
            except UnavailableError as error:
                cut = wire.disarm()
                assert error.message == OUT_OF_REACH
                assert cut is not None, "it failed by itself"
            else:
                assert wire.disarm() is None, f"it did not mind a cut at {wire.cut}"
                await check(subject)
                return cuts
            cuts.append(cut)
            await check_books()
            is_fresh = cut.commits == 0 and not (after and cut.is_commit)
            if not is_fresh:
                await act(subject)
                await check_books()
                await check(subject)
            if not (LONG or cut.is_commit):
                break
    raise AssertionError(f"The step has no end after {MANY} exchanges.")
