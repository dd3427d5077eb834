"""What crawlers, link previews and the first paint get: HTML as it leaves the server, before any script."""

import gzip
import json
import re
import urllib.error
import urllib.request
from typing import Any

import psycopg
import pytest

from tests.e2e.shop_server import ShopServer


def get(shop: ShopServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask for a page."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(shop.url + path, headers=sent)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def html(shop: ShopServer, path: str) -> str:
    """Return a page's HTML."""
    status, headers, body = get(shop, path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    return body.decode()


def structured(page: str) -> dict[str, dict[str, Any]]:
    """Return the page's JSON-LD by type."""
    blocks = re.findall(r'<script data-ssr type="application/ld\+json">(.*?)</script>', page)
    return {block["@type"]: block for block in map(json.loads, blocks)}


def test_product_page_holds_what_previews_and_crawlers_need(shop: ShopServer) -> None:
    page = html(shop, "/products/oak-desk-lamp?Colour=Ink&utm_source=mail")

    address = f"{shop.url.replace('127.0.0.1', 'localhost')}/products/oak-desk-lamp"
    assert "<title data-ssr>Oak Desk Lamp · ShopHub</title>" in page
    assert '<meta data-ssr name="description" content="A quiet lamp for late pages.' in page
    assert f'<link data-ssr rel="canonical" href="{address}">' in page
    for name, content in {"og:title": "Oak Desk Lamp · ShopHub", "og:type": "product", "og:url": address}.items():
        assert f'<meta data-ssr property="{name}" content="{content}">' in page
    assert re.search(r'<meta data-ssr property="og:image" content="http[^"]+lamp-0[^"]*">', page)
    assert re.search(r"<h1[^>]*>Oak Desk Lamp</h1>", page)
    assert "$64.00" in page
    assert re.search(
        r'<img src="[^"]+lamp-0[^"]*"[^>]* alt="The lamp, view 1" width="\d+" height="\d+"[^>]* fetchpriority="high"',
        page,
    )
    data = structured(page)
    assert data["Product"]["offers"] == {
        "@type": "Offer",
        "url": address,
        "price": "64.00",
        "priceCurrency": "USD",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
    }
    assert [item["name"] for item in data["BreadcrumbList"]["itemListElement"]] == ["Home", "Office", "Oak Desk Lamp"]


def test_home_and_listing_hold_their_text_and_links(shop: ShopServer) -> None:
    home, listing = html(shop, "/"), html(shop, "/categories/kitchen")

    assert structured(home)["Organization"]["name"] == "ShopHub"
    assert re.search(r"<h1[^>]*>Good things, well chosen\.</h1>", home)
    assert 'href="/categories/kitchen"' in home
    assert re.search(r"<h1[^>]*>Kitchen <span[^>]*>\(12\)</span></h1>", listing)
    assert 'href="/products/sold-out-mug"' in listing
    assert re.search(r'<link data-ssr rel="canonical" href="[^"]+/categories/kitchen">', listing)


def test_listing_pages_link_to_each_other(shop: ShopServer) -> None:
    first, second = html(shop, "/products"), html(shop, "/products?page=2")

    assert re.search(r'<a href="/products\?page=2"[^>]*>Show 24 more</a>', first)
    assert re.search(r'<a href="/products"[^>]*>Show earlier products</a>', second)
    assert re.search(r'<link data-ssr rel="canonical" href="[^"]+/products\?page=2">', second)


def test_texts_of_merchants_and_shoppers_stay_texts(shop: ShopServer) -> None:
    page = html(shop, "/products/sharp-name")
    search = html(shop, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22onload=%22x")

    assert "<b>Sharp</b>" not in page
    assert "&lt;b&gt;Sharp&lt;/b&gt;" in page
    assert structured(page)["Product"]["name"] == '<b>Sharp</b> & "quoted" </script>'
    for sent in (page, search):
        assert "<script>alert(1)</script>" not in sent
        assert '"onload="' not in sent
    assert 'content="noindex, follow"' in search


@pytest.mark.parametrize(
    "path", ["/products/none", "/categories/none", "/nothing/here", "/products?page=99999", "/products?sort=odd"]
)
def test_missing_things_are_404_with_a_helpful_page(shop: ShopServer, path: str) -> None:
    status, headers, body = get(shop, path)

    page = body.decode()
    assert status == 404
    assert "This page is not here" in page
    assert 'href="/categories/kitchen"' in page
    assert 'content="noindex, follow"' in page
    assert "content-security-policy" in headers


def test_moved_product_redirects_for_good(shop: ShopServer) -> None:
    with psycopg.connect(shop.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO slug_redirects (slug, product_id) SELECT 'older-lamp', id FROM products WHERE slug = %s "
            "ON CONFLICT DO NOTHING",
            ("oak-desk-lamp",),
        )

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stay).open(shop.url + "/products/older-lamp?Size=M", timeout=10)
    moved.value.close()
    assert moved.value.code == 301
    assert moved.value.headers["location"] == "/products/oak-desk-lamp?Size=M"


def test_known_page_is_not_sent_again_and_is_sent_compressed(shop: ShopServer) -> None:
    _, headers, body = get(shop, "/products/plain-thing-9", accept_encoding="gzip")

    assert headers["content-encoding"] == "gzip"
    assert b"Plain Thing 9" in gzip.decompress(body)
    status, again, nothing = get(shop, "/products/plain-thing-9", if_none_match=headers["etag"])
    assert (status, nothing) == (304, b"")
    assert again["etag"] == headers["etag"]


def test_guest_cookie_comes_with_a_page_once(shop: ShopServer) -> None:
    _, headers, _ = get(shop, "/contact")
    _, again, _ = get(shop, "/contact", cookie="shophub_guest=0123456789012345678901234567")

    assert re.fullmatch(
        r"shophub_guest=[\w-]{43}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax", headers["set-cookie"]
    )
    assert "set-cookie" not in again
    assert headers["cache-control"] == "private, no-cache"


def test_assets_are_kept_for_good_and_pages_are_asked_for_again(shop: ShopServer) -> None:
    asset = re.search(r'href="(/assets/[^"]+\.js)"', html(shop, "/contact"))
    assert asset is not None

    _, headers, _ = get(shop, asset[1])

    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", ["/login/", "/checkout/success/?checkout=1"])
def test_page_has_one_address(shop: ShopServer, path: str) -> None:
    with urllib.request.urlopen(shop.url + path, timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.url == shop.url + path.replace("/?", "?").rstrip("/")
