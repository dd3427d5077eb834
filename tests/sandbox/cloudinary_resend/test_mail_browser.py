"""The mailbox page in Chromium."""

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from shophub.settings import get_settings
from tests.sandbox.cloudinary_resend.test_mail import deliver

pytestmark = pytest.mark.browser

HTML = '<html><head></head><body><p>Hi</p><a href="{link}">See your order</a></body></html>'


@pytest.fixture
def problems() -> list[str]:
    """What the page wrote to the console as a warning or error; a test ends with it empty."""
    return []


@pytest_asyncio.fixture
async def page(chromium: Browser, sandbox, problems: list[str]) -> AsyncIterator[Page]:
    """A page before an empty mailbox; the shop's typeface comes from its package."""
    async with await psycopg.AsyncConnection.connect(sandbox.config.database_url) as connection:
        await connection.execute("TRUNCATE sandbox.email")
    font = get_settings().npm_dir / "@fontsource-variable" / "figtree" / "files" / "figtree-latin-wght-normal.woff2"
    context = await chromium.new_context()
    page = await context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    async def answer(route: Route) -> None:
        await route.fulfill(path=font)

    await page.route("**/fonts/*", answer)
    yield page
    await context.close()
    assert problems == []


async def assert_accessible(page: Page) -> None:
    """Check the page with axe, narrow and wide, light and dark; leaves it narrow and light."""
    await page.evaluate((get_settings().npm_dir / "axe-core" / "axe.min.js").read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for scheme, width in (("dark", 1280), ("light", 1280), ("dark", 390), ("light", 390)):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)
        await page.wait_for_function("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", arg=scheme)
        await page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        # Not into the frame with the message: it is sandboxed, so axe cannot run in it.
        found = await page.evaluate("tags => axe.run(document, {runOnly: tags, iframes: false})", tags)
        violations = [(item["id"], [node["target"] for node in item["nodes"]]) for item in found["violations"]]
        assert violations == [], (scheme, width)
        assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_message_appears_by_itself_and_can_be_read(page, http, sandbox):
    await page.goto(f"{sandbox.url}/mail")
    await expect(page.get_by_text("No messages yet")).to_be_visible()
    await assert_accessible(page)

    await deliver(http, subject="Order SH-1001", html=HTML.format(link=f"{sandbox.url}/mail?to=opened"), text="Hi")

    entry = page.get_by_role("link", name="Order SH-1001")
    await expect(entry).to_be_visible(timeout=6000)
    await assert_accessible(page)
    await entry.click()
    await expect(page.get_by_role("heading", name="Order SH-1001")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="All messages").click()
    await expect(entry).to_be_visible()


async def test_link_in_a_message_opens_beside_the_mailbox(page, http, sandbox):
    message = await deliver(http, html=HTML.format(link=f"{sandbox.url}/mail?to=opened"))
    await page.goto(f"{sandbox.url}/mail?id={message}")

    async with page.context.expect_page() as opening:
        await page.frame_locator("iframe").get_by_role("link", name="See your order").click()

    opened = await opening.value
    await expect(opened.get_by_text("No message to “opened”")).to_be_visible()
    assert page.url.endswith(f"/mail?id={message}")


async def test_script_in_a_message_does_not_run(page, http, sandbox, problems):
    message = await deliver(http, html="<p>Hi</p><script>parent.document.title = 'changed'</script>")

    await page.goto(f"{sandbox.url}/mail?id={message}")

    await expect(page.frame_locator("iframe").get_by_text("Hi")).to_be_visible()
    assert await page.title() == "Hello · Mailbox"
    assert len(problems) == 1
    assert "Blocked script execution" in problems.pop()
