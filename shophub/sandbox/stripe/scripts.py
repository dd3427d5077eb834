"""stripe.js and the demo page: the files in ``static``, served from memory."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe import payment_intents
from shophub.sandbox.stripe.params import Params
from shophub.sandbox.stripe.work import Call, Work

_STATIC = Path(__file__).parent / "static"
# One script for the browser, in files that can be read; in this order inside one function.
_PARTS = ("api.js", "cards.js", "styles.js", "fields.js", "element.js", "challenge.js", "stripe.js")


def _bundle() -> bytes:
    parts = [f"// {name}\n{(_STATIC / name).read_text(encoding='utf-8')}" for name in _PARTS]
    return ('(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n").encode()


def script_routes(config: SandboxConfig, storage: Storage) -> list[Route]:
    """Return the routes of stripe.js and of a page that shows it with a payment of its own."""
    script = _bundle()
    demo_page = (_STATIC / "demo.html").read_text(encoding="utf-8")
    demo_js = (_STATIC / "demo.js").read_bytes()
    etag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'

    async def stripe_js(request: Request) -> Response:
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(script, media_type="text/javascript", headers=headers)

    async def demo(_request: Request) -> Response:
        async with storage.transaction() as connection:
            params = Params({"amount": "5998", "currency": "usd", "description": "Demo page"})
            intent = await payment_intents.create(Call(Work(connection, config), params))
        page = demo_page.replace("{{key}}", config.stripe_publishable_key)
        return HTMLResponse(page.replace("{{client_secret}}", intent["client_secret"]))

    async def demo_script(_request: Request) -> Response:
        return Response(demo_js, media_type="text/javascript")

    return [
        Route("/stripe.js", stripe_js),
        Route("/demo", demo),
        Route("/demo.js", demo_script),
    ]
