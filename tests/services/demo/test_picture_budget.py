"""What the demo store's pictures weigh when they arrive, in both formats that browsers take."""

import pytest

from shophub.integrations.cloudinary import image_url
from shophub.sandbox.cloudinary.images import render
from shophub.sandbox.cloudinary.transformation import parse_delivery_path
from shophub.services.demo.catalog_data import DemoPicture, load_catalog
from shophub.services.demo.darkroom import developed
from shophub.services.demo.gallery import KEPT_IN
from shophub.services.stores import HERO_WIDTHS
from shophub.services.views.cards import CARD_WIDTHS
from shophub.settings import get_settings

CARD_KB, HERO_KB = 25, 90
FORMATS = ("avif", "webp")
# Those with most in them weigh most.
BUSY = ("match-football-2", "paper-scissors-2", "woven-basket-2")


def kilobytes(picture: DemoPicture, width: int, height: int, output: str) -> float:
    """Return the size of what a browser fetches."""
    address = image_url("demo/any", width=width, height=height).split("/image/upload/")[1]
    data = developed(picture.recipe, get_settings().npm_dir, KEPT_IN)
    return len(render(data, parse_delivery_path(address).transformation, output)) / 1024


@pytest.mark.parametrize("output", FORMATS)
def test_card_keeps_its_budget_in_the_largest_width(output: str) -> None:
    pictures = {picture.name: picture for product in load_catalog().products for picture in product.pictures}
    width = CARD_WIDTHS[-1]

    for name in BUSY:
        assert kilobytes(pictures[name], width, width * 5 // 4, output) <= CARD_KB, name


@pytest.mark.parametrize("output", FORMATS)
def test_front_pages_picture_keeps_its_budget_in_the_largest_width(output: str) -> None:
    width = HERO_WIDTHS[-1]

    assert kilobytes(load_catalog().hero, width, width * 3 // 4, output) <= HERO_KB
