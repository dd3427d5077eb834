"""The catalog's own vocabulary: correcting what was typed, completing what is being typed."""

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from shophub.db import AsyncSession, Database, get_database
from shophub.domain.spelling import correct_words
from shophub.repositories import marks, search_words
from shophub.services.search_text import words_of

MARK = "search_words"
# A process asks so often whether the words have changed.
ASK_AFTER_SECONDS = 5.0


@dataclass
class _Kept:
    words: dict[str, int]
    version: object
    asked_at: float


_kept: "WeakKeyDictionary[Database, _Kept]" = WeakKeyDictionary()


async def vocabulary(session: AsyncSession) -> dict[str, int]:
    """Return the catalog's words and how many products have each, the commonest first, at most 5 seconds late."""
    kept = _kept.get(get_database())
    if kept is not None and time.monotonic() - kept.asked_at < ASK_AFTER_SECONDS:
        return kept.words
    version = await marks.find(session, MARK)
    if kept is None or kept.version != version:
        kept = _Kept(await search_words.list_words(session), version, 0)
        _kept[get_database()] = kept
    kept.asked_at = time.monotonic()
    return kept.words


async def correct(session: AsyncSession, text: str) -> str:
    """Return the text with misspelt words corrected to the catalog's, empty where there is nothing to correct."""
    typed = words_of(text)
    words = correct_words(typed, await vocabulary(session))
    return " ".join(words) if words != typed else ""
