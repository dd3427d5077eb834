"""Every check that needs no running shop: ``python -m tools.check`` (what ``make check`` and pre-commit run).

With ``--pages`` the pages are compiled meanwhile, which the tests would have to wait for.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.locking import PROJECT

PYTHON = (sys.executable, "-m")
CHECKS: dict[str, Sequence[str]] = {
    "types below the interface (mypy)": (*PYTHON, "mypy"),
    "types of the interface (pyrefly)": (*PYTHON, "pyrefly", "check"),
    "lint (ruff)": (*PYTHON, "ruff", "check"),
    "format (ruff)": (*PYTHON, "ruff", "format", "--check"),
    "import contracts": (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"),
    "our own rules": (*PYTHON, "tools.rules"),
    "weaknesses (bandit)": (*PYTHON, "tools.bandit"),
    "container files (hadolint)": ("hadolint", "Dockerfile"),
}
PAGES = "--pages"
COMPILING = {"pages (reflex)": (*PYTHON, "shophub", "build")}


@dataclass(frozen=True)
class Result:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float
    output: str


def run(name: str) -> Result:
    """Run one check."""
    command = (CHECKS | COMPILING)[name]
    if command[0] == "hadolint":
        command = (str(PROJECT / ".venv" / "bin" / "hadolint"), *command[1:])
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    return Result(name, done.returncode == 0, time.monotonic() - began, done.stdout)


def main() -> int:
    """Run all, two at a time, and print what failed."""
    words = [word for word in sys.argv[1:] if word != PAGES]
    chosen = [name for name in CHECKS if not words or any(word in name for word in words)]
    if not chosen:
        print(f"There is no such check; known are: {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    chosen[1:1] = COMPILING if PAGES in sys.argv else ()  # beside the check that takes longest
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for result in pool.map(run, chosen):
            print(f" {'✓' if result.passed else '✗'} {result.name} ({result.seconds:.0f} s)", flush=True)
            if not result.passed:
                failed += 1
                print(result.output, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
