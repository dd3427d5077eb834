"""Going through many things of which one may fail: the others still get their turn."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

from shophub.errors import ProviderError, UnavailableError

T = TypeVar("T")
log = structlog.get_logger(__name__)


async def each(
    things: Iterable[T],
    act: Callable[[T], Awaitable[object]],
    what: str,
    failed: Callable[[T], Awaitable[None]] | None = None,
    *,
    raises: bool = True,
) -> int:
    """Do something to each thing. Returns how many it was done to.

    A provider or a database out of reach ends the round: the rest would fail too. Whatever else goes wrong with one
    thing is logged, ``failed`` is called for it (so that it goes to the end of the line), and the next has its turn.

    Raises:
        Exception: The first failure that was neither a refusal nor an outage, once all have had their turn: the job
            that called counts as failed, and somebody looks. Not with ``raises`` off, for a shopper who only waits.
    """
    done = away = 0
    first: Exception | None = None
    for thing in things:
        try:
            await act(thing)
        except ProviderError as error:
            log.warning("sweep_refused", what=what, code=error.provider_code)
            if error.retryable:
                break
        except Exception as error:  # one that cannot be handled must not keep the others from it for ever
            log.exception("sweep_failed", what=what, error_type=type(error).__name__)
            first = first or error
            away = away + 1 if isinstance(error, UnavailableError) else 0
            if away == 2:  # one may be a row that somebody holds; two in a row are a database that is away
                break
        else:
            done, away = done + 1, 0
            continue
        if failed is not None and not away:
            await failed(thing)
    if first is not None and raises:
        raise first
    return done
