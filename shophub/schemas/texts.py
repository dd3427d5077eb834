"""What all forms share: texts that the database can keep."""

from typing import Any

from pydantic import BaseModel, field_validator


class TextForm(BaseModel):
    """Something that is sent in. NUL and halves of characters are refused in every field, at any depth."""

    @field_validator("*", mode="before")
    @classmethod
    def _text_that_can_be_kept(cls, value: Any) -> Any:
        if not _can_be_kept(value):
            raise ValueError("holds a character that is none")
        return value


def _can_be_kept(value: Any) -> bool:
    """Say so without recursion: a body may be nested as deep as its reader bears."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            if "\x00" in part or any("\ud800" <= character <= "\udfff" for character in part):
                return False
        elif isinstance(part, dict):
            waiting += (*part, *part.values())
        elif isinstance(part, list):
            waiting += part
    return True
