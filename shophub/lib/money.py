"""Amounts of money: whole minor units beside an ISO 4217 currency, never a float."""

from collections.abc import Sequence

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision, is_currency

from shophub.errors import InvalidInputError


def exponent(currency: str) -> int:
    """Return how many decimals ``currency`` has: 2 for USD, 0 for JPY, 3 for KWD (CLDR).

    Raises:
        InvalidInputError: Not an ISO 4217 code.
    """
    if not is_currency(currency):
        raise InvalidInputError(f"“{currency}” is not a currency code.")
    return get_currency_precision(currency)


def format_money(amount_minor: int, currency: str, locale: str = "en_US") -> str:
    """Return ``amount_minor`` as people write it: 5998, USD becomes ``$59.98``.

    Babel gets the digits as text, so nothing is rounded on the way.
    """
    return format_currency(decimal_string(amount_minor, currency), currency, locale=Locale.parse(locale))


def decimal_string(amount_minor: int, currency: str) -> str:
    """Return the plain decimal form for machines, such as JSON-LD: 5998, USD becomes ``59.98``."""
    decimals = exponent(currency)
    if decimals == 0:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def parts_per(amount_minor: int, parts: int, whole: int) -> int:
    """Return ``amount_minor × parts ÷ whole``, rounded half up, for amounts of zero or more."""
    return (amount_minor * parts * 2 + whole) // (whole * 2)


def percent_text(rate_ppm: int) -> str:
    """Return a rate in millionths as people write a percentage: 88,750 becomes ``8.875``."""
    whole, part = divmod(rate_ppm, 10_000)
    return f"{whole}.{part:04d}".rstrip("0") if part else str(whole)


def allocate(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount_minor`` over ``weights`` by largest remainder, so that the parts add up exactly.

    Ties go to the earlier part. All weights zero gives all zeros, which the caller must not ask for unless the
    amount is zero too.

    Raises:
        ValueError: A negative amount or weight, or an amount with nothing to carry it.
    """
    total = sum(weights)
    if amount_minor < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Amounts and weights cannot be negative.")
    if total == 0:
        if amount_minor:
            raise ValueError("There is nothing to spread the amount over.")
        return [0 for _ in weights]
    parts = [amount_minor * weight // total for weight in weights]
    remainders = [amount_minor * weight % total for weight in weights]
    missing = amount_minor - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return parts
