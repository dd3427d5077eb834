"""Arguments for any handler: such as a page sends, the same with somebody else's ids, and such as no page sends."""

import inspect
import json
import typing
from collections.abc import Iterator
from typing import Any

from tests.security.people import COUPON, Person

MARKUP = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
TEXTS = (
    MARKUP,
    "' OR 1=1; DROP TABLE orders; --",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "{{7*7}}",
    "%s%n",
    "x" * 5_000,
    "",
)
NUMBERS = (1, 0, -1, 2, 99, 100, 2**31, 2**53 - 1)
DEEP: Any = "bottom"
for _ in range(40):
    DEEP = {"down": DEEP}
# For any argument: what no page sends. The last ones are what PostgreSQL and UTF-8 cannot hold.
MISFITS = (None, 1.5, True, [], [["a"]], {"a": 1}, DEEP, 10**30, -(2**60), float("nan"), "a\x00b", "\ud800")
FORM = {
    "email": "walker@example.com",
    "full_name": MARKUP,
    "address": "1 Market Street",
    "address2": MARKUP,
    "city": "San Francisco",
    "state": "CA",
    "zip_code": "94105",
    "country": "US",
    "phone": "1",
    "note": MARKUP,
    "code": COUPON,
    "password": "correct horse battery",
    "is_admin": "true",
    "role": "SUPER_ADMIN",
    "user_id": "",
}


def fitting(
    method: Any, me: Person, victim: Person, variant_id: str, *, texts: bool = True
) -> Iterator[dict[str, Any]]:
    """Give arguments of the right types: the walker's own ids, the victim's, and texts that try something.

    Each once: a switch knows two values only, and most places of a form are the same.
    """
    ids = [me.line_id, victim.line_id, variant_id, me.order, victim.order, victim.checkout_id, victim.address_id,
           str(victim.user_id), *victim.others, *TEXTS]  # fmt: skip
    parameters = _parameters(method)
    if not parameters:
        yield {}
        return
    given: set[str] = set()
    for place in range(len(ids) if texts else len(ids) - len(TEXTS)):
        payload = {name: _value(hint, place, ids, victim) for name, hint in parameters.items()}
        if (text := json.dumps(payload)) not in given:
            given.add(text)
            yield payload


def _value(hint: Any, place: int, ids: list[str], victim: Person) -> Any:
    if hint is int:
        return NUMBERS[place % len(NUMBERS)]
    if hint is bool:
        return place % 2 == 0
    if hint is str:
        return ids[place]
    if typing.get_origin(hint) is dict:
        form = {**FORM, "user_id": str(victim.user_id), "id": victim.line_id, "order": victim.order}
        if place >= len(ids) - len(TEXTS):
            form = dict.fromkeys(form, ids[place])
        return form
    if typing.get_origin(hint) is list:
        return [ids[place]]
    return ids[place]


def unfitting(method: Any) -> Iterator[Any]:
    """Give what no page sends: arguments missing, too many, of other types, and no arguments at all."""
    parameters = _parameters(method)
    yield from ([], "text", 7, {"unknown": 1}, {"self": 1}, {"form_data": MARKUP, "unknown": 1})
    if parameters:
        yield {}
    for name in parameters:
        for misfit in MISFITS:
            yield {**dict.fromkeys(parameters, "a"), name: misfit}


def _parameters(method: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(inspect.unwrap(method))
    _, *parameters = inspect.signature(method).parameters
    return {name: hints.get(name, Any) for name in parameters}
