"""What search engines ask of structured data: https://developers.google.com/search/docs/appearance/structured-data."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

AVAILABILITY = ("InStock", "OutOfStock", "LimitedAvailability")
Rule = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_address(value: Any) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else None
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in value


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+(\.\d{1,3})?", value) is not None


def _matches(pattern: str) -> Rule:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _thing(kind: str) -> Rule:
    def check(value: Any) -> bool:
        assert isinstance(value, dict)
        assert value["@type"] == kind
        check_thing(value)
        return True

    return check


def _is_trail(value: Any) -> bool:
    for place, item in enumerate(value, 1):
        assert _thing("ListItem")(item)
        assert item["position"] == place
    return len(value) > 0


# Of each type: what has to be there, and what may. Anything else would be a slip of ours.
NEEDED: dict[str, dict[str, Rule]] = {
    "Product": {
        "name": _is_text,
        "description": _is_text,
        "url": _is_address,
        "offers": _thing("Offer"),
    },
    "Offer": {
        "url": _is_address,
        "price": _is_number,
        "priceCurrency": _matches("[A-Z]{3}"),
        "availability": _matches(f"https://schema.org/({'|'.join(AVAILABILITY)})"),
        "itemCondition": _matches("https://schema.org/NewCondition"),
    },
    "AggregateRating": {
        "ratingValue": lambda value: _is_number(value) and 1 <= float(value) <= 5,
        "reviewCount": lambda value: type(value) is int and value > 0,
    },
    "Brand": {"name": _is_text},
    "BreadcrumbList": {"itemListElement": _is_trail},
    "ListItem": {"position": lambda value: type(value) is int, "name": _is_text, "item": _is_address},
    "Organization": {"name": _is_text, "url": _is_address, "logo": _is_address},
    "WebSite": {"name": _is_text, "url": _is_address, "potentialAction": _thing("SearchAction")},
    "SearchAction": {
        "target": lambda value: _is_address(value) and "{search_term_string}" in value,
        "query-input": _matches("required name=search_term_string"),
    },
}
ALLOWED: dict[str, dict[str, Rule]] = {
    "Product": {
        "image": lambda value: isinstance(value, list) and len(value) > 0 and all(map(_is_address, value)),
        "sku": _is_text,
        "category": _is_text,
        "brand": _thing("Brand"),
        "aggregateRating": _thing("AggregateRating"),
    },
    "AggregateRating": {"bestRating": _matches("5"), "worstRating": _matches("1")},
}


def check_thing(thing: dict[str, Any]) -> None:
    """Fail unless ``thing`` and everything in it has what search engines need, and nothing else."""
    kind = thing["@type"]
    rules = {**NEEDED[kind], **ALLOWED.get(kind, {})}
    assert NEEDED[kind].keys() <= thing.keys(), f"{kind} lacks {NEEDED[kind].keys() - thing.keys()}"
    for name, value in thing.items():
        if name in ("@context", "@type"):
            continue
        assert name in rules, f"{kind} has an unknown {name}"
        assert rules[name](value), f"{name} of {kind} is {value!r}"
