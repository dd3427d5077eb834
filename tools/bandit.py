"""Run bandit: ``python -m tools.bandit``. A finding passes only where the source says why it is none.

Ruff knows most of bandit's tests under the same numbers (S608 is B608), so one comment serves both:
``# noqa: S608 - the pieces are constants``, at any line of what was found. What only bandit sees is marked with its
own ``# nosec B105 - why``. A comment without a reason takes that of the same number before it in its file.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.locking import PROJECT

FOLDERS = ("shophub", "tools", "benchmarks", "alembic", "rxconfig.py")
# Tests of the whole project that say nothing here, as in ruff's settings.
SKIPPED = {
    "B404": "importing subprocess is no weakness by itself; each call is looked at",
    "B603": "every call passes a list without a shell; the linter cannot tell whose words are in it",
    "B607": "programs are looked up on PATH on purpose: their places differ between machines",
}
# Where a kind of finding is no weakness, whatever the line.
BY_FOLDER = {
    "benchmarks/": {"B101": "asserts its set-up", "B311": "random loads are no secrets", "B608": "its own constants"},
    "shophub/settings.py": {"B105": "the sandboxes' keys are public on purpose; production refuses them"},
    "shophub/sandbox/": {"B105": "published constants of the sandbox", "B106": "likewise"},
}
# Bandit calls every text a password that stands beside a name such as token: nothing, a path or a sentence is none.
HARMLESS_TEXT = re.compile(r"Possible hardcoded password: '(|/[a-z/-]*|[A-Z][^']* [^']*\.)'")
COMMENT = re.compile(r"#\s*(?:noqa|nosec):?\s*((?:[SB]\d{3}[,\s]*)+)(?:-\s*(\S.*))?")


def reasons(source: list[str], number: str, first: int, last: int) -> Iterator[str]:
    """Yield the reasons that the lines of a finding give for a test, its number as in ``608``."""
    known = ""
    for line, text in enumerate(source, 1):
        comment = COMMENT.search(text)
        if comment is None or number not in re.findall(r"\d{3}", comment[1]):
            continue
        known = comment[2] or known
        if first <= line <= last and known:
            yield known


def is_explained(finding: Mapping[str, Any], project: Path) -> bool:
    """Return whether somebody has said why a finding is none."""
    test = finding["test_id"]
    name = Path(finding["filename"]).relative_to(project).as_posix()
    if any(name.startswith(folder) and test in tests for folder, tests in BY_FOLDER.items()):
        return True
    if test in {"B105", "B106", "B107"} and HARMLESS_TEXT.fullmatch(finding["issue_text"]):
        return True
    lines = finding["line_range"]
    source = Path(finding["filename"]).read_text().splitlines()
    return any(reasons(source, test.removeprefix("B"), min(lines), max(lines)))


def scan(project: Path = PROJECT) -> list[Mapping[str, Any]]:
    """Return what bandit finds and nobody has explained.

    Raises:
        RuntimeError: Bandit could not read a file.
    """
    command = [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "--ignore-nosec", "--exit-zero",
               "--skip", ",".join(SKIPPED), "--recursive"]  # fmt: skip
    places = [str(project / folder) for folder in FOLDERS if (project / folder).exists()]
    done = subprocess.run([*command, *places], cwd=project, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    if report["errors"]:
        raise RuntimeError(f"bandit could not read: {report['errors']}")
    return [finding for finding in report["results"] if not is_explained(finding, project)]


def main() -> int:
    """Print what is left; 1 if there is any."""
    left = scan()
    for finding in left:
        place = f"{Path(finding['filename']).relative_to(PROJECT)}:{finding['line_number']}"
        print(f"{place}: {finding['test_id']} {finding['issue_text']}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
