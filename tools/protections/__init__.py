"""Protections of money and stock, and the tests that fail without them.

Each entry of the TOML files here takes one protection out of the source (``old`` becomes ``new``) and names the test
that has to notice. ``make protections`` does so in a copy of the tree, entry by entry.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shophub.lib.embedded_postgres import EmbeddedPostgres

FOLDER = Path(__file__).parent
SECONDS = 600
FAILED = 1  # pytest's code for "tests ran, and some failed"


@dataclass(frozen=True)
class Protection:
    """One protection: where it stands, what is left without it, and the test that has to fail then."""

    topic: str
    what: str
    path: str
    old: str
    new: str
    test: str

    def problem(self, project: Path) -> str | None:
        """Return why the entry no longer fits the tree, or None."""
        source, test = project / self.path, project / self.test.split("::")[0]
        if not source.is_file():
            return f"{self.path} is gone"
        found = source.read_text().count(self.old)
        if found != 1:
            return f"its text is found {found} times in {self.path}"
        if not test.is_file() or f"def {self.test.split('::')[1].split('[')[0]}(" not in test.read_text():
            return f"there is no test {self.test}"
        return None


@dataclass(frozen=True)
class Verdict:
    """What became of an entry: ``is_proven`` where the test passed with the protection and failed without."""

    protection: Protection
    is_proven: bool
    text: str


def load(topics: Sequence[str] = (), folder: Path = FOLDER) -> list[Protection]:
    """Return the entries of these topics, or of all."""
    files = [file for file in sorted(folder.glob("*.toml")) if not topics or file.stem in topics]
    return [
        Protection(file.stem, **entry)
        for file in files
        for entry in tomllib.loads(file.read_text()).get("protection", [])
    ]


def verdicts(protections: Sequence[Protection], project: Path) -> Iterator[Verdict]:
    """Try the entries one by one in a copy of the tree, in which everything else stays as it is."""
    with _copy(project) as copy, _server(copy):
        fitting = [entry for entry in protections if entry.problem(copy) is None]
        broken = _failing(dict.fromkeys(entry.test for entry in fitting), copy)
        for entry in protections:
            problem = entry.problem(copy)
            if problem is None and entry.test in broken:
                problem = "the test fails with the protection in place"
            if problem is not None:
                yield Verdict(entry, False, problem)
                continue
            source = copy / entry.path
            text = source.read_text()
            source.write_text(text.replace(entry.old, entry.new))
            code, _ = _run(entry.test, copy=copy)
            source.write_text(text)
            yield Verdict(entry, code == FAILED, _words(code))


def _words(code: int | None) -> str:
    if code == FAILED:
        return "fails without it"
    if code is None:
        return f"no end within {SECONDS} seconds without it"
    return "still passes without it" if code == 0 else f"does not run without it (pytest said {code})"


def _failing(tests: Iterable[str], copy: Path) -> set[str]:
    """Return which tests fail in the untouched tree."""
    every = list(tests)
    if not every:
        return set()
    code, output = _run(*every, copy=copy)
    if code not in (0, FAILED):
        return {test for test in every if _run(test, copy=copy)[0] != 0}
    failed = [words[1] for words in map(str.split, output.splitlines()) if words[:1] in (["FAILED"], ["ERROR"])]
    # A test with parameters fails with any of them; an identifier with blanks is cut at the first.
    return {test for test in every if any(name == test.split(" ")[0] or name.startswith(f"{test}[") for name in failed)}


def _run(*tests: str, copy: Path) -> tuple[int | None, str]:
    """Run tests; return pytest's code, None after too long a time, and what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTEST_SHOPHUB_RUN": f"{os.getpid()}_protections"}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS * len(tests),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout


@contextmanager
def _server(copy: Path) -> Iterator[None]:
    """Keep the tests' database server running, and its migrated template, from one run to the next."""
    if not (copy / "tests" / "databases.py").is_file():
        yield
        return
    server = EmbeddedPostgres(copy / ".cache" / "tests", durable=False)
    server.attach()
    try:
        yield
    finally:
        server.detach()


@contextmanager
def _copy(project: Path) -> Iterator[Path]:
    """Give a copy of what git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project, capture_output=True, check=True,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="protections-") as folder:
        copy = Path(folder)
        copy.chmod(0o755)  # as root, the tests' database server runs as another user
        for name in os.fsdecode(listed.stdout).split("\0"):
            if name and (project / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(project / name, copy / name)
        yield copy
