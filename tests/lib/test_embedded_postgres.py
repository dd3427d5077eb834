"""The embedded server with real processes: started, shared, killed, restarted."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from shophub.errors import ConfigurationError
from shophub.lib.embedded_postgres import EmbeddedPostgres
from shophub.lib.embedded_postgres.account import ServerAccount
from shophub.lib.embedded_postgres.binaries import programs
from shophub.lib.embedded_postgres.cluster import explain
from shophub.lib.embedded_postgres.places import MAX_SOCKET_PATH, SOCKET_NAME, socket_folder
from shophub.lib.embedded_postgres.users import UserList, identity

PROJECT = Path(__file__).parents[2]
# Attaches, says so, and lives until its input ends: then it exits as a program does.
USER_PROGRAM = """
import sys
from pathlib import Path
from shophub.lib.embedded_postgres import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), durable=False).attach(), flush=True)
sys.stdin.read()
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "postgres"


@pytest.fixture
def start_user(home: Path) -> Iterator[Start]:
    """Start a process that uses the server of ``home``; all are ended afterwards, and the server with them."""
    with ExitStack() as stack:

        def start(**options: object) -> "subprocess.Popen[str]":
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", USER_PROGRAM, str(home.parent)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
                    **options,  # type: ignore[call-overload]
                )
            )
            stack.callback(process.kill)
            return process

        try:
            yield start
        finally:
            stack.close()
            if home.exists():
                server = EmbeddedPostgres(home.parent)
                server.attach()
                server.detach()


