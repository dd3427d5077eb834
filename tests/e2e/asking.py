"""Asking the running shop without a browser, as crawlers, link previews and programs do."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.e2e.shop_server import ShopServer
from tests.structured_data import check_thing

# Pages are kept for five seconds: what shows sooner was told by the database.
AT_ONCE = 2.0
_BLOCK = re.compile(r'<script data-ssr type="application/ld\+json">(.*?)</script>')


class _Stay(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an answer."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""


_opener = urllib.request.build_opener(_Stay)


def ask(shop: ShopServer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an address; redirects are not followed."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(shop.url + path, headers=sent, method=method)  # noqa: S310 - our own address
    try:
        with _opener.open(request, timeout=10) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def html(shop: ShopServer, path: str) -> str:
    """Return a page's HTML."""
    status, headers, body = ask(shop, path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    return body.decode()


def structured(page: str) -> dict[str, dict[str, Any]]:
    """Return the page's JSON-LD by type, each block of which is what search engines ask for."""
    blocks = [json.loads(block) for block in _BLOCK.findall(page)]
    for block in blocks:
        assert block["@context"] == "https://schema.org"
        check_thing(block)
    return {block["@type"]: block for block in blocks}


def head_of(page: str) -> dict[str, str]:
    """Return what a page's head says: ``title``, metas by name or property, links by relation."""
    head = page[: page.index("</head>")]
    found = dict(re.findall(r'<meta [^>]*(?:name|property)="([^"]+)" content="([^"]*)"', head))
    found |= dict(re.findall(r'<link [^>]*rel="(canonical|prev|next)" href="([^"]*)"', head))
    title = re.search(r"<title[^>]*>([^<]*)</title>", head)
    return found | {"title": title[1] if title else ""}


def soon(is_so: Callable[[], bool]) -> None:
    """Wait until a page says something that was committed."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < AT_ONCE, "not told by the database"
        time.sleep(0.02)
