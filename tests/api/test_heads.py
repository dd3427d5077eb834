"""What search engines are told of a product, whatever of it is missing."""

import json
from dataclasses import replace

import pytest

from shophub.api.storefront.heads import Head, product_head
from shophub.schemas.catalog import ImageView, LinkView, ProductView
from shophub.settings import get_settings
from tests.structured_data import check_thing

PLAIN = ProductView(
    store_name="Shop",
    slug="lamp",
    name="Lamp",
    category=LinkView("Light", "/categories/light"),
    breadcrumbs=(LinkView("Home", "/"), LinkView("Lamp", "/products/lamp", is_current=True)),
    sku="L-1",
    price_minor=1_999,
    price_text="$19.99",
    stock_level="out",
)


def product_in(head: Head) -> dict[str, object]:
    """Return the product that a head describes, as search engines want it."""
    for block in head.data:
        check_thing(json.loads(block))
    return dict(json.loads(head.data[0]))


def test_product_without_text_picture_brand_or_review_is_described_all_the_same() -> None:
    head = product_head(PLAIN, get_settings(), "100vw")

    product = product_in(head)
    assert head.description == product["description"] == "Lamp, $19.99, at Shop."
    assert (head.image.url, head.preload) == ("", None)
    assert not {"image", "brand", "aggregateRating"} & product.keys()
    assert head.canonical == f"{get_settings().public_url}/products/lamp"


@pytest.mark.parametrize(
    ("currency", "minor", "price"), [("USD", 1_999, "19.99"), ("JPY", 1_999, "1999"), ("KWD", 1_990, "1.990")]
)
def test_price_has_the_decimals_of_its_currency(currency: str, minor: int, price: str) -> None:
    view = replace(PLAIN, currency=currency, price_minor=minor)

    offer = product_in(product_head(view, get_settings(), "100vw"))["offers"]

    assert isinstance(offer, dict)
    assert (offer["price"], offer["priceCurrency"]) == (price, currency)
    assert offer["availability"] == "https://schema.org/OutOfStock"


def test_everything_that_is_there_is_told() -> None:
    view = replace(
        PLAIN,
        summary="A " + "long " * 60 + "text.",
        brand="Nordlys",
        images=(ImageView("/a.jpg", alt="A"), ImageView("https://pictures.example/b.jpg")),
        rating_text="4.6",
        review_count=3,
        stock_level="low",
    )

    head = product_head(view, get_settings(), "100vw")

    product, site = product_in(head), get_settings().public_url
    assert product["image"] == [f"{site}/a.jpg", "https://pictures.example/b.jpg"]
    assert product["brand"] == {"@type": "Brand", "name": "Nordlys"}
    assert product["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.6",
        "reviewCount": 3,
        "bestRating": "5",
        "worstRating": "1",
    }
    assert len(head.description) <= 160
    assert head.description.endswith("…")
    assert (head.image.url, head.image.alt) == (f"{site}/a.jpg", "A")
