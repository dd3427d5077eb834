"""Originals and rendered pictures on disk. Blocking: call in a thread.

No part of a request becomes part of a file name: names are SHA-256 of the public id. Files appear whole (written
beside, then renamed), so that several processes can share the folder.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

MAX_CACHE_BYTES = 512 * 1024 * 1024
_PRUNE_EVERY = 64


@dataclass(frozen=True)
class Asset:
    """One uploaded picture; ``etag`` is the MD5 of its bytes, as the service has it."""

    public_id: str
    asset_id: str
    version: int
    version_id: str
    format: str
    width: int
    height: int
    bytes: int
    etag: str
    has_alpha: bool
    original_filename: str
    tags: tuple[str, ...]
    context: dict[str, str]
    created_at: str


class AssetStore:
    """The pictures of one cloud."""

    def __init__(self, root: Path) -> None:
        """Keep everything under ``root``, made at first use."""
        self._originals = root / "originals"
        self._cache = root / "cache"
        self._writes = 0

    def find(self, public_id: str) -> Asset | None:
        """Return the picture's record, or ``None``."""
        try:
            record = json.loads(self._record(public_id).read_text())
        except FileNotFoundError:
            return None
        return Asset(**{**record, "tags": tuple(record["tags"])})

    def read(self, asset: Asset) -> bytes | None:
        """Return the original's bytes; ``None`` if it was replaced or removed since ``asset`` was read."""
        with suppress(FileNotFoundError):
            return self._content(asset).read_bytes()
        return None

    def save(self, asset: Asset, data: bytes) -> None:
        """Store or replace a picture; a reader sees the old one or the new one."""
        before = self.find(asset.public_id)
        _write_whole(self._content(asset), data)
        _write_whole(self._record(asset.public_id), json.dumps(asdict(asset)).encode())
        if before is not None and before.etag != asset.etag:
            self._content(before).unlink(missing_ok=True)

    def remove(self, public_id: str) -> bool:
        """Remove a picture; false if there was none."""
        asset = self.find(public_id)
        try:
            self._record(public_id).unlink()
        except FileNotFoundError:
            return False
        if asset is not None:
            self._content(asset).unlink(missing_ok=True)
        return True

    def read_rendered(self, key: str, suffix: str) -> bytes | None:
        """Return a rendering kept earlier."""
        with suppress(FileNotFoundError):
            return self._rendered(key, suffix).read_bytes()
        return None

    def save_rendered(self, key: str, suffix: str, data: bytes) -> None:
        """Keep a rendering; the oldest go when the folder passes 512 MB."""
        _write_whole(self._rendered(key, suffix), data)
        self._writes += 1
        if self._writes % _PRUNE_EVERY == 0:
            self._prune()

    def _prune(self) -> None:
        files = sorted(_sizes(self._cache))
        excess = sum(size for _, size, _ in files) - MAX_CACHE_BYTES
        for _, size, path in files:
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size

    def _record(self, public_id: str) -> Path:
        name = hashlib.sha256(public_id.encode()).hexdigest()
        return self._originals / name[:2] / f"{name}.json"

    def _content(self, asset: Asset) -> Path:
        return self._record(asset.public_id).with_suffix(f".{asset.etag}.{asset.format}")

    def _rendered(self, key: str, suffix: str) -> Path:
        return self._cache / key[:2] / f"{key}.{suffix}"


def rendering_key(asset: Asset, description: str) -> str:
    """Return the name of a rendering: changes with the original's content and with what is asked of it."""
    return hashlib.sha256(f"{asset.public_id}\0{asset.etag}\0{description}".encode()).hexdigest()


def new_version() -> int:
    """Return a version as the service numbers them: the second of the upload."""
    return int(time.time())


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(6)}.part")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _sizes(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.glob("*/*"):
        with suppress(FileNotFoundError):
            status = path.stat()
            yield status.st_mtime, status.st_size, path
