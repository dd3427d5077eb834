"""From what a form sent to a checked schema."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shophub.errors import InvalidInputError

FormT = TypeVar("FormT", bound=BaseModel)


def parse_form(schema: type[FormT], data: Mapping[str, Any], sentences: Mapping[str, str]) -> FormT:
    """Return ``data`` as ``schema``; ``sentences`` say per field how to mend it.

    Raises:
        InvalidInputError: With a sentence for each field that is wrong.
    """
    try:
        return schema.model_validate({name: data.get(name, "") for name in schema.model_fields if name in data})
    except ValidationError as error:
        names = {_field_name(schema, str(problem["loc"][0])) for problem in error.errors() if problem["loc"]}
        fields = {name: sentences.get(name, "Check this field.") for name in schema.model_fields if name in names}
        raise InvalidInputError("Some details are missing or not right.", fields) from error


def _field_name(schema: type[BaseModel], location: str) -> str:
    """Return the field that an alias stands for."""
    for name, field in schema.model_fields.items():
        if location in (name, field.alias):
            return name
    return location
