"""The price ranges that a listing offers as a filter."""

from shophub.errors import InvalidInputError
from shophub.lib.money import exponent

_STEPS = (10, 25, 50, 100, 250, 500, 1_000)
# Currencies without decimals count in smaller units: what costs 10 dollars costs 1,000 yen and more.
_WITHOUT_DECIMALS = 100
_MAX_DIGITS = 12


def price_edges(currency: str) -> tuple[int, ...]:
    """Return where one range ends and the next begins, in minor units, ascending."""
    decimals = exponent(currency)
    return tuple(step * (10**decimals if decimals else _WITHOUT_DECIMALS) for step in _STEPS)


def price_in_minor(typed: str, currency: str) -> int:
    """Return a price as it stands in an address ("25", "24.99") in minor units; decimals too many are cut off.

    Raises:
        InvalidInputError: Not a price.
    """
    whole, _, part = typed.partition(".")
    digits = whole + part
    if not (whole and digits.isascii() and digits.isdigit() and len(whole) <= _MAX_DIGITS):
        raise InvalidInputError("That is not a price.", {"price": "digits, with or without decimals"})
    decimals = exponent(currency)
    return int(whole + part[:decimals].ljust(decimals, "0"))
