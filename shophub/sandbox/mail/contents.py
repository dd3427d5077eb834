"""Prepares a message for the page: its HTML for a sealed frame, its text with links to press."""

import re
from html import unescape

from markupsafe import Markup, escape

from shophub.sandbox.resend.outbox import StoredEmail

_URL = re.compile(r"https?://[^\s<>\"']+")
_TRAILING = ".,;:!?)]}’”"
_PREVIEW_LENGTH = 140
# Links of a message open beside the mailbox; the frame itself may not be steered away.
_BASE = '<base target="_blank">'


def frame_document(html: str) -> str:
    """Return the document for the frame's ``srcdoc``: the message as sent, with links opening in a new tab."""
    match = re.search(r"<head[^>]*>", html, re.IGNORECASE)
    if match:
        return html[: match.end()] + _BASE + html[match.end() :]
    return _BASE + html


def linked_text(text: str) -> Markup:
    """Return ``text`` escaped, its web addresses made links."""
    parts: list[Markup] = []
    end = 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(_TRAILING)
        parts.append(escape(text[end : match.start()]))
        parts.append(Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, url))
        end = match.start() + len(url)
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def plain_text(email: StoredEmail) -> str:
    """Return the text part, or the HTML part without its tags."""
    if email.text is not None:
        return email.text
    without = re.sub(r"<(style|script|title)\b.*?</\1\s*>", " ", email.html or "", flags=re.IGNORECASE | re.DOTALL)
    lines = re.sub(r"<(?:br|/p|/div|/tr|/h\d|/li)\b[^>]*>", "\n", without, flags=re.IGNORECASE)
    text = unescape(re.sub(r"<[^>]*>", "", lines))
    return re.sub(r"\n\s*\n+", "\n\n", re.sub(r"[ \t]+", " ", text)).strip()


def preview(email: StoredEmail) -> str:
    """Return the first words for the list."""
    text = " ".join(plain_text(email).split())
    return text if len(text) <= _PREVIEW_LENGTH else text[: _PREVIEW_LENGTH - 1].rstrip() + "…"