def address(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline().strip()
    assert line.startswith("postgresql://"), line
    return line


def leave(process: "subprocess.Popen[str]") -> None:
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def is_alive(pid: int | None) -> bool:
    return pid is not None and identity(pid) is not None


def wait_until_dead(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_first_attach_makes_a_database_that_every_client_library_reaches(home: Path) -> None:
    with EmbeddedPostgres(home.parent) as url:
        with psycopg.connect(url) as connection:
            settings = connection.execute(
                "SELECT current_database(), current_setting('max_connections'), current_setting('fsync'),"
                " current_setting('listen_addresses'), current_setting('server_encoding'), lower('ÄÖ')"
            ).fetchone()
        engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            through_sqlalchemy = connection.execute(sqlalchemy.text("SELECT current_database()")).scalar()
        engine.dispose()

    assert settings == ("shophub", "300", "on", "", "UTF8", "äö")
    assert through_sqlalchemy == "shophub"


def test_data_stay_and_the_folder_is_private(home: Path) -> None:
    server = EmbeddedPostgres(home.parent, durable=False)
    with server as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    stopped = server.status()

    with EmbeddedPostgres(home.parent, durable=False) as url, psycopg.connect(url) as connection:
        kept = connection.execute("SELECT answer FROM kept").fetchone()

    assert (stopped.running, stopped.users, kept) == (False, (), (42,))
    assert home.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_uid != 0


def test_second_process_joins_and_the_last_one_stops_the_server(home: Path, start_user: Start) -> None:
    first, second = start_user(), start_user()
    urls = {address(first), address(second)}
    both = EmbeddedPostgres(home.parent).status()

    leave(first)
    one_left = EmbeddedPostgres(home.parent).status()
    leave(second)
    nobody_left = EmbeddedPostgres(home.parent).status()

    assert len(urls) == 1
    assert set(both.users) == {first.pid, second.pid}
    assert (one_left.pid, one_left.users) == (both.pid, (second.pid,))
    assert (nobody_left.running, nobody_left.users) == (False, ())
    assert not is_alive(both.pid)


def test_four_processes_at_once_on_an_empty_folder_share_one_server(home: Path, start_user: Start) -> None:
    processes = [start_user() for _ in range(4)]
    urls = {address(process) for process in processes}
    status = EmbeddedPostgres(home.parent).status()

    assert len(urls) == 1
    assert set(status.users) == {process.pid for process in processes}


def test_server_survives_kill_9_of_the_app_and_the_next_start_attaches(home: Path, start_user: Start) -> None:
    killed = start_user()
    with psycopg.connect(address(killed)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
    before = EmbeddedPostgres(home.parent).status()

    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    orphaned = EmbeddedPostgres(home.parent).status()
    follower = start_user()
    with psycopg.connect(address(follower)) as connection:
        kept = connection.execute("SELECT x FROM kept").fetchone()
    after = EmbeddedPostgres(home.parent).status()
    leave(follower)

    assert (orphaned.running, orphaned.users) == (True, ())
    assert (after.pid, after.users, kept) == (before.pid, (follower.pid,), (1,))
    assert not is_alive(before.pid)


def test_server_killed_with_9_recovers_what_was_committed(home: Path) -> None:
    server = EmbeddedPostgres(home.parent)
    url = server.attach()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until_dead(pid)

    with EmbeddedPostgres(home.parent) as url, psycopg.connect(url) as connection:
        kept = connection.execute("SELECT x FROM kept").fetchone()
    server.detach()

    assert kept == (7,)
    assert not server.status().running


def test_note_that_points_to_another_program_does_not_hinder_the_start(home: Path) -> None:
    with EmbeddedPostgres(home.parent, durable=False):
        pass
    note = home / "cluster" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{home / 'cluster'}\n")
    note.chmod(0o644)

    with EmbeddedPostgres(home.parent, durable=False) as url, psycopg.connect(url) as connection:
        answer = connection.execute("SELECT 1").fetchone()

    assert answer == (1,)


def test_number_given_out_again_is_not_taken_for_the_user_that_had_it(tmp_path: Path) -> None:
    users = UserList(tmp_path / "users", ServerAccount(os.geteuid(), os.getegid(), "me"))
    users.add(os.getpid(), "aa")
    (tmp_path / "users" / f"{os.getpid()}-1.deadbeef-bb").touch()
    (tmp_path / "users" / "4194399-1.deadbeef-cc").touch()

    assert users.living() == (os.getpid(),)
    assert [entry.name.rsplit("-")[-1] for entry in (tmp_path / "users").iterdir()] == ["aa"]


def test_two_servers_objects_in_one_process_count_as_two_users(home: Path) -> None:
    first, second = EmbeddedPostgres(home.parent, durable=False), EmbeddedPostgres(home.parent, durable=False)
    first.attach()
    second.attach()

    first.detach()
    still = first.status().running
    second.detach()

    assert (still, first.status().running) == (True, False)


def test_fork_of_a_user_does_not_sign_it_off(home: Path) -> None:
    server = EmbeddedPostgres(home.parent, durable=False)
    server.attach()
    child = os.fork()
    if child == 0:
        server.detach()
        os._exit(0)
    os.waitpid(child, 0)

    status = server.status()
    server.detach()

    assert (status.running, status.users) == (True, (os.getpid(),))


def test_unfinished_data_directory_is_made_anew(home: Path) -> None:
    unfinished = home / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (home, unfinished, unfinished / "PG_VERSION"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    with EmbeddedPostgres(home.parent, durable=False) as url, psycopg.connect(url) as connection:
        answer = connection.execute("SELECT 1").fetchone()

    assert (answer, unfinished.exists()) == ((1,), False)


def test_data_of_another_version_are_refused_and_left_alone(home: Path) -> None:
    with EmbeddedPostgres(home.parent, durable=False):
        pass
    version = home / "cluster" / "PG_VERSION"
    version.write_text("16\n")

    with pytest.raises(ConfigurationError, match=r"made by PostgreSQL 16, this is 18"):
        EmbeddedPostgres(home.parent, durable=False).attach()

    assert version.read_text() == "16\n"


def test_very_long_path_gets_a_short_private_socket_folder(home: Path) -> None:
    deep = home.parent.joinpath(*["folder-with-a-long-name"] * 5)

    with EmbeddedPostgres(deep, durable=False) as url, psycopg.connect(url) as connection:
        sockets = Path(connection.info.host)
        answer = connection.execute("SELECT 1").fetchone()

    assert answer == (1,)
    assert len(str(sockets / SOCKET_NAME)) <= MAX_SOCKET_PATH
    assert sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(sockets)


def test_short_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    deep = home.parent.joinpath(*["folder-with-a-long-name"] * 5) / "postgres"
    deep.mkdir(parents=True)
    account = ServerAccount(os.geteuid(), os.getegid(), "me")
    folder = socket_folder(deep, account)
    folder.chmod(0o777)

    with pytest.raises(ConfigurationError, match="is not a private folder"):
        socket_folder(deep, account)

    folder.rmdir()


def test_full_disk_is_said_in_plain_words(tmp_path: Path) -> None:
    output = 'initdb: error: could not write to file "pg_wal": No space left on device\n'

    message = explain("The database could not be made", output, tmp_path / "server.log")

    assert message.startswith("The database could not be made: the disk is full: make room and start again.")


def test_folder_that_cannot_be_written_is_named(home: Path) -> None:
    home.parent.joinpath("file").write_text("")

    with pytest.raises(ConfigurationError, match="No place for the embedded database"):
        EmbeddedPostgres(home.parent / "file").attach()


def test_programs_are_copied_where_the_servers_user_cannot_read_the_wheel(home: Path) -> None:
    home.mkdir()
    stranger = ServerAccount(os.geteuid() + 12_345, os.getegid() + 12_345, "stranger")
    hidden = programs(ServerAccount(os.geteuid(), os.getegid(), "me"), home)

    class Outsider(ServerAccount):
        def may_read(self, path: Path) -> bool:
            return home in path.parents

    copied = programs(Outsider(stranger.uid, stranger.gid, "stranger"), home)
    says = subprocess.run([copied / "postgres", "--version"], capture_output=True, text=True, check=True, env={})

    assert copied != hidden
    assert says.stdout.startswith("postgres (PostgreSQL) 18")
    assert copied.joinpath("postgres").stat().st_mode & 0o777 == 0o755


def ordinary_users() -> list[str]:
    """As root, also try a user without rights, where it can read this Python at all."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    account = ServerAccount(nobody.pw_uid, nobody.pw_gid, "nobody")
    return ["nobody"] * (account.may_read(Path(sys.executable)) and account.may_read(Path(__file__)))


@pytest.mark.parametrize("user", [None, *ordinary_users()])
def test_plain_user_runs_a_server_of_their_own(home: Path, start_user: Start, user: str | None) -> None:
    if user:
        shutil.chown(home.parent, user, pwd.getpwnam(user).pw_gid)
    options = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()} if user else {}

    process = start_user(**options)
    with psycopg.connect(address(process)) as connection:
        connection.execute("CREATE TABLE mine (x int)")
    pid = EmbeddedPostgres(home.parent).status().pid
    leave(process)

    assert not is_alive(pid)
    if user:
        assert home.owner() == user
