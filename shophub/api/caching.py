"""Answers that browsers and proxies may keep."""

import hashlib

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel


def public_json(request: Request, model: BaseModel, *, max_age_seconds: int) -> Response:
    """Return a model with an ``ETag`` and ``Cache-Control``, or 304 for who has it already."""
    body = model.model_dump_json(by_alias=True).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={max_age_seconds}"}
    known = [given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
