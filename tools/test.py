"""All tests: ``python -m tools.test [pytest options]``.

Those that drive a browser run apart from the others: Playwright keeps an event loop running that the others' loop
cannot share. Each of their workers has a shop of its own, so a file's tests stay together.
"""

import os
import subprocess
import sys

from tools import chromium
from tools.locking import PROJECT

BROWSER_TESTS = "tests/e2e"
WORKERS = "2"


def main() -> int:
    """Run both parts, and fail if either does."""
    try:
        browser = chromium.find()
    except chromium.NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]]
    pytest = [*pytest, "-n", WORKERS]
    parts = [[*pytest, f"--ignore={BROWSER_TESTS}"], [*pytest, "--dist", "loadfile", BROWSER_TESTS]]
    environment = os.environ | {"SHOPHUB_CHROMIUM": browser}
    codes = [subprocess.run(part, cwd=PROJECT, env=environment, check=False).returncode for part in parts]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
