"""A page of one sentence, for those who come from an e-mail: no script, one button at most."""

from collections.abc import Mapping
from pathlib import Path

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shophub.schemas.stores import StoreView
from shophub.services.emails.palette import DARK, LIGHT

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def plain_page(
    store: StoreView,
    status: int,
    title: str,
    sentence: str,
    *,
    button: str = "",
    fields: Mapping[str, str] | None = None,
    referrer: str = "no-referrer",
) -> Response:
    """Return the page. With ``button`` it has a form that posts ``fields`` to the page's own address.

    Such an address holds a token: no other site is told of it, and by default nobody at all. A browser that tells
    nobody does not say either that a form comes from the shop's own page; where that is asked, ``referrer`` is
    ``same-origin``.
    """
    html = _environment.get_template("plain_page.html").render(
        store=store,
        title=title,
        sentence=sentence,
        button=button,
        fields=fields or {},
        referrer=referrer,
        light=LIGHT,
        dark=DARK,
    )
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Referrer-Policy": referrer})
