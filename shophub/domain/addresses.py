"""Postal addresses: what each country asks of a postal code."""

import re
from functools import lru_cache

from babel.core import Locale

# Patterns as the countries' postal services write them; a country that is not listed takes any code.
POSTAL_CODES: dict[str, tuple[str, str]] = {
    "US": (r"^\d{5}(-\d{4})?$", "five digits, such as 94107"),
    "CA": (r"^[A-Z]\d[A-Z] ?\d[A-Z]\d$", "six characters, such as K1A 0B1"),
    "GB": (r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$", "a postcode such as SW1A 1AA"),
    "DE": (r"^\d{5}$", "five digits, such as 10115"),
    "FR": (r"^\d{5}$", "five digits, such as 75001"),
    "ES": (r"^\d{5}$", "five digits, such as 28001"),
    "IT": (r"^\d{5}$", "five digits, such as 00118"),
    "NL": (r"^\d{4} ?[A-Z]{2}$", "four digits and two letters, such as 1011 AB"),
    "BE": (r"^\d{4}$", "four digits, such as 1000"),
    "AT": (r"^\d{4}$", "four digits, such as 1010"),
    "CH": (r"^\d{4}$", "four digits, such as 8001"),
    "SE": (r"^\d{3} ?\d{2}$", "five digits, such as 111 22"),
    "DK": (r"^\d{4}$", "four digits, such as 1050"),
    "AU": (r"^\d{4}$", "four digits, such as 2000"),
    "JP": (r"^\d{3}-?\d{4}$", "seven digits, such as 100-0001"),
}


# In CLDR's list with two letters, but no place that a parcel goes to.
_NO_COUNTRIES = frozenset("AC AQ BV CP CQ DG EA EU EZ HM IC QO TA UN XA XB ZZ".split())


def postal_code_problem(country: str, code: str) -> str | None:
    """Return how to mend ``code`` for ``country``, or None where it is well formed."""
    known = POSTAL_CODES.get(country)
    if known is None:
        return None if 1 <= len(code) <= 20 else "Enter the postal code."
    pattern, example = known
    if re.fullmatch(pattern, code.strip().upper()):
        return None
    name = "ZIP code" if country == "US" else "postal code"
    return f"Enter the {name} as {example}."


def country_name(code: str) -> str:
    """Return the English name of an ISO 3166 country code, or the code itself (CLDR)."""
    return str(Locale("en").territories.get(code, code))


@lru_cache(maxsize=1)
def all_countries() -> tuple[tuple[str, str], ...]:
    """Return every country's ISO 3166 code and English name, by name (CLDR)."""
    territories = Locale("en").territories
    named = ((str(code), str(name)) for code, name in territories.items() if re.fullmatch("[A-Z]{2}", str(code)))
    return tuple(sorted((one for one in named if one[0] not in _NO_COUNTRIES), key=lambda one: one[1]))
