"""Take the pictures of the merchant's guide: ``python -m tools.pictures [--url http://localhost:3000] [name ...]``.

The demo store must be running there (``make run``). Nothing of it is changed: what is typed is not saved. The pictures
go to ``docs/images/guide/`` as WebP, each under the limit.
"""

import argparse
import io
import json
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools import chromium
from tools.locking import PROJECT

FOLDER = PROJECT / "docs" / "images" / "guide"
OWNER = {"email": "john@example.com", "password": "password123"}  # nosec B105 - of the demo store
WIDE, PHONE = (1280, 800), (390, 844)
LIMIT_BYTES = 120_000
QUALITIES = range(86, 30, -8)
READY = "document.querySelector('main h1') && !document.querySelector('main .skeleton')"


def _still(_page: Page) -> None:
    """Leave the page as it opens."""


def _peek(page: Page) -> None:
    page.get_by_role("button", name="Quick look").first.click()
    page.get_by_role("dialog").get_by_text("Open the order").wait_for()


def _refund(page: Page) -> None:
    page.locator("main").get_by_role("link").filter(has_text="SH-").first.click()
    page.locator("#order-title").wait_for()
    page.get_by_role("button", name="Refund…").click()
    page.get_by_label("Amount beside the items").fill("2.50")
    page.get_by_role("button", name="Refund $2.50").wait_for()


def _order(page: Page) -> None:
    page.locator("main").get_by_role("link").filter(has_text="SH-").first.click()
    page.locator("#order-title").wait_for()


def _product(page: Page) -> None:
    page.locator("tbody a[href^='/admin/products/']").first.click()
    page.locator("input[name=name], #name").first.wait_for()


@dataclass(frozen=True)
class Picture:
    """One picture: the page, and what is done on it before."""

    name: str
    path: str
    before: Callable[[Page], None] = _still
    size: tuple[int, int] = WIDE


PICTURES = (
    Picture("dashboard", "/admin"),
    Picture("dashboard-phone", "/admin", size=PHONE),
    Picture("orders", "/admin/orders?tab=PROCESSING"),
    Picture("quick-look", "/admin/orders?tab=PROCESSING", _peek),
    Picture("order", "/admin/orders?tab=PROCESSING", _order),
    Picture("refund", "/admin/orders?tab=SHIPPED", _refund),
    Picture("products", "/admin/products"),
    Picture("product", "/admin/products", _product),
    Picture("import", "/admin/products/import"),
    Picture("coupon", "/admin/coupons/new"),
    Picture("reviews", "/admin/reviews"),
    Picture("customers", "/admin/customers"),
    Picture("analytics", "/admin/analytics"),
    Picture("people", "/admin/users"),
    Picture("settings", "/admin/settings"),
    Picture("health", "/admin/health"),
)


def _session(url: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - the address of one's own shop
        url + "/api/auth/signin", json.dumps(OWNER).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return str(json.load(answer)["token"])


def _small(shot: bytes) -> bytes:
    """Return a picture as WebP, at the best quality that stays under the limit."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for quality in QUALITIES:
        data = io.BytesIO()
        image.save(data, "WEBP", quality=quality, method=6)
        if data.tell() <= LIMIT_BYTES:
            break
    return data.getvalue()


def main() -> int:
    """Take the pictures that are named, or all."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(one.name for one in PICTURES))
    parser.add_argument("--url", default="http://localhost:3000", help="of the demo store that is running")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    wanted = [one for one in PICTURES if not options.names or one.name in options.names]
    cookie = {"name": "shophub_session", "value": _session(url), "url": url}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        context = browser.new_context(base_url=url, color_scheme="light", reduced_motion="reduce")
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        for one in wanted:
            _take(page, one, FOLDER / f"{one.name}.webp")
        browser.close()
    return 0


def _take(page: Page, one: Picture, file: Path) -> None:
    page.set_viewport_size({"width": one.size[0], "height": one.size[1]})
    page.goto(one.path)
    page.wait_for_function(READY)
    one.before(page)
    page.mouse.move(0, 0)  # nothing is pointed at
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)  # drawings and sheets come to rest
    file.write_bytes(_small(page.screenshot()))
    print(f"{file.relative_to(PROJECT)}: {file.stat().st_size // 1000} KB", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
