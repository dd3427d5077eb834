"""Finished pages, kept for a few seconds. ``NoticeCache`` says how long, and what ends them."""

import gzip
import hashlib
import time
from dataclasses import dataclass, field

from shophub.api.notice_cache import LIFETIME_SECONDS, MAX_ANSWERS, MAX_BYTES, MAX_CHANGES, NoticeCache


@dataclass(frozen=True)
class CachedPage:
    """A page ready to send, compressed, with its ETag. ``products`` are the ids of those that stand on it."""

    status: int
    compressed: bytes
    etag: str
    kept_until: float = field(compare=False)
    products: frozenset[str] = frozenset()

    @classmethod
    def of(cls, html: str, status: int, products: frozenset[str] = frozenset()) -> "CachedPage":
        """Prepare a page."""
        body = html.encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        compressed = gzip.compress(body, 5, mtime=0)
        return cls(status, compressed, etag, time.monotonic() + LIFETIME_SECONDS, products)

    @property
    def size(self) -> int:
        """Return what it takes, compressed."""
        return len(self.compressed)

    @property
    def body(self) -> bytes:
        """Return the page as it is for the few who take nothing compressed."""
        return gzip.decompress(self.compressed)


class PageCache(NoticeCache[CachedPage]):
    """Pages by address, and which parameters make a difference to a product's."""

    def __init__(self, max_changes: int = MAX_CHANGES, max_bytes: int = MAX_BYTES) -> None:
        """Start empty."""
        super().__init__(max_changes, max_bytes)
        self._parameters: dict[str, tuple[str, frozenset[str]]] = {}

    def know_parameters(self, path: str, product: str, names: frozenset[str]) -> None:
        """Remember which parameters make a difference to a product's page at ``path``, until the product changes."""
        self._parameters[path] = (product, names)
        while len(self._parameters) > MAX_ANSWERS:
            del self._parameters[next(iter(self._parameters))]

    def parameters_of(self, path: str) -> frozenset[str] | None:
        """Return which parameters make a difference to the page at ``path``; None where that is not known."""
        known = self._parameters.get(path)
        return None if known is None else known[1]

    def _forget(self, changed: set[str]) -> None:
        super()._forget(changed)
        for path in [path for path, (product, _) in self._parameters.items() if product in changed]:
            del self._parameters[path]

    def clear(self) -> None:
        """Forget all pages, also those that are being made."""
        super().clear()
        self._parameters.clear()
