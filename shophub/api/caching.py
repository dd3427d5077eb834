"""Answers that browsers and proxies may keep."""

import hashlib

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel


def weak_tag(body: bytes) -> str:
    """Return an ``ETag`` of what an answer says, however it is encoded on its way: hence a weak one."""
    return f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def is_known(tag: str, if_none_match: str) -> bool:
    """Return whether ``If-None-Match`` names a tag; as RFC 9110 has it, whether either is weak makes no difference."""
    wanted = tag.removeprefix("W/")
    known = [given.strip().removeprefix("W/") for given in if_none_match.split(",")]
    return bool(wanted) and (wanted in known or "*" in known)


def public_json(request: Request, model: BaseModel, *, max_age_seconds: int) -> Response:
    """Return a model with an ``ETag`` and ``Cache-Control``, or 304 for who has it already."""
    body = model.model_dump_json(by_alias=True).encode()
    tag = weak_tag(body)
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={max_age_seconds}"}
    if is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
    return Response(body, media_type="application/json", headers=headers)
