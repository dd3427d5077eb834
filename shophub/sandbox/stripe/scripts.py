"""stripe.js and the demo page: the files in ``static``, served from memory."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig

_STATIC = Path(__file__).parent / "static"
# One script for the browser, in files that can be read; in this order inside one function.
_PARTS = ("api.js", "cards.js", "styles.js", "fields.js", "element.js", "challenge.js", "stripe.js")


def _bundle() -> bytes:
    parts = [f"// {name}\n{(_STATIC / name).read_text(encoding='utf-8')}" for name in _PARTS]
    return ('(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n").encode()


def script_routes(config: SandboxConfig) -> list[Route]:
    """Return the routes of stripe.js and of a page that shows it."""
    script = _bundle()
    etag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'

    async def stripe_js(request: Request) -> Response:
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(script, media_type="text/javascript", headers=headers)

    async def demo(_request: Request) -> Response:
        page = (_STATIC / "demo.html").read_text(encoding="utf-8")
        return HTMLResponse(page.replace("{{key}}", config.stripe_publishable_key))

    async def demo_script(_request: Request) -> Response:
        return Response((_STATIC / "demo.js").read_bytes(), media_type="text/javascript")

    return [
        Route("/stripe.js", stripe_js),
        Route("/demo", demo),
        Route("/demo.js", demo_script),
    ]
