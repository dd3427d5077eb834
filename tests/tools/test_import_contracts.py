"""Each import contract is seen to fail on a planted breach, in a copy of the source tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.locking import PROJECT

# name of the contract: the file that is written or added to, and what is planted in it
PLANTED = {
    "Imports point down": ("shophub/repositories/planted.py", "import shophub.services.carts\n"),
    "Only the user interface knows Reflex": ("shophub/services/planted.py", "import reflex\n"),
    "API and jobs do not reach into the user interface": (
        "shophub/api/rest/planted.py",
        "import shophub.components.store\n",
    ),
    "Only integrations talk to vendors": ("shophub/services/planted.py", "import stripe\n"),
    "Only the composition root and the command line start the sandbox": (
        "shophub/api/planted.py",
        "import shophub.sandbox.app\n",
    ),
    "SQL stays in repositories, models and db": ("shophub/services/planted.py", "import sqlalchemy\n"),
    "Only services call repositories": ("shophub/api/rest/planted.py", "import shophub.repositories.carts\n"),
    "Table rows do not leave services": ("shophub/state/planted.py", "import shophub.models.carts\n"),
    "Shop-agnostic widgets hold no state": ("shophub/components/ui/planted.py", "import shophub.state.store\n"),
    "Rules are pure": ("shophub/domain/planted.py", "import shophub.settings\n"),
    "No cycles between siblings": ("shophub/errors/__init__.py", "\nimport shophub.domain.pricing  # noqa\n"),
}


def lint(tree: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(tree), "PATH": "", "COLUMNS": "200"},
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "shophub", tmp_path / "shophub", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold(tree: Path) -> None:
    done = lint(tree)

    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(PLANTED)} kept, 0 broken." in done.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_contract_fails_on_a_planted_breach(tree: Path, contract: str) -> None:
    path, breach = PLANTED[contract]
    with (tree / path).open("a") as file:
        file.write(breach)

    done = lint(tree)

    assert f"{contract} BROKEN" in done.stdout, done.stdout
    assert done.returncode == 1


def test_new_package_without_a_layer_fails(tree: Path) -> None:
    (tree / "shophub" / "utils").mkdir()
    (tree / "shophub" / "utils" / "__init__.py").write_text("")

    done = lint(tree)

    assert done.returncode != 0
    assert "utils" in done.stdout
