"""The description as a person reads it: subjects with their operations, as the template of ``/api/docs`` shows them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from shophub.api.description.samples import sample_of

# Said of all operations at the top of the page, so that each shows what is its own.
SAID_ONCE = frozenset({"Idempotency-Key", "If-None-Match"})
MAX_DEPTH = 3


@dataclass(frozen=True)
class Field:
    """Something that an operation takes: in its path or query, or in its body (with dots for what is inside)."""

    name: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True)
class Refusal:
    """An error: its status, its code and what it means."""

    status: int
    code: str
    meaning: str


@dataclass(frozen=True)
class Operation:
    """An operation with all that a reader needs to call it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    who: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    curl: str
    status: int
    phrase: str
    answer: str
    example: str
    refusals: tuple[Refusal, ...]
    next: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A subject and its operations."""

    id: str
    name: str
    about: str
    operations: tuple[Operation, ...]


def read(description: dict[str, Any]) -> tuple[Part, ...]:
    """Return the description in the order in which it is read."""
    schemas = description["components"]["schemas"]
    base = description["servers"][0]["url"]
    operations = [
        (raw["tags"][0], _operation(method.upper(), path, raw, base, schemas))
        for path, methods in description["paths"].items()
        for method, raw in methods.items()
    ]
    return tuple(
        Part(
            id=re.sub(r"\W+", "-", tag["name"].lower()),
            name=tag["name"],
            about=tag["description"],
            operations=tuple(one for name, one in operations if name == tag["name"]),
        )
        for tag in description["tags"]
    )


def _operation(method: str, path: str, raw: dict[str, Any], base: str, schemas: dict[str, Any]) -> Operation:
    about, _, who = raw["description"].partition("\n\n")
    status, success = next(pair for pair in raw["responses"].items() if pair[0].startswith("2"))
    content = next(iter(success.get("content", {}).items()), None)
    forms = raw.get("requestBody", {}).get("content", {})
    form: dict[str, Any] = next(iter(forms.values()), {})
    return Operation(
        id=raw["operationId"],
        method=method,
        path=path,
        summary=raw["summary"],
        about=about if about.rstrip(".") != raw["summary"] else "",
        who=who,
        parameters=tuple(_parameters(raw, schemas)),
        fields=tuple(_fields(form.get("schema", {}), schemas)),
        curl=_curl(method, path, raw, base, schemas),
        status=int(status),
        phrase=HTTPStatus(int(status)).phrase,
        answer=success["description"],
        example=_pretty(content[1]["example"]) if content and "json" in content[0] and "example" in content[1] else "",
        refusals=tuple(_refusals(raw)),
        next=tuple((name, link["description"]) for name, link in success.get("links", {}).items()),
    )


def _parameters(raw: dict[str, Any], schemas: dict[str, Any]) -> Iterator[Field]:
    for one in raw.get("parameters", ()):
        if one["name"] not in SAID_ONCE:
            kind = _kind(one["schema"], schemas)
            about = " ".join(filter(None, (one.get("description", ""), _bounds(one["schema"], schemas))))
            yield Field(one["name"], f"{kind}, in the {one['in']}", one.get("required", False), about)


def _fields(schema: dict[str, Any], schemas: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[Field]:
    """Give the fields of a body, those inside of others after them."""
    schema = _meant(schema, schemas)
    for name, part in schema.get("properties", {}).items():
        about = " ".join(filter(None, (part.get("description", ""), _bounds(part, schemas))))
        yield Field(f"{before}{name}", _kind(part, schemas), name in schema.get("required", ()), about)
        inner = _meant(part, schemas)
        if depth < MAX_DEPTH and inner.get("type") == "array":
            yield from _fields(inner.get("items", {}), schemas, f"{before}{name}[].", depth + 1)
        elif depth < MAX_DEPTH:
            yield from _fields(inner, schemas, f"{before}{name}.", depth + 1)


def _meant(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema refers to, or what may stand there besides null."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        else:
            schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
    return schema


def _kind(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    meant = _meant(schema, schemas)
    if "enum" in meant:
        return " or ".join(f"`{value}`" for value in meant["enum"])
    if "const" in meant:
        return f"`{meant['const']}`"
    kind = str(meant.get("type", "object"))
    if kind == "array":
        return f"list of {_kind(meant.get('items', {}), schemas)}"
    return {"date-time": "time", "uuid": "id", "binary": "file"}.get(meant.get("format", ""), kind)


def _bounds(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    meant = _meant(schema, schemas)
    low = meant.get("minimum", meant.get("minLength", meant.get("minItems")))
    high = meant.get("maximum", meant.get("maxLength", meant.get("maxItems")))
    unit = {"string": " characters", "array": " entries"}.get(meant.get("type", ""), "")
    low, high = (int(one) if isinstance(one, float) and one.is_integer() else one for one in (low, high))
    said = []
    if low is not None and high is not None:
        said.append(f"{low:,} to {high:,}{unit}.")
    elif low or high is not None:
        said.append(f"{low:,}{unit} or more." if high is None else f"{high:,}{unit} at most.")
    if schema.get("default") not in (None, "", []):
        said.append(f"`{json.dumps(schema['default']).strip(chr(34))}` where left out.")
    return " ".join(said)


def _curl(method: str, path: str, raw: dict[str, Any], base: str, schemas: dict[str, Any]) -> str:
    """Return the line that calls an operation from a shell."""
    query = []
    for one in raw.get("parameters", ()):
        value = str(one.get("example", sample_of(one["schema"], schemas, one["name"])))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(value, safe=""))
        elif one["in"] == "query" and one.get("required"):
            query.append(f"{one['name']}={quote(value, safe='')}")
    address = f"{base}{path}{'?' if query else ''}{'&'.join(query)}"
    lines = [f"curl '{address}'" if method == "GET" else f"curl -X {method} '{address}'"]
    if raw["security"] and {} not in raw["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    for form, content in raw.get("requestBody", {}).get("content", {}).items():
        if "json" in form and "example" in content:
            body = json.dumps(content["example"], ensure_ascii=False).replace("'", "'\\''")
            lines += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
        elif form.startswith("multipart/"):
            lines.append("-F 'file=@picture.jpg'")
    return " \\\n  ".join(lines)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _refusals(raw: dict[str, Any]) -> Iterator[Refusal]:
    for status, answer in sorted(raw["responses"].items()):
        if status >= "400":
            examples = answer.get("content", {}).get("application/json", {}).get("examples", {})
            for code, one in examples.items():
                yield Refusal(int(status), code, one["value"]["error"])
