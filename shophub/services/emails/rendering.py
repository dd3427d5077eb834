"""From a template and texts to a message. Everything in HTML is escaped unless a template says otherwise; none does."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shophub.domain.information import InformationPage
from shophub.schemas.stores import StoreView
from shophub.services.emails.palette import DARK, LIGHT
from shophub.settings import get_settings

TEMPLATES = Path(__file__).parent / "templates"
SUBJECT_LENGTH = 150
# What every letter leads to at its end.
HELP_PAGES = (InformationPage.CONTACT, InformationPage.RETURNS, InformationPage.PRIVACY)


@dataclass(frozen=True)
class RenderedEmail:
    """A message without its recipient."""

    subject: str
    html: str
    text: str


def render_email(template: str, *, subject: str, store: StoreView, **values: object) -> RenderedEmail:
    """Return the message that ``template``.html and .txt make of ``values``.

    A name that a template uses and nobody gave is an error, so that no mail goes out with a hole in it.
    """
    one_line = " ".join(subject.split())[:SUBJECT_LENGTH]
    context = {
        "subject": one_line,
        "store": store,
        "logo_url": absolute(store.logo_url),
        "home_url": get_settings().public_url,
        "help_links": [(page.heading, absolute(page.path)) for page in HELP_PAGES],
        "light": LIGHT,
        "dark": DARK,
        **values,
    }
    html = _environment().get_template(f"{template}.html").render(context)
    text = _environment().get_template(f"{template}.txt").render(context)
    return RenderedEmail(one_line, html, text.strip() + "\n")


def absolute(url: str) -> str:
    """Return an address that works outside the shop's pages; a path becomes one on the shop's public address."""
    return f"{get_settings().public_url}{url}" if url.startswith("/") else url


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
