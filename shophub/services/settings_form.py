"""What was typed into the settings' page, checked and turned into what is kept. Each wrong place gets a sentence."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shophub.domain.addresses import all_countries
from shophub.domain.store_settings import SettingsPart
from shophub.errors import InvalidInputError
from shophub.lib.money import format_money, parse_amount
from shophub.lib.plain_text import plain_text
from shophub.schemas.product_editor import PICTURE

Fields = Mapping[str, str]
LARGEST_FEE = 10**11
LARGEST_STOCK = 1_000_000
EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]+\.[^\s@<>\".]{2,}")
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*%?", re.ASCII)
LENGTHS = {"store_name": 60, "store_phone": 40, "store_address": 400, "maintenance_message": 400}


def checked(
    part: SettingsPart, fields: Fields, countries: Sequence[str], currency: str, *, ships: bool
) -> dict[str, Any]:
    """Return what a part of the settings is to be.

    ``ships``: whether the store ships anywhere by now. Until then, where to may be left for later.

    Raises:
        InvalidInputError: ``fields`` maps each wrong place to how it is mended.
    """
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in part.columns:
        if name == "ship_to_countries" and not countries and not ships:
            values[name] = []
            continue
        try:
            values[name] = _VALUES[name](fields, countries, currency)
        except InvalidInputError as error:
            wrong[name] = error.message
    if wrong:
        raise InvalidInputError(next(iter(wrong.values())), wrong)
    return values


def _written(name: str, fields: Fields, *, required: str = "") -> str:
    value = plain_text(fields.get(name, "")).replace("\r\n", "\n").strip()
    if required and not value:
        raise InvalidInputError(required)
    if len(value) > LENGTHS[name]:
        raise InvalidInputError(f"At most {LENGTHS[name]} characters, this has {len(value)}.")
    return value


def _name(fields: Fields, _countries: Sequence[str], _currency: str) -> str:
    return " ".join(_written("store_name", fields, required="Give the shop a name.").split())


def _email(fields: Fields, _countries: Sequence[str], _currency: str) -> str:
    value = plain_text(fields.get("store_email", "")).strip()
    if len(value) > 254 or not EMAIL.fullmatch(value):
        raise InvalidInputError("Enter an e-mail address such as hello@example.com.")
    return value


def _logo(fields: Fields, _countries: Sequence[str], _currency: str) -> str | None:
    value = fields.get("logo_public_id", "")
    if value and not PICTURE.fullmatch(value):
        raise InvalidInputError("Choose the picture again.")
    return value or None


def _tax_rate(fields: Fields, _countries: Sequence[str], _currency: str) -> int:
    found = PERCENT.fullmatch(fields.get("tax_rate_ppm", "").strip())
    rate = int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")) if found else -1
    if not 0 <= rate <= 1_000_000:
        raise InvalidInputError("Enter a percentage from 0 to 100, such as 8.875.")
    return rate


def _amount(typed: str, currency: str) -> int:
    amount = parse_amount(typed, currency)
    if amount > LARGEST_FEE:
        raise InvalidInputError(f"At most {format_money(LARGEST_FEE, currency)}.")
    return amount


def _fee(fields: Fields, _countries: Sequence[str], currency: str) -> int:
    return _amount(fields.get("shipping_fee_minor", ""), currency)


def _threshold(fields: Fields, _countries: Sequence[str], currency: str) -> int | None:
    typed = fields.get("free_shipping_threshold_minor", "").strip()
    return _amount(typed, currency) if typed else None


def _countries(_fields: Fields, countries: Sequence[str], _currency: str) -> list[str]:
    known = {code for code, _ in all_countries()}
    if not countries:
        raise InvalidInputError("Choose at least one country, or nobody can order.")
    if not known.issuperset(countries):
        raise InvalidInputError("One of these is not a country that can be shipped to.")
    return sorted(set(countries))


def _low_stock(fields: Fields, _countries: Sequence[str], _currency: str) -> int:
    typed = fields.get("low_stock_threshold", "").strip()
    if not re.fullmatch(r"\d{1,7}", typed, re.ASCII) or int(typed) > LARGEST_STOCK:
        raise InvalidInputError(f"Enter a whole number from 0 to {LARGEST_STOCK:,}.")
    return int(typed)


_VALUES: dict[str, Callable[[Fields, Sequence[str], str], Any]] = {
    "store_name": _name,
    "store_email": _email,
    "store_phone": lambda fields, _countries, _currency: _written("store_phone", fields),
    "store_address": lambda fields, _countries, _currency: _written("store_address", fields),
    "logo_public_id": _logo,
    "tax_rate_ppm": _tax_rate,
    "shipping_fee_minor": _fee,
    "free_shipping_threshold_minor": _threshold,
    "ship_to_countries": _countries,
    "low_stock_threshold": _low_stock,
    "maintenance_message": lambda fields, _countries, _currency: _written("maintenance_message", fields),
}
