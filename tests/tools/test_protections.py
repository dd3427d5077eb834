"""The list of protections fits the tree, and the tool tells a test that notices from one that does not."""

import subprocess
from pathlib import Path

import pytest

from tools.locking import PROJECT
from tools.protections import Protection, load, verdicts


@pytest.mark.parametrize("protection", [pytest.param(one, id=f"{one.topic}: {one.what}") for one in load()])
def test_protection_is_found_and_its_test_exists(protection: Protection):
    assert protection.problem(PROJECT) is None
    assert protection.old != protection.new


def test_only_a_test_that_fails_without_the_protection_proves_it(tmp_path: Path):
    (tmp_path / "till.py").write_text(
        "def take(stock):\n    if stock < 1:\n        raise ValueError\n    return stock - 1\n"
    )
    (tmp_path / "test_till.py").write_text("""
import pytest
from till import take

def test_refuses():
    with pytest.raises(ValueError):
        take(0)

def test_takes():
    assert take(2) == 1

def test_is_broken():
    assert take(2) == 2
""")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    line = "    if stock < 1:\n        raise ValueError\n"

    def protection(test: str, old: str = line, new: str = "") -> Protection:
        return Protection("till", "no stock below zero", "till.py", old, new, f"test_till.py::{test}")

    entries = [
        protection("test_refuses"),
        protection("test_takes"),
        protection("test_is_broken"),
        protection("test_refuses", new="    if stock <\n"),
        protection("test_refuses", old="stock"),
        protection("test_that_is_gone"),
    ]
    found = [(verdict.is_proven, verdict.text) for verdict in verdicts(entries, tmp_path)]

    assert found == [
        (True, "fails without it"),
        (False, "still passes without it"),
        (False, "the test fails with the protection in place"),
        (False, "does not run without it (pytest said 4)"),
        (False, "its text is found 3 times in till.py"),
        (False, "there is no test test_till.py::test_that_is_gone"),
    ]
    assert (tmp_path / "till.py").read_text().count(line) == 1
