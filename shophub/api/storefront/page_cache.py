"""Finished pages, kept for a few seconds: they are the same for everybody."""

import gzip
import hashlib
import time
from dataclasses import dataclass, field

LIFETIME_SECONDS = 5.0
MAX_PAGES = 1_000


@dataclass(frozen=True)
class CachedPage:
    """A page ready to send, also compressed, with its ETag."""

    status: int
    body: bytes
    compressed: bytes
    etag: str
    kept_until: float = field(compare=False)

    @classmethod
    def of(cls, html: str, status: int) -> "CachedPage":
        """Prepare a page."""
        body = html.encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        return cls(status, body, gzip.compress(body, 5, mtime=0), etag, time.monotonic() + LIFETIME_SECONDS)


class PageCache:
    """Pages by address. Dropped by age, and the oldest when there are too many."""

    def __init__(self) -> None:
        """Start empty."""
        self._pages: dict[str, CachedPage] = {}

    def find(self, address: str) -> CachedPage | None:
        """Return the page unless it is too old."""
        page = self._pages.get(address)
        if page is None or page.kept_until < time.monotonic():
            return None
        return page

    def keep(self, address: str, page: CachedPage) -> None:
        """Keep a page."""
        self._pages.pop(address, None)
        self._pages[address] = page
        while len(self._pages) > MAX_PAGES:
            del self._pages[next(iter(self._pages))]

    def clear(self) -> None:
        """Forget all pages."""
        self._pages.clear()
