"""Pages for when the shop is not there: closed, out of reach, broken. They need no database, build or script."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from shophub.services import maintenance
from shophub.services.emails.palette import DARK, LIGHT

FALLBACK_NAME = "ShopHub"
RETRY_AFTER_SECONDS = 10
APOLOGY = (
    "We are sorry: that was our mistake, not yours, and it has been noted. Trying again often helps. What is in your "
    "cart is safe."
)
OUT_OF_REACH = "The shop cannot be reached right now. What is in your cart is safe. Please try again in a moment."

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def bare_page(template: str, status: int, *, headers: Mapping[str, str] | None = None, **texts: str | bool) -> Response:
    """Return a page in the shop's colours, under the name that the shop was last known by."""
    store = maintenance.last_known()
    html = _environment.get_template(template).render(
        store_name=store.name if store else FALLBACK_NAME,
        email=store.email if store else "",
        light=LIGHT,
        dark=DARK,
        **texts,
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store", **(headers or {})})


def wants_page(scope: Scope) -> bool:
    """Return whether somebody looks at the answer, rather than a program."""
    return not scope["path"].startswith("/api/") and "text/html" in Headers(scope=scope).get("accept", "")


def broken_page(scope: Scope, request_id: str) -> Response:
    """Say that something went wrong, with the number under which the log has it."""
    return bare_page(
        "failure.html",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        title="Something went wrong",
        sentence=APOLOGY,
        can_retry=_can_retry(scope),
        request_id=request_id,
    )


def unreachable_page(scope: Scope) -> Response:
    """Say that the database, or a service without which nothing goes, does not answer."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return bare_page(
        "failure.html",
        HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        title="We will be back in a moment",
        sentence=OUT_OF_REACH,
        can_retry=_can_retry(scope),
        request_id=request_id,
    )


def _can_retry(scope: Scope) -> bool:
    """Return whether the address can be asked for again: what a form sent would be lost."""
    return scope["method"] in ("GET", "HEAD")
