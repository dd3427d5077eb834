"""Every operation that is described, and everything that it says it refuses, is seen by some test in this folder.

The tests name both in words (``answers("GET /api/cart")``, ``refuses("POST /api/cart", "insufficient_stock")``), and
what they name is read from them. What all operations have in common is tried by the walk in ``test_common.py``.
"""

import ast
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from shophub.api.app import create_api
from shophub.api.description.openapi import api_routes
from shophub.api.description.refusals import REFUSES

FOLDER = Path(__file__).parent


def named() -> tuple[set[str], set[tuple[str, str]]]:
    """Return the operations that tests call with success, and the codes that they see each refuse with."""
    answered: set[str] = set()
    refused: set[tuple[str, str]] = set()
    for path in FOLDER.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if node.func.attr == "answers":
                answered.add(words[0])
            elif node.func.attr == "refuses":
                refused.add((words[0], words[1]))
    return answered, refused


def described(app: FastAPI) -> dict[str, Any]:
    return {
        f"{method} {route.path_format}": (route.openapi_extra or {}).get(REFUSES, [])
        for route in api_routes(app.routes)
        for method in route.methods or ()
    }


def test_every_operation_is_called_with_success() -> None:
    operations = set(described(create_api()))

    assert len(operations) > 20
    assert sorted(operations - named()[0]) == []


def test_every_refusal_of_an_operations_own_is_seen() -> None:
    own = {(name, refusal.code) for name, refusals in described(create_api()).items() for refusal in refusals}

    assert sorted(own - named()[1]) == []


def test_no_test_names_what_is_not_there() -> None:
    answered, refused = named()

    assert sorted((answered | {name for name, _ in refused}) - set(described(create_api()))) == []
