"""Bandit's findings pass only with a reason."""

from pathlib import Path

import pytest

from tools.bandit import is_explained, reasons, scan

QUERY = 'statement = f"SELECT {column} FROM users WHERE id = {given}"'


def findings(folder: Path, source: str, name: str = "shophub/services/a.py") -> list[str]:
    file = folder / name
    file.parent.mkdir(parents=True)
    file.write_text(source)
    return [finding["test_id"] for finding in scan(folder)]


@pytest.mark.parametrize(
    ("source", "test"),
    [
        (QUERY, "B608"),
        (f"{QUERY}  # noqa: S608", "B608"),
        (f"{QUERY}  # noqa: S105 - another kind", "B608"),
        ("password = 'hunter2'", "B105"),
        ("import hashlib\nhashlib.md5(b'')  # nosec", "B324"),
        ("import yaml\nyaml.load('')", "B506"),
        ("import pickle\npickle.loads(b'')", "B301"),
    ],
)
def test_finding_without_a_reason_is_reported(tmp_path: Path, source: str, test: str):
    assert test in findings(tmp_path, source)


@pytest.mark.parametrize(
    "source",
    [
        f"{QUERY}  # noqa: S608 - the names are constants",
        f"{QUERY}  # noqa: S608 - the names are constants\nother = f'DELETE FROM {{column}}'  # noqa: S608",
        "password = 'hunter2'  # nosec B105 - the demo's, written on the sign-in page",
        "token = ''",
    ],
)
def test_finding_with_a_reason_passes(tmp_path: Path, source: str):
    assert findings(tmp_path, source) == []


def test_reason_of_a_later_line_does_not_explain_an_earlier_one():
    source = [f"{QUERY}  # noqa: S608", f"{QUERY}  # noqa: S608 - constants"]

    assert list(reasons(source, "608", 1, 1)) == []
    assert list(reasons(source, "608", 2, 2)) == ["constants"]


def test_sandbox_keys_are_known_constants_only_in_the_sandbox(tmp_path: Path):
    for folder in ("shophub/sandbox", "shophub/services"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text("secret = 'x'")

    def explained(folder: str) -> bool:
        name = str(tmp_path / folder / "a.py")
        return is_explained({"test_id": "B105", "filename": name, "issue_text": "", "line_range": [1]}, tmp_path)

    assert (explained("shophub/sandbox"), explained("shophub/services")) == (True, False)
