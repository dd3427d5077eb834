"""What was typed into the search box, and what is searched for: its words, and others that mean the same."""

import re
from collections.abc import Sequence

from shophub.repositories.listing_search import Search, Word

MAX_QUERY = 200
MAX_WORDS = 12
# Quotes, a minus before a word, "or": the database's own search syntax, where no word is a mere beginning.
OPERATORS = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)

Synonyms = Sequence[tuple[str, ...]]


def clean_query(typed: str) -> str:
    """Return what was typed without control characters, in single spaces, at most 200 characters of it."""
    printable = "".join(char if char.isprintable() else " " for char in typed[: MAX_QUERY * 4])
    return " ".join(printable.split())[:MAX_QUERY].strip()


def words_of(text: str) -> list[str]:
    """Return the first twelve words: letters and digits, in lower case."""
    return re.findall(r"[^\W_]+", text.lower())[:MAX_WORDS]


def has_operators(text: str) -> bool:
    """Return whether the text uses the search syntax, and is to be taken as it is."""
    return OPERATORS.search(text) is not None


def to_search(text: str, synonyms: Synonyms = ()) -> Search:
    """Return what to search for. Words that stand in a group of synonyms are also found by the others of the group."""
    if has_operators(text):
        return Search(text)
    words = words_of(text)
    plain = text.lower() == " ".join(words) and all(word.isalpha() for word in words)
    return Search("" if plain and words else text, tuple(_slots(words, synonyms)))


def _slots(words: list[str], synonyms: Synonyms) -> list[tuple[Word, ...]]:
    groups = [[words_of(term) for term in group] for group in synonyms]
    slots: list[tuple[Word, ...]] = []
    place = 0
    while place < len(words):
        length, others = _same(words[place:], groups)
        last = place + length == len(words)
        if length == 1:
            own = (Word(words[place], is_beginning=last),)
        else:
            own = (Word(" ".join(words[place : place + length])),)
        slots.append(own + tuple(Word(other) for other in others))
        place += length
    return slots


def _same(words: list[str], groups: list[list[list[str]]]) -> tuple[int, list[str]]:
    """Return how many of the first words are a term of some group, the longest, and the other terms of such groups."""
    terms = [term for group in groups for term in group if term and words[: len(term)] == term]
    if not terms:
        return 1, []
    longest = max(terms, key=len)
    others = [" ".join(term) for group in groups if longest in group for term in group if term and term != longest]
    return len(longest), list(dict.fromkeys(others))
