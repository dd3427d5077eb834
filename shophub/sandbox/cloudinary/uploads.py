"""The Upload API: ``upload`` and ``destroy`` as the official client calls them.

Source: https://cloudinary.com/documentation/image_upload_api_reference.
"""

import asyncio
import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import PurePosixPath

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shophub.sandbox.cloudinary.errors import CloudinaryError
from shophub.sandbox.cloudinary.images import MAX_UPLOAD_BYTES, inspect_image
from shophub.sandbox.cloudinary.signature import check_signature
from shophub.sandbox.cloudinary.store import Asset, AssetStore, new_version
from shophub.sandbox.cloudinary.transformation import check_public_id
from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.faults import Faults

# A picture of the largest size as a data URI (4/3), and the other fields.
_MAX_KEPT_BODY = MAX_UPLOAD_BYTES * 3 // 2
_MAX_READ_BODY = 64 * 1024 * 1024
_ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_DATA_URI = re.compile(r"data:[\w/+.-]*(?:;[\w=-]+)*;base64,", re.ASCII)


class UploadApi:
    """Answers ``POST /v1_1/<cloud>/image/<action>``."""

    def __init__(self, config: SandboxConfig, store: AssetStore, faults: Faults) -> None:
        """Sign, keep and fail by what is given."""
        self._config = config
        self._store = store
        self._faults = faults

    async def handle(self, request: Request) -> Response:
        """Dispatch one call; refusals have the service's shape and a request id."""
        request_id = secrets.token_hex(16)
        try:
            fault = await self._faults.take()
            if fault.before:
                raise CloudinaryError("General Error", fault.status)
            answer = await self._dispatch(request)
            if fault.after:
                raise CloudinaryError("General Error", fault.status)
            response = JSONResponse(answer)
        except CloudinaryError as error:
            response = JSONResponse({"error": {"message": error.message}}, error.status)
            response.headers["x-cld-error"] = re.sub(r"[^\x20-\x7e]", "?", error.message)[:300]
        response.headers["x-request-id"] = request_id
        return response

    async def _dispatch(self, request: Request) -> dict[str, object]:
        cloud, action = request.path_params["cloud"], request.path_params["action"]
        if cloud != self._config.cloudinary_cloud_name:
            raise CloudinaryError("Invalid cloud_name " + cloud[:60], 401)
        async with _form(request) as form:
            params = _joined(form)
            check_signature(
                params, api_key=self._config.cloudinary_api_key, api_secret=self._config.cloudinary_api_secret
            )
            if action == "upload":
                data, filename = await _file(form)
                return await self._upload(params, data, filename, self._base_url(request))
            if action == "destroy":
                return await self._destroy(params)
        raise CloudinaryError(f"Unsupported action {action[:60]}", 404)

    async def _upload(self, params: Mapping[str, str], data: bytes, filename: str, base: str) -> dict[str, object]:
        name = params.get("public_id") or "".join(secrets.choice(_ID_ALPHABET) for _ in range(20))
        folder = params.get("folder", "").strip("/")
        public_id = f"{folder}/{name}" if folder else name
        check_public_id(public_id)
        found = await asyncio.to_thread(inspect_image, data)
        allowed = params.get("allowed_formats", "")
        if allowed and found.format not in allowed.replace("jpeg", "jpg").split(","):
            raise CloudinaryError(f"Image file format {found.format} not allowed")
        before = await asyncio.to_thread(self._store.find, public_id)
        if before is not None and params.get("overwrite") in {"0", "false"}:
            return {**self._answer(before, base), "existing": True}
        asset = Asset(
            public_id=public_id,
            asset_id=before.asset_id if before else secrets.token_hex(16),
            version=new_version(),
            version_id=secrets.token_hex(16),
            format=found.format,
            width=found.width,
            height=found.height,
            bytes=len(data),
            etag=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            has_alpha=found.has_alpha,
            original_filename=PurePosixPath(filename).stem[:200] or "file",
            tags=tuple(tag.strip() for tag in params.get("tags", "").split(",") if tag.strip()),
            context=_context(params.get("context", "")),
            created_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        await asyncio.to_thread(self._store.save, asset, data)
        return {**self._answer(asset, base), **({"overwritten": True} if before else {})}

    async def _destroy(self, params: Mapping[str, str]) -> dict[str, object]:
        if not params.get("public_id"):
            raise CloudinaryError("Missing required parameter - public_id")
        removed = await asyncio.to_thread(self._store.remove, params["public_id"])
        return {"result": "ok" if removed else "not found"}

    def _answer(self, asset: Asset, base: str) -> dict[str, object]:
        signed = f"public_id={asset.public_id}&version={asset.version}{self._config.cloudinary_api_secret}"
        url = f"{base}/image/upload/v{asset.version}/{asset.public_id}.{asset.format}"
        answer: dict[str, object] = {
            "asset_id": asset.asset_id,
            "public_id": asset.public_id,
            "version": asset.version,
            "version_id": asset.version_id,
            "signature": hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest(),
            "width": asset.width,
            "height": asset.height,
            "format": asset.format,
            "resource_type": "image",
            "created_at": asset.created_at,
            "tags": list(asset.tags),
            "bytes": asset.bytes,
            "type": "upload",
            "etag": asset.etag,
            "placeholder": False,
            "url": url,
            "secure_url": "https://" + url.partition("://")[2],
            "folder": asset.public_id.rpartition("/")[0],
            "original_filename": asset.original_filename,
            "api_key": self._config.cloudinary_api_key,
        }
        if asset.context:
            answer["context"] = {"custom": asset.context}
        return answer

    def _base_url(self, request: Request) -> str:
        base = self._config.base_path
        origin = "" if "://" in base else f"{request.url.scheme}://{request.url.netloc}"
        return f"{origin}{base}/cloudinary/{self._config.cloudinary_cloud_name}"


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    """Yield the call's fields; temporary files go when the block ends.

    Raises:
        CloudinaryError: The body is too long or not a form.
    """
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    parser: MultiPartParser | FormParser
    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(
                request.headers, _once(body), max_files=1, max_fields=64, max_part_size=_MAX_KEPT_BODY
            )
        else:
            parser = FormParser(request.headers, _once(body))
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, KeyError) as error:
        raise CloudinaryError("Bad request body") from error
    try:
        yield form
    finally:
        await form.close()


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
    yield b""


