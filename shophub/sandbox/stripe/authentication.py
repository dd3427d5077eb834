"""The bank's side of 3-D Secure: the answer to a challenge, and the page that a redirect leads to."""

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.currencies import display
from shophub.sandbox.stripe.errors import ApiError, invalid
from shophub.sandbox.stripe.params import Params, decode
from shophub.sandbox.stripe.payment_intents import check_client_secret
from shophub.sandbox.stripe.payments import authenticate
from shophub.sandbox.stripe.views import client_view
from shophub.sandbox.stripe.work import Call, Work

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox bank: confirm your payment</title>
<style>
:root {{ color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }}
body {{ margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }}
main {{ max-width: 26rem; padding: 2rem 1.25rem; }}
button {{ font: inherit; font-weight: 600; width: 100%; min-height: 3rem; margin-top: .75rem; border-radius: .5rem;
  border: 1px solid currentColor; background: transparent; color: inherit; cursor: pointer; }}
button.primary {{ background: #0b5a6e; border-color: #0b5a6e; color: #fff; }}
</style>
</head>
<body>
<main>
<h1>Confirm your payment</h1>
<p>Your bank asks you to approve a payment of <strong>{amount}</strong>. This is the sandbox's test page: no bank is
involved and no money moves.</p>
<form method="post">
<button class="primary" name="outcome" value="complete">Complete authentication</button>
<button name="outcome" value="fail">Fail authentication</button>
</form>
</main>
</body>
</html>
"""
_GONE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Nothing to confirm</title></head>
<body><main><h1>Nothing to confirm</h1><p>{message}</p></main></body></html>
"""


async def answer(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/:id/authenticate with ``outcome`` ``complete`` or ``fail``: what the shopper pressed."""
    call.params.only("client_secret", "outcome")
    intent = await objects.get(call.connection, "payment_intent", call.path["id"], lock=True, param="intent")
    check_client_secret(intent, call.params)
    outcome = call.params.choice("outcome", ("complete", "fail")) or call.params.required("outcome")
    await authenticate(call.work, intent, passed=outcome == "complete")
    return client_view(intent.body) if call.publishable else intent.body


def _with_query(url: str, values: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))


def page_routes(config: SandboxConfig, storage: Storage, on_commit: Callable[[], None]) -> list[Route]:
    """Return the page for confirmations with a ``return_url`` and without stripe.js."""

    async def page(request: Request) -> Response:
        params = Params(decode(request.url.query))
        outcome = ""
        if request.method == "POST":
            outcome = parse_qs((await request.body()).decode("utf-8", "replace")).get("outcome", [""])[0]
        async with storage.transaction() as connection:
            try:
                intent = await objects.get(connection, "payment_intent", request.path_params["id"], lock=True)
                check_client_secret(intent, params)
                action = intent.body["next_action"]
                if action is None or action["type"] != "redirect_to_url":
                    raise invalid("This payment does not wait for you any more. Go back to the shop.")
                if outcome not in ("complete", "fail"):
                    body = intent.body
                    shown = f"{display(body['amount'], body['currency'])} {body['currency'].upper()}"
                    return HTMLResponse(_PAGE.format(amount=html.escape(shown)))
            except ApiError as error:
                return HTMLResponse(_GONE.format(message=html.escape(str(error))), status_code=error.status)
            try:
                await authenticate(Work(connection, config), intent, passed=outcome == "complete")
            except ApiError as error:
                if not error.keeps_effects:
                    raise
        on_commit()
        succeeded = intent.body["status"] == "succeeded"
        values = {
            "payment_intent": intent.id,
            "payment_intent_client_secret": intent.body["client_secret"],
            "redirect_status": "succeeded" if succeeded else "failed",
        }
        return RedirectResponse(_with_query(action["redirect_to_url"]["return_url"], values), status_code=303)

    return [Route("/authenticate/{id}", page, methods=["GET", "POST"])]
