"""What a change of many prices makes of one."""

from dataclasses import dataclass
from typing import Literal

from shophub.errors import InvalidInputError

HUNDRED_PERCENT = 10_000
MAX_PRICE = 10**11


@dataclass(frozen=True)
class PriceChange:
    """By a share (hundredths of a percent, negative for less), by an amount, or to an amount, in minor units."""

    kind: Literal["percent", "amount", "exact"]
    value: int

    def __post_init__(self) -> None:
        """Refuse what can only be a slip.

        Raises:
            InvalidInputError: No change, to nothing, or ten times as much and more.
        """
        if self.kind == "exact" and not 0 < self.value <= MAX_PRICE:
            raise InvalidInputError("Type a price above zero.", {"value": "Type a price above zero."})
        if self.value == 0:
            raise InvalidInputError("That changes nothing.", {"value": "Type by how much."})
        if self.kind == "percent" and not -HUNDRED_PERCENT < self.value <= 9 * HUNDRED_PERCENT:
            sentence = "Type a percentage above -100 and up to 900."
            raise InvalidInputError(sentence, {"value": sentence})

    def applied(self, price_minor: int) -> int:
        """Return the new price, rounded half up; it may be one that cannot be charged."""
        if self.kind == "exact":
            return self.value
        if self.kind == "amount":
            return price_minor + self.value
        return (price_minor * (HUNDRED_PERCENT + self.value) * 2 + HUNDRED_PERCENT) // (HUNDRED_PERCENT * 2)


def is_possible(price_minor: int, compare_at_minor: int | None) -> bool:
    """Return whether a variant may have that price beside the old one that is struck out."""
    return 0 < price_minor <= MAX_PRICE and (compare_at_minor is None or price_minor < compare_at_minor)


def percent_bp(typed: str) -> int:
    """Return a percentage as it is typed (``10``, ``-7.5``, ``12 %``) in hundredths of a percent.

    Raises:
        InvalidInputError: Not a percentage, or with more than two decimals.
    """
    text = typed.replace("%", "").replace(" ", "").replace("\u2212", "-").replace("+", "", 1)
    digits = text.removeprefix("-")
    whole, _, part = digits.partition(".")
    is_number = digits.isascii() and whole.isdigit() and (part or "0").isdigit()
    if not (is_number and len(whole) <= 4 and len(part) <= 2):
        raise InvalidInputError("Type a percentage such as 10 or -7.5.", {"value": "Such as 10 or -7.5."})
    size = int(whole) * 100 + int(part.ljust(2, "0"))
    return -size if text.startswith("-") else size
