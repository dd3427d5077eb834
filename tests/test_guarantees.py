"""Every way in which shops fail has a test that says so, and the document about them tells the truth."""

import ast
import re
from collections import defaultdict
from functools import lru_cache

import pytest

from tools.locking import PROJECT

MONEY_AND_STOCK = range(1, 23)
ACCOUNTS = (*range(23, 36), 43, 45)
READING = range(36, 40)
BACK_OFFICE = (46,)
PROGRAMS = (42,)
PROVEN = (*MONEY_AND_STOCK, *ACCOUNTS, *READING, *BACK_OFFICE, *PROGRAMS)
CLAIM = re.compile(r"Known failure (\d+): \S")
ROW = re.compile(r"^\| (\d+) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@lru_cache
def proofs() -> dict[int, set[tuple[str, str]]]:
    """Return the tests, as file and name, by the failures that their docstrings claim to prove absent."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for file in (PROJECT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for number in CLAIM.findall(ast.get_docstring(node) or ""):
                    found[int(number)].add((str(file.relative_to(PROJECT)), node.name))
    return found


@lru_cache
def rows() -> dict[int, set[tuple[str, str]]]:
    """Return the tests that the document names, by the number of their row."""
    document = (PROJECT / "docs" / "guarantees.md").read_text()
    return {int(number): set(TEST.findall(row)) for number, row in ROW.findall(document)}


@pytest.mark.parametrize("number", PROVEN)
def test_known_failure_has_a_test_and_the_document_names_it(number: int):
    assert proofs()[number], f"no test says that it proves known failure {number}"
    assert rows()[number], f"docs/guarantees.md names no test of known failure {number}"
    assert rows()[number] <= proofs()[number], "the document names a test that does not exist or proves something else"


def test_document_has_a_row_for_each_failure_and_no_other():
    assert list(rows()) == list(PROVEN)


def test_checks_of_a_stranger_are_repeated_by_tests_that_exist():
    document = (PROJECT / "docs" / "checks.md").read_text()
    checks = [TEST.findall(row) for _, row in ROW.findall(document)]

    assert len(checks) == 25
    for file, name in (one for tests in checks for one in tests):
        assert re.search(rf"def {name}\(", (PROJECT / file).read_text()), f"{file} has no {name}"
    assert all(checks)
