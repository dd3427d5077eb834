"""Composed pictures are kept, and never in the way."""

from pathlib import Path

import pytest

from shophub.services.demo.darkroom import developed
from shophub.services.demo.pictures import compose
from shophub.services.demo.recipes import PictureRecipe
from shophub.services.demo.subjects import MissingPictureSourceError
from shophub.settings import get_settings

SMALL = PictureRecipe("1f3a7", "oat", size=(120, 150))
OTHER = PictureRecipe("1f3a7", "sage", size=(120, 150))


def test_picture_is_composed_once_and_then_read(tmp_path: Path) -> None:
    npm_dir = get_settings().npm_dir

    first = developed(SMALL, npm_dir, tmp_path)
    again = developed(SMALL, tmp_path / "no packages here", tmp_path)

    assert first == again == compose(SMALL, npm_dir)
    assert [path.suffix for path in tmp_path.iterdir()] == [".jpg"]


def test_another_recipe_is_another_picture(tmp_path: Path) -> None:
    npm_dir = get_settings().npm_dir

    assert developed(SMALL, npm_dir, tmp_path) != developed(OTHER, npm_dir, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_folder_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    not_a_folder = tmp_path / "file"
    not_a_folder.write_text("x")

    assert developed(SMALL, get_settings().npm_dir, not_a_folder) == compose(SMALL, get_settings().npm_dir)


def test_missing_packages_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingPictureSourceError):
        developed(PictureRecipe("1f3a8", "oat", size=(120, 150)), tmp_path, tmp_path)
