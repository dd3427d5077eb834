"""Correcting misspelt words by the words that a catalog has."""

from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LENGTH = 3
MAX_LENGTH = 40
# So many letters may be wrong, swapped, missing or too many in a word of so many letters.
_ALLOWED = ((4, 1), (8, 2), (MAX_LENGTH, 3))
_CANDIDATES = 30


def correct_words(typed: Sequence[str], known: Mapping[str, int]) -> list[str]:
    """Return the words with each unknown one replaced by the known word most like it, where there is one.

    ``known`` maps words to how many products have them: of equally similar ones, the commonest is meant.
    """
    return [word if is_known(word, known) else (nearest(word, known) or [word])[0] for word in typed]


def is_known(word: str, known: Mapping[str, int]) -> bool:
    """Return whether a word needs no correction: it is in the catalog, or no word at all."""
    return word in known or not MIN_LENGTH <= len(word) <= MAX_LENGTH or not word.isalpha()


def nearest(word: str, known: Mapping[str, int], limit: int = 1) -> list[str]:
    """Return the known words most like ``word``, best first; those with the same first letter before others."""
    if not MIN_LENGTH <= len(word) <= MAX_LENGTH:
        return []
    allowed = next(mistakes for length, mistakes in _ALLOWED if len(word) <= length)
    near = [one for one in known if abs(len(one) - len(word)) <= allowed]
    found = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=_CANDIDATES)
    ranked = sorted((distance, one[0] != word[0], -known[one], one) for one, distance, _ in found)
    return [one for *_, one in ranked[:limit]]
