"""Which user of the machine the server runs as. PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shophub.errors import ConfigurationError

ORDINARY_USER = "nobody"


@dataclass(frozen=True)
class CommandResult:
    """How a command of PostgreSQL's ended, and all that it said."""

    returncode: int
    output: str


@dataclass(frozen=True)
class ServerAccount:
    """The user that owns the data and runs the server."""

    uid: int
    gid: int
    name: str

    @classmethod
    def for_directory(cls, directory: Path) -> "ServerAccount":
        """Return whoever should run a server with its data in ``directory``.

        Ourselves, unless we are root: then the owner of the data, or of the project around it, or else ``nobody``.

        Raises:
            ConfigurationError: The data belong to somebody else, or root finds no ordinary user.
        """
        owner = directory.stat().st_uid if directory.exists() else None
        if os.geteuid() != 0:
            if owner is not None and owner != os.geteuid():
                raise ConfigurationError(
                    f"The database in {directory} belongs to the user {user_name(owner)}: start the shop as that user "
                    "or as root, or set SHOPHUB_DATA_DIR to a folder of your own."
                )
            return cls(os.geteuid(), os.getegid(), user_name(os.geteuid()))
        for folder in (directory, *directory.resolve().parents):
            if folder.exists() and (status := folder.stat()).st_uid != 0:
                return cls(status.st_uid, status.st_gid, user_name(status.st_uid))
        try:
            entry = pwd.getpwnam(ORDINARY_USER)
        except KeyError:
            raise ConfigurationError(
                f"PostgreSQL does not run as root, and this machine has no user {ORDINARY_USER!r}. "
                "Start the shop as an ordinary user, or set DATABASE_URL."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid, entry.pw_name)

    @property
    def is_someone_else(self) -> bool:
        """Whether commands have to change user first (only root can)."""
        return self.uid != os.geteuid()

    def may_reach(self, path: Path) -> bool:
        """Return whether this user can enter every folder down to ``path``.

        Judged by the permission bits alone; folders are never opened up for the server's sake.
        """
        return all(self._may(parent, stat.S_IXUSR) for parent in path.resolve().parents)

    def may_read(self, path: Path) -> bool:
        """Return whether this user can reach ``path`` and read it."""
        return self.may_reach(path) and self._may(path, stat.S_IRUSR)

    def _may(self, path: Path, user_bit: int) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        if status.st_uid == self.uid:
            return bool(status.st_mode & user_bit)
        if status.st_gid == self.gid:
            return bool(status.st_mode & (user_bit >> 3))
        return bool(status.st_mode & (user_bit >> 6))

    def own(self, path: Path, mode: int) -> None:
        """Give ``path`` to this user with exactly ``mode``."""
        if self.is_someone_else:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def run(self, command: Sequence[str | Path], *, cwd: Path, timeout_seconds: int = 120) -> CommandResult:
        """Run ``command`` as this user, with an environment of nothing that could change what PostgreSQL does."""
        # A file, not a pipe: the server outlives pg_ctl and would keep a pipe open, and us waiting.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=cwd,
                env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout_seconds,
                check=False,
                umask=0o077,
                user=self.uid if self.is_someone_else else None,
                group=self.gid if self.is_someone_else else None,
                extra_groups=() if self.is_someone_else else None,
            )
            output.seek(0)
            return CommandResult(done.returncode, output.read())


def user_name(uid: int) -> str:
    """Return the name of a user, or the number where the machine knows no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
