"""``python -m tools.rules``: check all Python files of the project."""

import sys

from tools.locking import PROJECT
from tools.rules import check_source

FOLDERS = ("shophub", "tools", "tests", "alembic", "benchmarks")


def main() -> int:
    """Print every breach; 1 if there is any."""
    paths = [
        PROJECT / "rxconfig.py",
        *(path for folder in FOLDERS for path in sorted((PROJECT / folder).rglob("*.py"))),
    ]
    breaches = [
        breach
        for path in paths
        if path.exists()
        for breach in check_source(path.relative_to(PROJECT).as_posix(), path.read_text())
    ]
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
