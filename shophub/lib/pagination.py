"""Pages of a list: what was asked for and what came."""

from dataclasses import dataclass
from math import ceil

from shophub.errors import InvalidInputError

DEFAULT_PAGE_SIZE = 24
MAX_PAGE_SIZE = 100
# Deep pages would make the database walk every row before them.
MAX_PAGE = 10_000
# Totals are exact up to here, and then said to be more: counting on would take longer than the page.
COUNTED_TO = 10_000


@dataclass(frozen=True)
class PageRequest:
    """A page number from 1 and how many items it holds."""

    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE

    def __post_init__(self) -> None:
        """Refuse numbers out of range.

        Raises:
            InvalidInputError: Page under 1, or size not from 1 to 100.
        """
        if not 1 <= self.page <= MAX_PAGE:
            raise InvalidInputError("That page does not exist.", {"page": f"1 to {MAX_PAGE}"})
        if not 1 <= self.page_size <= MAX_PAGE_SIZE:
            raise InvalidInputError("That page size is not offered.", {"pageSize": f"1 to {MAX_PAGE_SIZE}"})

    @property
    def offset(self) -> int:
        """Return how many items come before this page."""
        return (self.page - 1) * self.page_size


def page_number(text: str) -> int:
    """Return the page that an address asks for, 1 where it says nothing usable. Never more than ``MAX_PAGE`` + 1."""
    if not (text.isascii() and text.isdigit()):
        return 1
    digits = text.lstrip("0")[: len(str(MAX_PAGE)) + 1]  # int() refuses thousands of digits
    return min(int(digits or "0"), MAX_PAGE + 1)


def page_count(total: int, page_size: int) -> int:
    """Return how many pages ``total`` items fill, at least one."""
    return max(1, ceil(total / page_size))
