"""Child processes that end when we end: started in groups of their own, restarted when they die, swept when we were
killed.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from shophub.lib.embedded_postgres.users import identity

GRACE_SECONDS = 10.0
POLL_SECONDS = 0.2
# A child that keeps dying this young is broken, not unlucky.
YOUNG_SECONDS = 10.0
MAX_YOUNG_DEATHS = 3


class ChildFailedError(Exception):
    """A child process does not stay alive."""


class StopRequestedError(BaseException):
    """A signal asked this process to stop. Like ``KeyboardInterrupt``, not an ``Exception`` that code may catch."""


@dataclass(frozen=True)
class ChildSpec:
    """What to run, under which name."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


class _Child:
    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            list(spec.command),
            cwd=spec.folder,
            env=dict(spec.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the children in order
        )

    def is_over(self) -> bool:
        return self.process.poll() is not None


class Supervisor:
    """Keeps a set of children alive until it is stopped.

    Their process numbers are noted in a file, so that the next start can end those that outlived a killed supervisor.
    """

    def __init__(self, note: Path, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Keep the note of running children at ``note``; who does not end within the grace is killed."""
        self._note = note
        self._grace_seconds = grace_seconds
        self._children: list[_Child] = []
        self._young_deaths: dict[str, int] = {}

    def sweep(self) -> tuple[str, ...]:
        """End children of an earlier supervisor that was killed; return their names.

        A number that was given to another program meanwhile is recognised by its start time and left alone.
        """
        try:
            noted: list[dict[str, str]] = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return ()
        swept = []
        if identity(int(noted[0]["supervisor"])) == noted[0]["supervisor_identity"]:
            return ()  # it still runs: the port will tell
        for entry in noted:
            pid = int(entry["pid"])
            if identity(pid) == entry["identity"]:
                _end_group(pid, partial(_is_gone, pid), self._grace_seconds)
                swept.append(entry["name"])
        self._note.unlink(missing_ok=True)
        return tuple(swept)

    def start(self, spec: ChildSpec) -> None:
        """Start one child."""
        self._children.append(_Child(spec))
        self._write_note()

    def watch(self) -> None:
        """Look after the children once: start again what died.

        Raises:
            ChildFailedError: A child died young three times in a row.
        """
        for index, child in enumerate(self._children):
            code = child.process.poll()
            if code is None:
                continue
            _kill_group(child.process.pid)
            name = child.spec.name
            young = time.monotonic() - child.started_at < YOUNG_SECONDS
            self._young_deaths[name] = self._young_deaths.get(name, 0) + 1 if young else 0
            if self._young_deaths[name] >= MAX_YOUNG_DEATHS:
                raise ChildFailedError(f"The {name} process ended {MAX_YOUNG_DEATHS} times at once (code {code}).")
            time.sleep(POLL_SECONDS)
            self._children[index] = _Child(child.spec)
            self._write_note()

    def restart(self) -> None:
        """End all children and start them anew, forgetting how often they died."""
        specs = [child.spec for child in self._children]
        self.stop()
        self._young_deaths.clear()
        for spec in specs:
            self.start(spec)

    def run(self) -> None:
        """Watch until a signal asks to stop (as ``StopRequestedError``) or a child fails for good."""
        while True:
            self.watch()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End all children, the last one first, and whatever they started; leaves no process behind."""
        while self._children:
            child = self._children.pop()
            _end_group(child.process.pid, child.is_over, self._grace_seconds)
            child.process.wait()
        self._note.unlink(missing_ok=True)

    def _write_note(self) -> None:
        me = os.getpid()
        noted = [
            {
                "name": child.spec.name,
                "pid": str(child.process.pid),
                "identity": identity(child.process.pid),
                "supervisor": str(me),
                "supervisor_identity": identity(me),
            }
            for child in self._children
        ]
        self._note.parent.mkdir(parents=True, exist_ok=True)
        draft = self._note.with_suffix(".draft")
        draft.write_text(json.dumps(noted))
        draft.replace(self._note)


def _is_gone(pid: int) -> bool:
    return identity(pid) is None


def _end_group(leader: int, is_over: Callable[[], bool], grace_seconds: float) -> None:
    """Ask a child to end, wait, and kill what is left of its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(leader, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while not is_over() and time.monotonic() < deadline:
        time.sleep(0.02)
    _kill_group(leader)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def stop_on_signals() -> None:
    """Turn SIGINT, SIGTERM and SIGHUP into ``StopRequestedError`` in the main thread; later ones are ignored."""

    def request(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise StopRequestedError

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request)


def run_to_end(spec: ChildSpec, log: Path | None = None) -> int:
    """Run one command in a group of its own and return its exit code; it is killed whole if we are stopped.

    What it says goes to ``log``, or where our own words go.
    """
    with ExitStack() as stack:
        output = stack.enter_context(log.open("wb")) if log else None
        process = subprocess.Popen(
            list(spec.command),
            cwd=spec.folder,
            env=dict(spec.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            return process.wait()
        finally:
            _kill_group(process.pid)
            process.wait()
