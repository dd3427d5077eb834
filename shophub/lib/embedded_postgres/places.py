"""Where the data and the socket lie."""

import hashlib
import os
import tempfile
from pathlib import Path

from shophub.errors import ConfigurationError
from shophub.lib.embedded_postgres.account import ServerAccount

SOCKET_NAME = ".s.PGSQL.5432"
# sun_path of a Unix socket address: 108 bytes on Linux, 104 on macOS and BSD, the closing zero included.
MAX_SOCKET_PATH = 103
# Where root keeps a server's data if its own user cannot enter the project's folder. Only root can write here, so
# nobody else can have put something under the same name.
SYSTEM_FOLDER = Path("/var/lib")


def data_home(wanted: Path) -> tuple[Path, ServerAccount]:
    """Return the folder for everything of the server, made and owned, with its owner.

    This is ``wanted``, unless we are root and the user that runs the server cannot enter a folder above it (a project
    below ``/root``, for one). Then it is a private folder below ``/var/lib``, named after ``wanted``.

    Raises:
        ConfigurationError: No folder can be made or entered.
    """
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        account = ServerAccount.for_directory(wanted)
        home = wanted
        if account.is_someone_else and not account.may_reach(wanted):
            home = SYSTEM_FOLDER / f"shophub-{short_name(wanted)}"
            account = ServerAccount.for_directory(home)
        home.mkdir(mode=0o700, exist_ok=True)
        account.own(home, 0o700)
    except OSError as error:
        raise ConfigurationError(
            f"No place for the embedded database at {error.filename} ({error.strerror}). "
            "Set SHOPHUB_DATA_DIR to a folder that can be written, or DATABASE_URL to a PostgreSQL server."
        ) from error
    return home, account


def socket_folder(home: Path, account: ServerAccount) -> Path:
    """Return a folder for the socket that only ``account`` (and root) can enter, with a path short enough.

    Raises:
        ConfigurationError: Somebody else holds the name in the common temporary folder.
    """
    inside = home / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= MAX_SOCKET_PATH:
        inside.mkdir(mode=0o700, exist_ok=True)
        account.own(inside, 0o700)
        return inside
    common = Path(tempfile.gettempdir())
    if len(os.fsencode(common)) > MAX_SOCKET_PATH // 2 or not account.may_reach(common / "x"):
        common = Path("/tmp")  # noqa: S108 - the folder made in it is private and its owner is checked
    outside = common / f"shophub-pg-{account.uid}-{short_name(home)}"
    try:
        outside.mkdir(mode=0o700)
        account.own(outside, 0o700)
    except FileExistsError:
        status = outside.lstat()
        if status.st_uid != account.uid or status.st_mode & 0o170777 != 0o040700:
            raise ConfigurationError(
                f"{outside} exists and is not a private folder of {account.name}: remove it."
            ) from None
    return outside


def short_name(path: Path) -> str:
    """Return a name for ``path`` that is the same at every start."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:10]
