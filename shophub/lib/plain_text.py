"""What people type, without what no column can hold and no page should show."""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator

_KEPT_CONTROLS = {"\n", "\t"}


def plain_text(value: str) -> str:
    """Return ``value`` without control characters and lone surrogates, which PostgreSQL and UTF-8 refuse."""
    return "".join(
        character
        for character in value
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _clean(value: object) -> object:
    return plain_text(value) if isinstance(value, str) else value


PlainText = Annotated[str, BeforeValidator(_clean)]
