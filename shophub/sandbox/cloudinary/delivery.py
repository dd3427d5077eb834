"""Delivery: renders what an address asks for, once, and answers it from disk afterwards."""

import asyncio
import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from shophub.sandbox.cloudinary.errors import CloudinaryError
from shophub.sandbox.cloudinary.images import CONTENT_TYPES, render
from shophub.sandbox.cloudinary.store import Asset, AssetStore, rendering_key
from shophub.sandbox.cloudinary.transformation import DeliveryAddress, parse_delivery_path
from shophub.sandbox.config import SandboxConfig

# A shop's own core or two: more at once would only make every page slower.
_MAX_RENDERINGS = 2
_REFUSED = re.compile(r";\s*q=0(?:\.0*)?\s*$")
_CACHE_CONTROL = "public, max-age=31536000, immutable"


class Delivery:
    """Answers ``GET /<cloud>/image/upload/<transformation>/<version>/<public id>``."""

    def __init__(self, config: SandboxConfig, store: AssetStore) -> None:
        """Deliver what ``store`` holds."""
        self._cloud_name = config.cloudinary_cloud_name
        self._store = store
        self._slots = asyncio.Semaphore(_MAX_RENDERINGS)
        self._running: dict[str, asyncio.Task[bytes]] = {}

    async def handle(self, request: Request) -> Response:
        """Answer with the picture, 304, or a refusal explained in ``X-Cld-Error``."""
        try:
            return await self._deliver(request)
        except CloudinaryError as error:
            reason = re.sub(r"[^\x20-\x7e]", "?", error.message)[:300]
            return Response(
                status_code=error.status,
                headers={"x-cld-error": reason, "cache-control": "no-store", "access-control-allow-origin": "*"},
            )

    async def _deliver(self, request: Request) -> Response:
        if request.path_params["cloud"] != self._cloud_name:
            raise CloudinaryError("Resource not found", HTTPStatus.NOT_FOUND)
        address = parse_delivery_path(request.path_params["path"])
        asset = await asyncio.to_thread(self._store.find, address.public_id)
        if asset is None:
            raise CloudinaryError(f"Resource not found - {address.public_id}", HTTPStatus.NOT_FOUND)
        output = _output(address, asset, request.headers.get("accept", ""))
        key = rendering_key(asset, f"{address.transformation!r} {output}")
        headers = {
            "etag": f'"{key[:32]}"',
            "cache-control": _CACHE_CONTROL,
            "access-control-allow-origin": "*",
            "timing-allow-origin": "*",
            "x-content-type-options": "nosniff",
        }
        if address.transformation.format == "auto":
            headers["vary"] = "Accept"
        if _matches(request.headers.get("if-none-match", ""), headers["etag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        data = await self._picture(asset, address, output, key)
        return Response(data, headers=headers, media_type=CONTENT_TYPES[output])

    async def _picture(self, asset: Asset, address: DeliveryAddress, output: str, key: str) -> bytes:
        if not address.transformation.steps and address.transformation.format == "" and output == asset.format:
            original = await asyncio.to_thread(self._store.read, asset)
            if original is None:
                raise CloudinaryError(f"Resource not found - {asset.public_id}", HTTPStatus.NOT_FOUND)
            return original
        kept = await asyncio.to_thread(self._store.read_rendered, key, output)
        if kept is not None:
            return kept
        # All who ask for the same picture now share one rendering, which a caller's going away does not stop.
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._render(asset, address, output, key))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(task)

    async def _render(self, asset: Asset, address: DeliveryAddress, output: str, key: str) -> bytes:
        async with self._slots:
            return await asyncio.to_thread(self._render_now, asset, address, output, key)

    def _render_now(self, asset: Asset, address: DeliveryAddress, output: str, key: str) -> bytes:
        original = self._store.read(asset)
        if original is None:
            raise CloudinaryError(f"Resource not found - {asset.public_id}", HTTPStatus.NOT_FOUND)
        data = render(original, address.transformation, output)
        self._store.save_rendered(key, output, data)
        return data


def _output(address: DeliveryAddress, asset: Asset, accept: str) -> str:
    """Return the format to deliver: for ``f_auto`` the best that the browser says it reads."""
    wanted = address.transformation.format
    if wanted != "auto":
        return wanted or asset.format
    accepted = {part.partition(";")[0].strip().lower() for part in accept.split(",") if not _REFUSED.search(part)}
    for name in ("avif", "webp"):
        if CONTENT_TYPES[name] in accepted:
            return name
    return "png" if asset.has_alpha else "jpg"


def _matches(header: str, etag: str) -> bool:
    given = {part.strip().removeprefix("W/") for part in header.split(",")}
    return etag in given or "*" in given
