"""All tests: ``python -m tools.test [pytest options]``.

Those that drive a browser run apart from the others: Playwright keeps an event loop running that the others' loop
cannot share. A file's tests stay with one worker, which makes what they share once. ``tests/conftest.py`` puts long
files first, so that both workers end at about the same time.
"""

import os
import subprocess
import sys

from tools import chromium
from tools.locking import PROJECT

BROWSER_TESTS = "tests/e2e"
# Two cores: while one worker waits for its database, another one computes. Browsers leave nothing idle.
WORKERS, BROWSER_WORKERS = "3", "2"


def main() -> int:
    """Run both parts, and fail if either does."""
    try:
        browser = chromium.find()
    except chromium.NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]]
    pytest = [*pytest, "--dist", "loadfile", "--no-loadscope-reorder"]
    parts = [
        [*pytest, "-n", WORKERS, f"--ignore={BROWSER_TESTS}"],
        [*pytest, "-n", BROWSER_WORKERS, BROWSER_TESTS],
    ]
    environment = os.environ | {"SHOPHUB_CHROMIUM": browser}
    codes = [subprocess.run(part, cwd=PROJECT, env=environment, check=False).returncode for part in parts]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