async def _body(request: Request) -> bytes:
    """Return the body; one that is too long is read to its end, so that the caller hears why, but not kept.

    Raises:
        CloudinaryError: Over the limit.
    """
    kept = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= _MAX_KEPT_BODY:
            kept += chunk
        elif size > _MAX_READ_BODY:
            break
    if size > _MAX_KEPT_BODY:
        raise CloudinaryError(f"File size too large. Got {size}. Maximum is {MAX_UPLOAD_BYTES}.")
    return bytes(kept)


def _joined(form: FormData) -> dict[str, str]:
    """Return the text fields; repeated ``name[]`` fields are one value with commas, as they are signed."""
    params: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str):
            continue
        if name.endswith("[]"):
            name = name[:-2]
            params[name] = f"{params[name]},{value}" if name in params else value
        elif name in params:
            raise CloudinaryError(f"Parameter {name[:60]} was sent twice")
        else:
            params[name] = value
    return params


async def _file(form: FormData) -> tuple[bytes, str]:
    """Return the picture's bytes and name, sent as a part or as a data URI."""
    file = form.get("file")
    if isinstance(file, UploadFile):
        return await file.read(), file.filename or ""
    if not file:
        raise CloudinaryError("Missing required parameter - file")
    match = _DATA_URI.match(file)
    if match is None:
        # The real service would fetch an address; a sandbox must not be a way into the developer's network.
        raise CloudinaryError("Unsupported source URL: " + file[:60])
    try:
        return base64.b64decode(file[match.end() :], validate=True), ""
    except binascii.Error as error:
        raise CloudinaryError("Invalid image file") from error


def _context(value: str) -> dict[str, str]:
    """Read ``alt=A cup|caption=…``, where ``\\=`` and ``\\|`` are literal."""
    result: dict[str, str] = {}
    for pair in re.split(r"(?<!\\)\|", value):
        name, found, text = re.sub(r"\\([=|])", "\0\\1", pair).partition("=")
        if found and name:
            result[name.replace("\0", "")] = text.replace("\0", "")
    return result
