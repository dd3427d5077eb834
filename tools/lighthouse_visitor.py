"""A browser in which somebody has done something before Lighthouse looks at a page."""

import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, expect, sync_playwright

OWNER, PASSWORD = "john@example.com", "password123"  # of the demo store


@dataclass(frozen=True)
class Preparation:
    """The path of a page, and what has to be done before, beginning on the page of a product."""

    path: str
    prepare: Callable[[Page], None]


def fill_cart(page: Page) -> None:
    """Put a product into the cart."""
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Check out")).to_be_visible()


def sign_in(page: Page) -> None:
    """Sign in as the demo store's owner."""
    page.goto("/login")
    form = page.locator("main")
    form.get_by_label("E-mail").fill(OWNER)
    form.get_by_label("Password", exact=True).fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)


@contextmanager
def prepared_browser(browser: str, product: str, preparation: Preparation) -> Iterator[int]:
    """Give the port by which a browser can be used in which ``preparation`` has been done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="lighthouse-browser-") as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=browser,
            args=[f"--remote-debugging-port={port}", "--no-sandbox", "--disable-dev-shm-usage"],
            base_url=product,
        )
        try:
            page = context.new_page()
            page.goto(product)
            preparation.prepare(page)
            page.close()
            yield port
        finally:
            context.close()
