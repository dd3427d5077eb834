import io
from pathlib import Path

import pytest
from PIL import Image

from shophub.services.demo.catalog_data import HERO, LINK_PREVIEW
from shophub.services.demo.pictures import compose, dominant_colour
from shophub.services.demo.recipes import SHOTS, PictureRecipe
from shophub.services.demo.subjects import MissingPictureSourceError, load_subject
from shophub.settings import get_settings


@pytest.fixture(scope="module")
def npm_dir() -> Path:
    return get_settings().npm_dir


@pytest.mark.parametrize("shot", SHOTS)
@pytest.mark.parametrize("lying", [False, True])
def test_every_shot_gives_a_picture_of_the_right_shape_and_weight(npm_dir, shot, lying):
    data = compose(PictureRecipe("1f9f8", "sage", shot, lying=lying), npm_dir)

    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 1500))
    assert len(data) <= 120 * 1024


def test_same_recipe_gives_the_same_bytes_and_another_one_others(npm_dir):
    recipe = PictureRecipe("1f9e2", "paper", "front")

    assert compose(recipe, npm_dir) == compose(recipe, npm_dir)
    assert compose(recipe, npm_dir) != compose(PictureRecipe("1f9e2", "paper", "front", "moss"), npm_dir)


def test_tint_changes_the_main_colour_and_leaves_the_rest(npm_dir):
    """A suitcase keeps its white label."""
    own, tinted = (load_subject("1f9f3", tint, npm_dir) for tint in ("", "clay"))
    body, label = (own.width // 4, own.height * 3 // 4), (own.width * 58 // 100, own.height * 24 // 100)

    assert own.size == tinted.size
    assert own.getpixel(body)[2] > own.getpixel(body)[0]
    assert tinted.getpixel(body)[0] > tinted.getpixel(body)[2]
    assert own.getpixel(label) == tinted.getpixel(label)


def test_drawn_subjects_need_no_package(tmp_path):
    for name in ("phone-stand", "usb-hub", "cable-organizer"):
        subject = load_subject(f"draw:{name}", "", tmp_path)
        assert subject.mode == "RGBA"
        assert min(subject.size) > 200


def test_missing_package_says_what_to_do(tmp_path):
    with pytest.raises(MissingPictureSourceError, match="make setup"):
        compose(PictureRecipe("1f9f8", "paper"), tmp_path)


def test_scenes_have_their_sizes(npm_dir):
    for picture, size in ((HERO, (1600, 1200)), (LINK_PREVIEW, (1200, 630))):
        with Image.open(io.BytesIO(compose(picture.recipe, npm_dir))) as image:
            assert image.size == size


def test_dominant_colour_is_near_the_backdrop(npm_dir):
    petrol = dominant_colour(compose(PictureRecipe("1f9f8", "petrol"), npm_dir))
    red, green, blue = (int(petrol[start : start + 2], 16) for start in (1, 3, 5))

    assert len(petrol) == 7
    assert blue > green > red
