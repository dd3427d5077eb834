"""Puts server HTML into the compiled shell.

Every inserted node carries ``data-ssr``; the page gate removes them in the frame in which the live page is there. They
go right before ``</head>`` and ``</body>``: anywhere else React would mistake them for its own and render anew.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from shophub.lib import ui_classes, ui_links, ui_listing, ui_texts
from shophub.lib.frontend_build import read_shell
from shophub.lib.ui_icons import FILLED, FIVE_STARS, ICONS
from shophub.settings import PROJECT_ROOT

WEB_DIR = PROJECT_ROOT / ".web"

# Runs before anything else: a press on what is not live yet is kept, and done when the live page takes over. That may
# happen between the two halves of a mouse's click, which then never comes.
EARLY_SCRIPT = (
    '["mousedown","click"].forEach(function(n){document.addEventListener(n,function(e){'
    'var t=e.target.closest&&e.target.closest("[data-ssr] button[data-replay]");'
    'if(t){window.shophubPressed=t.getAttribute("data-replay");t.setAttribute("aria-busy","true")}})})'
)

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    ui=ui_classes,
    lists=ui_listing,
    texts=ui_texts,
    links=ui_links,
    icons=ICONS,
    filled_icons=FILLED,
    five_stars=FIVE_STARS,
    early_script=EARLY_SCRIPT,
)


def render(template: str, **context: object) -> str:
    """Return a template's HTML; everything is escaped unless a template says otherwise."""
    return _environment.get_template(template).render(**context)


def document(head: str, body: str) -> str:
    """Return the whole page."""
    shell = read_shell(WEB_DIR)
    head_end, body_end = shell.rindex("</head>"), shell.rindex("</body>")
    return f"{shell[:head_end]}{head}{shell[head_end:body_end]}{body}{shell[body_end:]}"
