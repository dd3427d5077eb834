"""Numbers that make names unique within a run."""

from itertools import count

_numbers = count(1)


def next_number() -> int:
    """Return a number that no earlier call returned."""
    return next(_numbers)
