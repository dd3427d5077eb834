"""``/api/docs``: the description of the API as a page for people, made on the server."""

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shophub.api.description import openapi
from shophub.api.description.reading import read
from shophub.api.permissions import PUBLIC
from shophub.settings import PROJECT_ROOT

PATH = "/api/docs"
MAX_AGE_SECONDS = 300
router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])

_THEME = PROJECT_ROOT / "assets" / "theme.css"
_CODE = re.compile(r"`([^`]+)`")
_TOKENS = re.compile(r"^(?::root|@media not print \{ \.dark) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)


@router.get(PATH)
async def get_docs(request: Request) -> HTMLResponse:
    """Return the page."""
    return HTMLResponse(page_of(request.app), headers={"Cache-Control": f"public, max-age={MAX_AGE_SECONDS}"})


def page_of(app: FastAPI) -> str:
    """Return the page about an app, made once."""
    if not hasattr(app.state, "docs_page"):
        app.state.docs_page = _render(app.openapi())
    page: str = app.state.docs_page
    return page


def _render(description: dict[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pieces"] = _CODE.split  # every second one is code
    light, dark = _TOKENS.findall(_THEME.read_text())
    parts = read(description)
    return environment.get_template("docs.html").render(
        title=description["info"]["title"],
        base=description["servers"][0]["url"],
        description_path=openapi.PATH,
        parts=parts,
        count=sum(len(part.operations) for part in parts),
        light=light,
        dark=dark,
    )
