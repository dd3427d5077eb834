"""The server's HTML of listings, as far as it is not the same as the live page's."""

import re

from shophub.api.storefront.document import render
from shophub.schemas.catalog import ListingView


def test_empty_list_leads_on_and_not_back_to_itself() -> None:
    for path, way in (("/products", "/"), ("/categories/lamps", "/products")):
        page = render("listing.html", view=ListingView(heading="All", canonical_path=path), query="", store_name="Shop")

        assert re.findall(r'<a href="([^"]+)" class="[^"]+">[^<]+</a></div></div>', page) == [way]
