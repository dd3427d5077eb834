"""Compiling the frontend: once per state of its sources, without Node.js, by one process at a time."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from shophub.errors import ConfigurationError
from shophub.lib.frontend_build import is_built, let_scripts_wait, make_portable
from shophub.lib.supervisor import ChildSpec, run_to_end

# What the compiled frontend is made from. Code behind the pages (services, SQL, jobs) does not change it.
SOURCES = (
    "rxconfig.py",
    "requirements.txt",
    "reflex.lock/*",
    "assets/**/*",
    "shophub/*.py",
    "shophub/pages/**/*.py",
    "shophub/components/**/*.py",
    "shophub/state/**/*.py",
    "shophub/schemas/**/*.py",
    "shophub/domain/**/*.py",
    "shophub/lib/*.py",
    "shophub/api/storefront/templates/**/*",
)
STAMP = Path("build") / "sources.sha256"
FONT = Path("assets") / "fonts" / "figtree-latin.woff2"


def sources_digest(project: Path) -> str:
    """Return a digest of everything that the frontend is compiled from."""
    digest = hashlib.sha256()
    for path in sorted(_source_files(project)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def built_from(web: Path) -> str | None:
    """Return the digest of the sources that the frontend in ``web`` was compiled from; None if there is none."""
    try:
        return (web / STAMP).read_text() if is_built(web) else None
    except FileNotFoundError:
        return None


def _source_files(project: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        for path in project.glob(pattern):
            if path.is_file() and "__pycache__" not in path.parts and "external" not in path.parts:
                yield path


def export_if_changed(project: Path, environment: Mapping[str, str]) -> bool:
    """Compile the frontend unless the one that lies there was made from the same sources.

    Returns:
        Whether it was compiled.

    Raises:
        ConfigurationError: The compiler failed; the end of what it said is in the message.
    """
    web = project / ".web"
    cache = project / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = sources_digest(project)
        if built_from(web) == digest:
            return False
        if not (project / FONT).exists():
            raise ConfigurationError("The typeface is not there yet: run `make setup` first.")
        _export(project, _build_environment(project, environment), cache / "build.log")
        make_portable(web)
        let_scripts_wait(web)
        (web / STAMP).write_text(digest)
    return True


def _export(project: Path, environment: Mapping[str, str], log: Path) -> None:
    command = (sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod")
    code = run_to_end(ChildSpec("build", command, environment, project), log)
    if code != 0 or not is_built(project / ".web"):
        said = log.read_text(errors="replace").splitlines()[-25:]
        raise ConfigurationError("The frontend could not be compiled:\n" + "\n".join(said) + f"\n(all of it: {log})")


def frontend_environment(project: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what Reflex's compiler runs in: bun from the wheel on ``PATH``, caches in the project."""
    changed = {name: value for name, value in environment.items() if not name.startswith(("REFLEX_", "__REFLEX"))}
    changed["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), changed.get("PATH", os.defpath)])
    changed["BUN_INSTALL_CACHE_DIR"] = str(project / ".cache" / "bun")
    if not os.access(changed.get("HOME") or "/nonexistent", os.W_OK):
        changed["HOME"] = str(project / ".cache")
    return changed | {"REFLEX_USE_SYSTEM_BUN": "1", "REFLEX_TELEMETRY_ENABLED": "false"}


def _build_environment(project: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a build. It imports the shop, and must not ask for its keys or touch its database."""
    return frontend_environment(project, environment) | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "SHOPHUB_ENV": "development",
        "SHOPHUB_DATA_DIR": str(project / ".cache" / "build-data"),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/not_while_building",
        "REDIS_URL": "",
    }
