"""The virtual environment is made once, and made anew when it is broken or was left half done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.locking import PROJECT

OUTSIDE = Path(sys.executable).resolve()  # the Python that our own environment was made with


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with no dependencies, set up once."""
    project = tmp_path_factory.mktemp("project with a space")
    (project / "tools").mkdir()
    for name in ("__init__.py", "environment.py", "locking.py"):
        shutil.copy(PROJECT / "tools" / name, project / "tools")
    (project / "requirements.txt").write_text("# nothing\n")
    (project / "shophub").mkdir()
    (project / "shophub" / "__main__.py").write_text("import sys; print('shophub', *sys.argv[1:])\n")
    assert "Making the virtual environment" in prepare(project)
    return project


def prepare(project: Path) -> str:
    done = subprocess.run(
        [OUTSIDE, "-m", "tools.environment"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": "/dev/null/no-home"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_second_time_does_nothing(made: Path) -> None:
    assert prepare(made) == ""


def test_command_works_from_anywhere(made: Path, tmp_path: Path) -> None:
    link = tmp_path / "shophub"
    link.symlink_to(made / ".venv" / "bin" / "shophub")

    said = subprocess.run([link, "a b"], cwd="/", capture_output=True, text=True, check=True).stdout

    assert said == "shophub a b\n"


def test_changed_requirements_are_installed_into_the_same_environment(made: Path) -> None:
    (made / "requirements.txt").write_text("# nothing, but differently\n")

    said = prepare(made)

    assert said == "Installing requirements.txt ...\n"
    assert prepare(made) == ""


def test_installation_that_was_killed_is_made_anew(made: Path) -> None:
    (made / ".venv" / ".unfinished").touch()
    (made / ".venv" / "half-written").touch()

    said = prepare(made)

    assert "Making the virtual environment" in said
    assert not (made / ".venv" / "half-written").exists()


def test_environment_whose_python_is_gone_is_made_anew(made: Path) -> None:
    python = made / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(made / "no-such-python")

    assert "Making the virtual environment" in prepare(made)
    assert prepare(made) == ""


def test_two_at_once_make_one_environment(made: Path) -> None:
    shutil.rmtree(made / ".venv")
    command = [OUTSIDE, "-m", "tools.environment"]

    both = [subprocess.Popen(command, cwd=made, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making the virtual environment" in words for words in said) == 1
