"""Coupons: what an admin sends, with a sentence for each thing that cannot be, and what an admin sees."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from shophub.domain.statuses import DiscountType
from shophub.errors import InvalidInputError
from shophub.lib.money import percent_text
from shophub.lib.plain_text import PlainText

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,39}")
PERCENT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
WHOLE = re.compile(r"[0-9]{1,18}")
MAX_MINOR = 10**12
MAX_COUNT = 10**9
YEARS = range(2000, 3000)
DESCRIPTION_MAX = 500

CODE_SENTENCE = "A code has 3 to 40 letters, digits, hyphens or underscores, and begins with a letter or digit."
TYPE_SENTENCE = "Choose PERCENTAGE, FIXED or FREE_SHIPPING."
VALUE_SENTENCE = "Say what the coupon takes off."
PERCENT_SENTENCE = "A percentage is more than 0 and at most 100, with at most two decimals."
FIXED_SENTENCE = "The amount is a whole number of the currency's smallest unit, more than 0."
NO_VALUE_SENTENCE = "Free delivery has no value: leave it at 0."
AMOUNT_SENTENCE = "The amount is a whole number of the currency's smallest unit, 0 or more."
LIMIT_SENTENCE = "The most that the coupon takes off is more than 0; leave it empty for no limit."
NO_LIMIT_SENTENCE = "Free delivery takes nothing off the items: leave the maximum discount empty."
COUNT_SENTENCE = "The number of uses is 1 or more; leave it empty for no limit."
DATE_SENTENCE = "Write the date as 2026-01-31, or with its time as 2026-01-31T18:00Z."
ORDER_SENTENCE = "The end must come after the start."
SWITCH_SENTENCE = "Choose yes or no."
CATEGORIES_SENTENCE = "Name categories by their slugs."
DESCRIPTION_SENTENCE = f"A description has at most {DESCRIPTION_MAX} characters."


def _refuse(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("coupon", sentence)


def _digits(value: object) -> str:
    """Return a number as it was written. ``repr`` of a float is the shortest text that means it, such as 12.5."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    return value.strip() if isinstance(value, str) else repr(value)


