"""The numbers that customers call their orders by: ``SH-1001``."""

import re

from shophub.errors import OrderNotFoundError

PREFIX = "SH-"
_NUMBER = re.compile(r"(?:SH-)?([1-9]\d{0,17})", re.IGNORECASE | re.ASCII)


def order_number(number: int) -> str:
    """Return the public form of an order's number."""
    return f"{PREFIX}{number}"


def parse_order_number(text: str) -> int:
    """Return the number that ``SH-1001`` stands for; case and prefix may be left out.

    Raises:
        OrderNotFoundError: No order can be called that.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise OrderNotFoundError("We could not find that order.")
    return int(found[1])
