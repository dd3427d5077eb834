"""Slugs: names as they stand in addresses."""

import re
import unicodedata

MAX_SLUG = 250
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Return whether ``text`` can be a slug: the database holds no other, and need not be asked for it."""
    return len(text) <= MAX_SLUG and _SLUG.fullmatch(text) is not None


def slugify(name: str, longest: int = 80) -> str:
    """Return a name as a slug, cut at a word; letters lose their accents, all else becomes a hyphen. May be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return words if len(words) <= longest else words[: longest + 1].rpartition("-")[0] or words[:longest]