def _whole(value: object, lowest: int, highest: int, sentence: str) -> int:
    text = _digits(value)
    if not WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
        raise _refuse(sentence)
    return int(text)


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _moment(value: object, *, is_end: bool) -> datetime:
    """Return a moment in UTC. A day alone is meant whole: it starts at midnight, and ends with the next."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        return _moment(value.isoformat(), is_end=is_end)
    elif isinstance(value, str):
        text = value.strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise _refuse(DATE_SENTENCE) from error
        if is_end and len(text) <= len("2026-01-31") and moment.year in YEARS:
            moment = datetime.combine(moment.date() + timedelta(days=1), time.min)
    else:
        raise _refuse(DATE_SENTENCE)
    if moment.year not in YEARS:
        raise _refuse(DATE_SENTENCE)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _switch(value: object) -> bool:
    match value:
        case bool():
            return value
        case "true" | "on" | "yes":
            return True
        case "false" | "off" | "no" | "":
            return False
    raise _refuse(SWITCH_SENTENCE)


def _optional_count(value: object) -> int | None:
    return None if _absent(value) else _whole(value, 1, MAX_COUNT, COUNT_SENTENCE)


def _amount(value: object) -> int:
    return 0 if _absent(value) else _whole(value, 0, MAX_MINOR, AMOUNT_SENTENCE)


def _optional_limit(value: object) -> int | None:
    return None if _absent(value) else _whole(value, 1, MAX_MINOR, LIMIT_SENTENCE)


Count = Annotated[int | None, BeforeValidator(_optional_count)]
Switch = Annotated[bool, BeforeValidator(_switch)]


class CouponForm(BaseModel):
    """A coupon as an admin writes it. Amounts are minor units; a percentage may have two decimals.

    Each refusal is a sentence for its field: see ``parse_coupon``.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    code: str
    description: PlainText = ""
    discount_type: DiscountType
    discount_value: str = Field("0", validate_default=True)
    minimum_amount: Annotated[int, BeforeValidator(_amount)] = 0
    max_amount: Annotated[int | None, BeforeValidator(_optional_limit)] = None
    max_uses: Count = None
    max_uses_per_customer: Count = None
    applicable_categories: tuple[str, ...] = ()
    first_order_only: Switch = False
    start_date: datetime
    end_date: datetime
    is_active: Switch = True

    @field_validator("code", mode="before")
    @classmethod
    def _code(cls, value: object) -> str:
        code = value.strip() if isinstance(value, str) else ""
        if not code.isascii() or not CODE.fullmatch(code.upper()):
            raise _refuse(CODE_SENTENCE)
        return code.upper()

    @field_validator("description", mode="before")
    @classmethod
    def _description(cls, value: object) -> str:
        text = "" if value is None else value
        if not isinstance(text, str) or len(text.strip()) > DESCRIPTION_MAX:
            raise _refuse(DESCRIPTION_SENTENCE)
        return text.strip()

    @field_validator("discount_type", mode="before")
    @classmethod
    def _type(cls, value: object) -> DiscountType:
        if not isinstance(value, str) or value not in list(DiscountType):
            raise _refuse(TYPE_SENTENCE)
        return DiscountType(value)

    @field_validator("discount_value", mode="before")
    @classmethod
    def _value(cls, value: object, info: ValidationInfo) -> str:
        text = "0" if _absent(value) else _digits(value)
        match info.data.get("discount_type"):
            case DiscountType.PERCENTAGE:
                if not PERCENT.fullmatch(text) or not 1 <= _basis_points(text) <= 10_000:
                    raise _refuse(PERCENT_SENTENCE)
            case DiscountType.FIXED:
                return str(_whole(text, 1, MAX_MINOR, FIXED_SENTENCE))
            case DiscountType.FREE_SHIPPING:
                if text != "0":
                    raise _refuse(NO_VALUE_SENTENCE)
        return text

    @field_validator("max_amount")
    @classmethod
    def _limit(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and info.data.get("discount_type") is DiscountType.FREE_SHIPPING:
            raise _refuse(NO_LIMIT_SENTENCE)
        return value

    @field_validator("applicable_categories", mode="before")
    @classmethod
    def _categories(cls, value: object) -> tuple[str, ...]:
        slugs = value.split(",") if isinstance(value, str) else value
        if slugs is None:
            return ()
        if not isinstance(slugs, list | tuple) or not all(isinstance(slug, str) for slug in slugs):
            raise _refuse(CATEGORIES_SENTENCE)
        return tuple(dict.fromkeys(slug.strip() for slug in slugs if slug.strip()))

    @field_validator("start_date", mode="before")
    @classmethod
    def _start(cls, value: object) -> datetime:
        return _moment(value, is_end=False)

    @field_validator("end_date", mode="before")
    @classmethod
    def _end(cls, value: object, info: ValidationInfo) -> datetime:
        moment = _moment(value, is_end=True)
        start = info.data.get("start_date")
        if start is not None and moment <= start:
            raise _refuse(ORDER_SENTENCE)
        return moment

    @property
    def percent_bp(self) -> int | None:
        """Return the percentage in hundredths of a percent, for a coupon that takes one off."""
        return _basis_points(self.discount_value) if self.discount_type is DiscountType.PERCENTAGE else None

    @property
    def amount_minor(self) -> int | None:
        """Return the amount of a fixed coupon."""
        return int(self.discount_value) if self.discount_type is DiscountType.FIXED else None


_MISSING = {
    "code": CODE_SENTENCE,
    "discount_type": TYPE_SENTENCE,
    "start_date": DATE_SENTENCE,
    "end_date": DATE_SENTENCE,
}


def parse_coupon(data: Mapping[str, Any]) -> CouponForm:
    """Return what was sent as a form; fields go by their own names or, as in JSON, in camel case.

    Raises:
        InvalidInputError: With a sentence for each field that is wrong, under the name that it was sent by.
    """
    try:
        return CouponForm.model_validate(data)
    except ValidationError as error:
        fields: dict[str, str] = {}
        for problem in error.errors(include_url=False, include_input=False):
            sent_as = str(problem["loc"][0])
            name = next((name for name in CouponForm.model_fields if sent_as in (name, to_camel(name))), sent_as)
            shown = name if name in data else sent_as
            fields[shown] = problem["msg"] if problem["type"] == "coupon" else _MISSING.get(name, "Check this field.")
        raise InvalidInputError("Some details of the coupon are not right.", fields) from error


def _basis_points(percent: str) -> int:
    whole, _, part = percent.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


@dataclass(frozen=True)
class CouponView:
    """A coupon as an admin sees it. ``held`` uses belong to checkouts under way, ``used`` ones to orders."""

    id: str
    code: str
    description: str
    discount_type: DiscountType
    percent_bp: int | None
    amount_minor: int | None
    minimum_subtotal_minor: int
    maximum_discount_minor: int | None
    max_uses: int | None
    max_uses_per_customer: int | None
    used: int
    held: int
    categories: tuple[str, ...]
    first_order_only: bool
    starts_at: datetime
    ends_at: datetime
    is_active: bool

    @property
    def discount_value(self) -> str:
        """Return the value as the form takes it: a percentage, minor units, or 0."""
        if self.percent_bp is not None:
            return percent_text(self.percent_bp * 100)
        return str(self.amount_minor or 0)
