"""Markdown written by people, made safe to show."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

# A description sits below its page's h1 and h2.
TOP_HEADING = 3
ALLOWED_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2_048)
def render_markdown(source: str, top_heading: int = TOP_HEADING) -> str:
    """Return the HTML of a Markdown text: no scripts, styles, pictures or foreign tags, links only to the web and mail.

    Headings begin at ``top_heading`` and leave out no level, whichever the writer chose. Raw HTML in the source is
    shown as text. Kept by content, because one text is shown often.
    """
    tokens = _markdown.parse(source)
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            above = [*(one for one in above if one < level), level]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, len(above) + top_heading - 1)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


@lru_cache(maxsize=2_048)
def plain_summary(source: str, length: int = 160) -> str:
    """Return the beginning of a Markdown text without its markup, cut at a word to at most ``length`` characters."""
    parts: list[str] = []
    for token in _markdown.parse(source):
        if token.type == "inline" and token.children:
            parts.append("".join(child.content or " " for child in token.children if child.type in TEXTUAL))
    text = " ".join(" ".join(parts).split())
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


TEXTUAL = frozenset({"text", "code_inline", "softbreak", "hardbreak"})
