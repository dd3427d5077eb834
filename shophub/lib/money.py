"""Amounts of money: whole minor units beside an ISO 4217 currency, never a float."""

import re
from collections.abc import Sequence
from functools import lru_cache

from babel.core import Locale
from babel.numbers import format_currency, is_currency

from shophub.errors import InvalidInputError

# ISO 4217, for all codes that have not 2. Not CLDR's: those are how many decimals people write, such as none for RSD.
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_PATTERN_DECIMALS = re.compile(r"0(?:\.0+)?")
# A comma parts thousands and nothing else: 12,50 may mean two things, and is refused.
_TYPED = re.compile(r"[^\w.,+-]*(\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.(\d{0,4}))?\s*", re.ASCII)


def exponent(currency: str) -> int:
    """Return how many decimals ``currency`` has by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD.

    Raises:
        InvalidInputError: Not an ISO 4217 code.
    """
    if not is_currency(currency):
        raise InvalidInputError(f"“{currency}” is not a currency code.")
    return _DECIMALS.get(currency, 2)


def format_money(amount_minor: int, currency: str, locale: str = "en_US") -> str:
    """Return ``amount_minor`` as people write it: 5998, USD becomes ``$59.98``.

    Babel gets the digits as text and a pattern with as many decimals, so nothing is rounded on the way.
    """
    pattern = _pattern(locale, exponent(currency))
    text = decimal_string(amount_minor, currency)
    return format_currency(text, currency, pattern, locale=Locale.parse(locale), currency_digits=False)


@lru_cache
def _pattern(locale: str, decimals: int) -> str:
    digits = f"0.{'0' * decimals}" if decimals else "0"
    return _PATTERN_DECIMALS.sub(digits, Locale.parse(locale).currency_formats["standard"].pattern)


def decimal_string(amount_minor: int, currency: str) -> str:
    """Return the plain decimal form for machines, such as JSON-LD: 5998, USD becomes ``59.98``."""
    decimals = exponent(currency)
    if decimals == 0:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def parse_amount(text: str, currency: str) -> int:
    """Return an amount as people type it in minor units: ``1,234.50`` or ``$1234.5`` is 123450 in USD.

    Raises:
        InvalidInputError: Not an amount of zero or more, or with more decimals than the currency has.
    """
    decimals = exponent(currency)
    found = _TYPED.fullmatch(text)
    part = (found[2] or "") if found else ""
    if found is None or len(part) > decimals:
        example = decimal_string(12 * 10**decimals + 10**decimals // 2, currency)
        raise InvalidInputError(f"Type an amount such as {example}.")
    return int(found[1].replace(",", "") + part.ljust(decimals, "0"))


def parts_per(amount_minor: int, parts: int, whole: int) -> int:
    """Return ``amount_minor × parts ÷ whole``, rounded half up, for amounts of zero or more."""
    return (amount_minor * parts * 2 + whole) // (whole * 2)


def rescale(amount_minor: int, before: str, after: str) -> int:
    """Return the same figure in another currency's minor units: 1999 (19.99), USD to JPY becomes 20.

    Rounded half up; what is above zero stays above zero. No exchange rate: 19.99 dollars become 19.99 euros.
    """
    multiplier, divisor = scale(before, after)
    return max(parts_per(amount_minor, multiplier, divisor), min(amount_minor, 1))


def scale(before: str, after: str) -> tuple[int, int]:
    """Return what amounts are multiplied and divided by when ``before`` becomes ``after``; one of them is 1."""
    more = exponent(after) - exponent(before)
    return 10 ** max(more, 0), 10 ** max(-more, 0)


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
