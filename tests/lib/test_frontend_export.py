"""The frontend is compiled when its sources changed, and only then."""

import os
from pathlib import Path

import pytest

from shophub.errors import ConfigurationError
from shophub.lib.frontend_export import built_from, export_if_changed, frontend_environment, sources_digest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path in (
        "rxconfig.py",
        "assets/theme.css",
        "assets/fonts/figtree-latin.woff2",
        "shophub/pages/home.py",
        "shophub/services/carts.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    return tmp_path


def pretend_built(project: Path) -> None:
    client = project / ".web" / "build" / "client"
    client.mkdir(parents=True)
    (client / "__spa-fallback.html").write_text("<html></html>")
    (project / ".web" / "build" / "sources.sha256").write_text(sources_digest(project))


@pytest.mark.parametrize("path", ["rxconfig.py", "assets/theme.css", "shophub/pages/home.py", "shophub/pages/new.py"])
def test_change_of_a_source_changes_the_digest(project: Path, path: str) -> None:
    before = sources_digest(project)

    (project / path).write_text("x = 2\n")

    assert sources_digest(project) != before


@pytest.mark.parametrize("path", ["shophub/services/carts.py", "shophub/pages/__pycache__/home.py", "README.md"])
def test_change_of_anything_else_does_not(project: Path, path: str) -> None:
    before = sources_digest(project)

    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text("x = 2\n")

    assert sources_digest(project) == before


def test_build_of_the_same_sources_is_kept(project: Path) -> None:
    pretend_built(project)

    assert export_if_changed(project, {}) is False


def test_missing_typeface_is_said_before_the_compiler_runs(project: Path) -> None:
    (project / "assets/fonts/figtree-latin.woff2").unlink()

    with pytest.raises(ConfigurationError, match="make setup"):
        export_if_changed(project, {})


def test_failed_build_shows_what_the_compiler_said_and_is_not_taken_for_one(project: Path) -> None:
    (project / "rxconfig.py").write_text("raise ValueError('no config today')\n")

    with pytest.raises(ConfigurationError, match="no config today"):
        export_if_changed(project, {"PATH": os.defpath})

    assert built_from(project / ".web") is None


def test_compiler_finds_bun_and_caches_in_the_project_when_home_cannot_be_written(project: Path) -> None:
    environment = frontend_environment(project, {"PATH": "/bin", "HOME": "/dev/null/no", "REFLEX_API_URL": "x"})

    assert environment["PATH"].endswith(":/bin")
    assert environment["HOME"] == str(project / ".cache")
    assert environment["REFLEX_USE_SYSTEM_BUN"] == "1"
    assert "REFLEX_API_URL" not in environment
