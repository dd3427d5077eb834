"""The front page as the server writes it, for a shop at its beginning."""

from shophub.api.storefront.document import render
from shophub.schemas.catalog import CategoryView, HomeView


def front_page(view: HomeView) -> str:
    """Return the server's HTML."""
    return render("home.html", view=view, query="", store_name="Shop")


def test_front_page_has_no_heading_over_nothing() -> None:
    page = front_page(HomeView())

    assert "<h1" in page
    for heading in ("Shop by category", "New arrivals", "Offers", "Best sellers"):
        assert f">{heading}</h2>" not in page


def test_front_page_shows_its_categories() -> None:
    lighting = CategoryView(name="Lighting", slug="lighting", url="/categories/lighting")

    page = front_page(HomeView(categories=(lighting,)))

    assert ">Shop by category</h2>" in page
    assert 'href="/categories/lighting"' in page
