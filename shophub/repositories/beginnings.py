"""Texts that begin as somebody typed, found by an index on ``text_pattern_ops``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Behind every sign that a text can have.
_LAST = "\U0010ffff"


def begins(column: str, name: str) -> str:
    """Return the condition that a column begins with the value ``name``; see ``beginning``.

    A range of the index, and not ``LIKE``: a plan that PostgreSQL keeps for any value could not use the index for that.
    """
    return f"({column} ~>=~ :{name} AND {column} ~<~ :{name}_end)"


def beginning(name: str, typed: str) -> dict[str, str]:
    """Return the values of a ``begins`` condition."""
    return {name: typed, f"{name}_end": typed + _LAST}


def spellings(typed: str) -> list[str]:
    """Return how an article's number may be written that was typed so: as it is, and in capitals."""
    return list(dict.fromkeys((typed, typed.upper())))


@dataclass(frozen=True)
class Begins:
    """A condition and its values."""

    condition: str
    values: Mapping[str, str]


def begins_either(column: str, name: str, typed: Sequence[str]) -> Begins:
    """Return the condition that a column begins with one of several texts."""
    values: dict[str, str] = {}
    for place, one in enumerate(typed):
        values |= beginning(f"{name}{place}", one)
    return Begins(f"({' OR '.join(begins(column, f'{name}{place}') for place in range(len(typed)))})", values)
