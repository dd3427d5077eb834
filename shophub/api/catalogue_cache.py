"""The catalog's answers to programs: kept while they are true, and given again before anything is routed.

They are the same for everybody. Nothing is kept before somebody says what changes in the database: without that, an
answer might be told of nothing.
"""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

import brotli
from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shophub.api.caching import is_known, weak_tag
from shophub.api.frame.compression import MIN_BYTES
from shophub.api.notice_cache import LIFETIME_SECONDS, MAX_ADDRESS, NoticeCache
from shophub.schemas.api.catalogue import Prepared
from shophub.services.live import Notice

PREFIXES = ("/api/products", "/api/categories")
METHODS = frozenset({"GET", "HEAD"})
# What a route here takes; anything else in an address makes no difference.
PARAMETERS = frozenset(
    {"q", "category", "minPrice", "maxPrice", "rating", "inStock", "sort", "page", "pageSize"}
)  # fmt: skip
# Who sends longer ones wants memory and not products: what they sent is not remembered.
MAX_ACCEPTED = 500
# A price is never older than this in a browser or at the edge of a network; while the shop is out of reach, a minute.
CACHE_CONTROL = b"public, max-age=5, s-maxage=5, stale-while-revalidate=10, stale-if-error=60"
VARY = (b"vary", b"Accept-Encoding")
# Better is slower, and an answer that is asked for once must not wait for it: 4 takes twice the time for 4 % less.
BROTLI_QUALITY = 3
GZIP_LEVEL = 4

Headers = list[tuple[bytes, bytes]]


class Answer:
    """An answer ready to send: as it is and, once somebody takes that, compressed. One ETag for all, so a weak one."""

    def __init__(self, body: bytes, products: frozenset[str] = frozenset(), *, total: int = 0) -> None:
        """Keep what is sent; ``products`` are the ids of those that it tells of, ``total`` is that of its list."""
        self.products = products
        self.total = total
        self.kept_until = time.monotonic() + LIFETIME_SECONDS
        self.etag = weak_tag(body)
        self._common = [(b"etag", self.etag.encode()), (b"cache-control", CACHE_CONTROL)]
        self._bodies = {"": body}
        self._headers: dict[str, Headers] = {}

    @property
    def size(self) -> int:
        """Return what it takes, at most: compressed forms come later."""
        return 2 * len(self._bodies[""]) + 1_000

    def parts(self, scope: Scope) -> tuple[int, Headers, bytes]:
        """Return status, headers and body for a request."""
        accepted = known = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        if known and is_known(self.etag, known.decode("latin-1")):
            return 304, [*self._common, VARY], b""
        is_worth_it = len(self._bodies[""]) >= MIN_BYTES and len(accepted) <= MAX_ACCEPTED
        encoding = encoding_for(accepted) if is_worth_it else ""
        body = self._encoded(encoding)
        return 200, [*self._headers[encoding]], b"" if scope["method"] == "HEAD" else body

    def response(self, request: Request) -> Response:
        """Return the answer for a route to give."""
        status, headers, body = self.parts(request.scope)
        response = Response(body, status)
        response.raw_headers = headers
        return response

    async def send(self, scope: Scope, send: Send) -> None:
        """Give the answer without any route."""
        status, headers, body = self.parts(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _encoded(self, encoding: str) -> bytes:
        if encoding not in self._bodies:
            plain = self._bodies[""]
            self._bodies[encoding] = (
                brotli.compress(plain, quality=BROTLI_QUALITY)
                if encoding == "br"
                else gzip.compress(plain, GZIP_LEVEL, mtime=0)
            )
        body = self._bodies[encoding]
        if encoding not in self._headers:
            # What goes out as it is gets its ``Vary`` from ``Compression``, which then looks at it.
            named = [(b"content-encoding", encoding.encode()), VARY] if encoding else []
            self._headers[encoding] = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                *self._common,
                *named,
            ]
        return body


@dataclass(frozen=True)
class _Total:
    """How many products a list has, whichever page of it is asked for, in whatever order."""

    total: int
    products: frozenset[str]
    kept_until: float
    size: int = 200


