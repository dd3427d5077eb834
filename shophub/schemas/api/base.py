"""What all of the API's models share."""

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from shophub.schemas.texts import TextForm

Item = TypeVar("Item")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day_in_words(value: object) -> object:
    """Refuse a number, which would be taken for the seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("has to be a day, as 2026-03-14")
    return value


Day = Annotated[date, BeforeValidator(_day_in_words)]
LARGEST_WHOLE = 2**53  # beyond, a float stands for several whole numbers


class ApiOut(BaseModel):
    """Something that a program gets back. Amounts are minor units of the ``currency`` beside them, times are UTC."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, serialize_by_alias=True
    )


class ApiForm(TextForm):
    """Something that a program sends in. What it does not know is refused: a misspelt name must not be ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _whole_numbers(cls, value: Any) -> Any:
        """Take 2.0 for 2, as JSON Schema does: programs whose only numbers are floats write it so."""
        is_whole = isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE
        return int(value) if is_whole else value


class PageOut(ApiOut, Generic[Item]):
    """A page of a list. ``total`` is exact up to 10,000, and then at least that many: ``total_is_exact`` says which."""

    items: list[Item]
    total: int = Field(ge=0)
    total_is_exact: bool = True
    page: int = Field(ge=1)
    page_size: int = Field(ge=1, le=100)


class ErrorOut(BaseModel):
    """Every error has this shape. ``code`` is stable; ``error`` is a sentence that may be shown to a person."""

    error: str
    code: str
    details: list[dict[str, Any]]
