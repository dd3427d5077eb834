"""Children end with their supervisor, whatever ends it; tried with real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shophub.lib.embedded_postgres.users import identity
from shophub.lib.supervisor import ChildFailedError, ChildSpec, Supervisor, run_to_end

PROJECT = Path(__file__).parents[2]
SLEEP = "import time; time.sleep(300)"
# A child that starts a child of its own and ignores the polite request to end.
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
    "open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(300)"
)
# A supervisor as `shophub serve` is one: it tells its child's number and runs until a signal.
PROGRAM = f"""
import sys
from pathlib import Path
from shophub.lib.supervisor import ChildSpec, StopRequestedError, Supervisor, stop_on_signals
folder = Path(sys.argv[1])
supervisor = Supervisor(folder / "note.json")
print(*supervisor.sweep(), flush=True)
stop_on_signals()
try:
    supervisor.start(ChildSpec("app", [sys.executable, "-c", {SLEEP!r}], {{}}, folder))
    print("started", flush=True)
    supervisor.run()
except StopRequestedError:
    print("stopping", flush=True)
finally:
    supervisor.stop()
"""


def spec(code: str, folder: Path, *arguments: str) -> ChildSpec:
    return ChildSpec("child", [sys.executable, "-c", code, *arguments], {}, folder)


def children(folder: Path) -> list[int]:
    return [int(entry["pid"]) for entry in json.loads((folder / "note.json").read_text())]


def is_alive(pid: int) -> bool:
    return identity(pid) is not None


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "note.json", grace_seconds=1)
    yield supervisor
    supervisor.stop()


def start_program(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )


def test_stop_ends_children_and_forgets_them(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(spec(SLEEP, tmp_path))
    supervisor.start(spec(SLEEP, tmp_path))
    pids = children(tmp_path)

    supervisor.stop()

    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)
    assert not (tmp_path / "note.json").exists()


def test_stubborn_child_and_what_it_started_are_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    told = tmp_path / "grandchild"
    supervisor.start(spec(STUBBORN, tmp_path, str(told)))
    assert eventually(lambda: told.exists() and told.read_text() != "")
    grandchild = int(told.read_text())

    supervisor.stop()

    assert eventually(lambda: not is_alive(grandchild))


def test_killed_child_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(spec(SLEEP, tmp_path))
    (first,) = children(tmp_path)

    os.kill(first, signal.SIGKILL)

    def replaced() -> bool:
        supervisor.watch()
        return children(tmp_path) != [first]

    assert eventually(replaced)
    assert is_alive(children(tmp_path)[0])


def test_restart_replaces_every_child(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(spec(SLEEP, tmp_path))
    supervisor.start(spec(SLEEP, tmp_path))
    before = children(tmp_path)

    supervisor.restart()

    after = children(tmp_path)
    assert [is_alive(pid) for pid in before + after] == [False, False, True, True]


def test_child_that_cannot_live_is_given_up(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(spec("raise SystemExit(7)", tmp_path))

    with pytest.raises(ChildFailedError, match=r"child process ended 3 times at once \(code 7\)"):
        supervisor.run()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_supervisor_and_child(tmp_path: Path, number: signal.Signals) -> None:
    with start_program(tmp_path) as program:
        assert [program.stdout.readline() for _ in range(2)] == ["\n", "started\n"]
        (child,) = children(tmp_path)

        program.send_signal(number)

        assert program.wait(timeout=20) == 0
        assert program.stdout.read() == "stopping\n"
    assert not is_alive(child)


def test_child_of_a_killed_supervisor_is_ended_by_the_next_start(tmp_path: Path) -> None:
    with start_program(tmp_path) as killed:
        killed.stdout.readline()
        killed.stdout.readline()
        (orphan,) = children(tmp_path)
        killed.kill()
    assert is_alive(orphan)

    with start_program(tmp_path) as follower:
        swept = follower.stdout.readline()
        follower.stdout.readline()
        follower.terminate()

    assert swept == "app\n"
    assert not is_alive(orphan)


def test_sweep_leaves_alone_who_has_the_number_now(supervisor: Supervisor, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True) as stranger:
        note = {"name": "app", "pid": str(stranger.pid), "identity": "1.deadbeef", "supervisor": "4194399"}
        (tmp_path / "note.json").write_text(json.dumps([note | {"supervisor_identity": "1.deadbeef"}]))

        swept = supervisor.sweep()

        assert (swept, is_alive(stranger.pid)) == ((), True)
        stranger.kill()


def test_command_runs_to_its_end_and_its_words_are_kept(tmp_path: Path) -> None:
    code = run_to_end(spec("import sys; print('out'); sys.exit('err')", tmp_path), tmp_path / "log")

    assert code == 1
    assert sorted((tmp_path / "log").read_text().split()) == ["err", "out"]
