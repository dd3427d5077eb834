"""Make the virtual environment ``.venv``: ``python3 -m tools.environment [--dev]``.

Runs on a bare Python, so it uses the standard library alone. What is done already is not done again; what was left
half done by a killed process is made anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.locking import CACHE, PROJECT, one_at_a_time

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".stamps"
UNFINISHED = VENV / ".unfinished"
MINIMUM = (3, 11)
LAUNCHER = """#!/bin/sh
# The command line of the shop, from anywhere.
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -m shophub "$@"
"""


class SetupError(Exception):
    """The machine lacks something; the message says what to do."""


def prepare(*requirements: str) -> None:
    """Leave a ``.venv`` in which every package of ``requirements`` is installed as locked.

    Raises:
        SetupError: Python is too old or incomplete, or a package cannot be had.
    """
    if sys.version_info < MINIMUM:
        raise SetupError(f"ShopHub needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    with one_at_a_time("venv"):
        if UNFINISHED.exists() or not _works():
            _create()
        missing = [name for name in requirements if not _is_installed(name)]
        if missing:
            UNFINISHED.touch()
            for name in missing:
                _install(name)
            UNFINISHED.unlink()
        _link_project()


def _works() -> bool:
    """Return whether the environment's Python runs and is recent (it may point to one that was removed)."""
    probe = f"import pip, sys; sys.exit(sys.version_info < {MINIMUM})"
    try:
        done = subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _create() -> None:
    print(f"Making the virtual environment with Python {sys.version.split()[0]} ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            f"{sys.executable} cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv.\n"
            + (made.stdout + made.stderr).strip()
        )


def _stamp(name: str) -> tuple[Path, str]:
    wanted = hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()
    return STAMPS / name, f"{wanted} {(VENV / 'pyvenv.cfg').read_text()}"


def _is_installed(name: str) -> bool:
    stamp, content = _stamp(name)
    return stamp.exists() and stamp.read_text() == content


def _install(name: str) -> None:
    print(f"Installing {name} ...", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*command, "--require-hashes", "--requirement", str(PROJECT / name)], env=_pip_environment(), check=False
    )
    if done.returncode != 0:
        raise SetupError(f"The packages of {name} could not be installed; see above.")
    stamp, content = _stamp(name)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(content)


def _pip_environment() -> dict[str, str]:
    """Return the environment, with a cache of the project's own where the user has no home that can be written."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    home = Path(environment.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        environment["PIP_CACHE_DIR"] = str(CACHE / "pip")
    return environment


def _link_project() -> None:
    """Let the environment find this project, and put the command ``shophub`` beside its Python."""
    (site_packages,) = (VENV / "lib").glob("python3.*/site-packages")
    _write(site_packages / "shophub-project.pth", f"{PROJECT}\n")
    _write(VENV / "bin" / "shophub", LAUNCHER)
    (VENV / "bin" / "shophub").chmod(0o755)


def _write(path: Path, content: str) -> None:
    if not path.exists() or path.read_text() != content:
        path.write_text(content)


def main() -> int:
    """Prepare for running the shop or, with ``--dev``, for working on it."""
    requirements = ["requirements.txt", *(["requirements-dev.txt"] if "--dev" in sys.argv[1:] else [])]
    try:
        prepare(*requirements)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