class CatalogueAnswers:
    """Answers by address, and totals by what narrows a list. What several ask for at once is made once."""

    def __init__(self) -> None:
        """Start empty, and keep nothing until something is heard."""
        self._answers: NoticeCache[Answer] = NoticeCache()
        self._totals: NoticeCache[_Total] = NoticeCache()
        self._making: dict[tuple[str, int], asyncio.Future[Answer]] = {}
        self._is_told = False

    def hear(self, notice: Notice | None) -> None:
        """Drop what a notice makes untrue; without one, everything."""
        self._is_told = True
        self._answers.hear(notice)
        self._totals.hear(notice)

    def deafen(self) -> None:
        """Forget everything, and keep nothing until something is heard again."""
        self._is_told = False
        self._answers.clear()
        self._totals.clear()

    def find(self, scope: Scope) -> Answer | None:
        """Return what is kept for a request."""
        return self._answers.find(address_of(scope)) if self._is_told and is_keepable(scope) else None

    async def get(self, request: Request, make: Callable[[], Awaitable[Answer]]) -> Response:
        """Answer a request: with what is kept, with what is being made already, or with what ``make`` makes."""
        if not is_keepable(request.scope):
            return (await make()).response(request)
        answer = self.find(request.scope)
        if answer is None:
            answer = await self._made(address_of(request.scope), make)
        return answer.response(request)

    async def counted(
        self, narrowing: str, products: frozenset[str], make: Callable[[int | None], Awaitable[Prepared]]
    ) -> Answer:
        """Make a page of a list, whose total is handed on where it is known. ``products``: whose changes end both."""
        since = self._totals.moment
        known = self._totals.find(narrowing) if self._is_told else None
        made = await make(None if known is None else known.total)
        if known is None and self._is_told:
            kept_until = time.monotonic() + LIFETIME_SECONDS
            self._totals.keep(narrowing, _Total(made.total, products, kept_until), since)
        return Answer(made.body, made.products | products, total=made.total)

    async def _made(self, address: str, make: Callable[[], Awaitable[Answer]]) -> Answer:
        # What was begun before the latest notice is not shared: nobody gets what a notice has made untrue.
        key = (address, self._answers.moment)
        future = self._making.get(key) if self._is_told else None
        if future is None:
            future = self._making[key] = asyncio.ensure_future(self._make(key, make))
        return await asyncio.shield(future)

    async def _make(self, key: tuple[str, int], make: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            answer = await make()
        finally:
            self._making.pop(key, None)
        if self._is_told:
            self._answers.keep(key[0], answer, key[1])
        return answer


class KeptAnswers:
    """Gives what is kept before anything is routed. Inside of all that looks after every request."""

    def __init__(self, app: ASGIApp, answers: CatalogueAnswers) -> None:
        """Wrap ``app``."""
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIXES) and scope["method"] in METHODS:
            answer = self._answers.find(scope)
            if answer is not None:
                await answer.send(scope, send)
                return
        await self._app(scope, receive, send)


def is_keepable(scope: Scope) -> bool:
    """Return whether an address is short enough to be remembered."""
    return len(scope["path"]) + len(scope["query_string"]) <= MAX_ADDRESS


def address_of(scope: Scope) -> str:
    """Return what tells answers apart: the path, and the parameters that make a difference, in one order."""
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    if not query:
        return path
    return _address(path, query)


@lru_cache(maxsize=4_096)
def _address(path: str, query: bytes) -> str:
    given = [(name, value) for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
             if name in PARAMETERS]  # fmt: skip
    return f"{path}?{urlencode(sorted(given, key=lambda pair: pair[0]))}" if given else path


@lru_cache(maxsize=256)
def encoding_for(accepted: bytes) -> str:
    """Return how to compress for somebody who takes these encodings: ``br``, ``gzip``, or not at all."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            weights[name] = 0.0
    other = weights.get("*", 0.0)
    br, gz = weights.get("br", other), weights.get("gzip", other)
    if br <= 0 and gz <= 0:
        return ""
    return "br" if br >= gz else "gzip"


answers = CatalogueAnswers()
