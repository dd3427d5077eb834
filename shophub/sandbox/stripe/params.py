"""Stripe's form encoding: ``metadata[order]=1`` and ``expand[]=latest_charge`` in a body or a query string."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from shophub.sandbox.stripe.errors import invalid

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_MAX_FIELDS = 1000
_MAX_DEPTH = 8
_MAX_METADATA_KEYS = 50
_MAX_METADATA_KEY = 40
_MAX_METADATA_VALUE = 500


def decode(encoded: str) -> dict[str, Any]:
    """Return nested dicts of strings; ``a[]`` and ``a[0]`` become numbered keys (see ``Params.strings``).

    Raises:
        ApiError: Too many fields, or nested too deeply.
    """
    tree: dict[str, Any] = {}
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise invalid("The request has too many parameters.") from error
    for name, value in pairs:
        path = [part.rstrip("]") for part in name.split("[")]
        if len(path) > _MAX_DEPTH:
            raise invalid(f"Invalid parameter: {name}", param=name)
        node = tree
        for part in path[:-1]:
            child = node.get(part)
            if not isinstance(child, dict):
                child = node[part] = {}
            node = child
        last = path[-1] if path[-1] or len(path) == 1 else str(len(node))
        node[last] = value
    return tree


class Params:
    """The parameters of one request, or one object inside them, read with Stripe's own complaints."""

    def __init__(self, values: dict[str, Any], prefix: str = "") -> None:
        """Wrap decoded values; ``prefix`` is the name of the object they stand in."""
        self.values = values
        self._prefix = prefix

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def full_name(self, name: str) -> str:
        """Return the name as the client wrote it, ``card[number]``."""
        return f"{self._prefix}[{name}]" if self._prefix else name

    def only(self, *names: str) -> None:
        """Refuse parameters that the endpoint does not know.

        Raises:
            ApiError: ``parameter_unknown``.
        """
        for name in self.values:
            if name not in names:
                full = self.full_name(name)
                raise invalid(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)

    def text(self, name: str, *, limit: int = 5000) -> str | None:
        """Return a string; missing and empty are ``None``."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise invalid("Invalid string: expected a string", param=self.full_name(name))
        if len(value) > limit:
            message = f"Invalid string: {value[:20]}…; must be at most {limit} characters"
            raise invalid(message, param=self.full_name(name))
        return value

    def required(self, name: str) -> str:
        """Return a string that must be there.

        Raises:
            ApiError: ``parameter_missing`` or ``parameter_invalid_empty``.
        """
        full = self.full_name(name)
        if name not in self.values:
            raise invalid(f"Missing required param: {full}.", code="parameter_missing", param=full)
        value = self.text(name)
        if value is None:
            raise invalid(
                f"You passed an empty string for '{full}'. We assume empty values are an attempt to unset a "
                f"parameter; however '{full}' cannot be unset. You should remove '{full}' from your request or "
                "supply a non-empty value.",
                code="parameter_invalid_empty",
                param=full,
            )
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number.

        Raises:
            ApiError: ``parameter_invalid_integer``.
        """
        value = self.text(name)
        if value is None:
            return None
        if not _INTEGER.fullmatch(value):
            full = self.full_name(name)
            raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=full)
        return int(value)

    def boolean(self, name: str) -> bool | None:
        """Return a truth value, written ``true`` or ``false``.

        Raises:
            ApiError: Anything else.
        """
        value = self.text(name)
        if value is None:
            return None
        if value not in ("true", "false"):
            raise invalid(f"Invalid boolean: {value}", param=self.full_name(name))
        return value == "true"

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return one of ``allowed``.

        Raises:
            ApiError: Another value.
        """
        value = self.text(name)
        if value is not None and value not in allowed:
            full = self.full_name(name)
            raise invalid(f"Invalid {full}: must be one of {', '.join(allowed)}", param=full)
        return value

    def inner(self, name: str) -> "Params | None":
        """Return a nested object's parameters.

        Raises:
            ApiError: A plain value stands in its place.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        full = self.full_name(name)
        if not isinstance(value, dict):
            raise invalid("Invalid object", param=full)
        return Params(value, full)

    def strings(self, name: str) -> list[str]:
        """Return a list of strings, ``expand[]=a&expand[]=b``."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise invalid("Invalid array", param=self.full_name(name))
        return list(value.values())

    def metadata(self, before: dict[str, str]) -> dict[str, str]:
        """Return ``before`` with the request's keys set, those given as empty removed, or all for ``metadata=``.

        Raises:
            ApiError: More than 50 keys, a key over 40 or a value over 500 characters.
        """
        value = self.values.get("metadata")
        if value is None:
            return before
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise invalid("Invalid object", param="metadata")
        merged = dict(before)
        for key, item in value.items():
            if not isinstance(item, str):
                raise invalid("Metadata values must be strings", param=f"metadata[{key}]")
            if len(key) > _MAX_METADATA_KEY:
                raise invalid(
                    f"Metadata keys can be up to {_MAX_METADATA_KEY} characters. You passed in a key with length "
                    f"{len(key)}.",
                    param="metadata",
                )
            if len(item) > _MAX_METADATA_VALUE:
                raise invalid(
                    f"Metadata values can have up to {_MAX_METADATA_VALUE} characters. You passed in a value with "
                    f"length {len(item)}.",
                    param=f"metadata[{key}]",
                )
            if item == "":
                merged.pop(key, None)
            else:
                merged[key] = item
        if len(merged) > _MAX_METADATA_KEYS:
            raise invalid(f"You can have up to {_MAX_METADATA_KEYS} metadata keys.", param="metadata")
        return merged
