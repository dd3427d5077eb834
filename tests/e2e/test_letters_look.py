"""Every letter as mail programs on a phone draw it: nothing sticks out, all can be read, in light and dark."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from shophub.db import transaction
from shophub.services.emails.outbox import EmailKind
from shophub.services.emails.palette import DARK, LIGHT
from shophub.services.emails.rendering import HELP_PAGES, RenderedEmail, absolute
from shophub.services.letters.writing import write
from tests.e2e.conftest import PHONE
from tests.security.poison import make_world
from tools.packages import install

pytestmark = pytest.mark.browser
# Without a space, as addresses and some names are.
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenfabrik"
# In the dark the same elements are there in other colours.
RULES = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}
CHECK = """
async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}
"""
LOOK = """
() => ({
  width: document.documentElement.scrollWidth,
  ground: getComputedStyle(document.body).backgroundColor,
  buttons: [...document.querySelectorAll("a.button")].map((one) => getComputedStyle(one).backgroundColor),
  preview: document.querySelector("body > div").innerText.replace(/[\\u034f\\u200c\\u00a0]/g, "").trim(),
  wordmark: document.querySelector("a").innerText,
  headings: document.querySelectorAll("h1").length,
  end: [...document.querySelectorAll("a")].slice(-3).map((one) => one.pathname),
})
"""


class Elements(HTMLParser):
    """What a letter is made of, and where its buttons lead."""

    def __init__(self, html: str) -> None:
        """Read a letter."""
        super().__init__()
        self.shape: list[tuple[str, str]] = []
        self.buttons: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        self.shape.append((tag, given.get("class") or ""))
        if tag == "a" and given.get("class") == "button":
            self.buttons.add(given.get("href") or "")


@pytest_asyncio.fixture
async def mail_program(chromium: Browser) -> AsyncIterator[Page]:
    """A phone's mail program: it runs no script of a letter's, and shows no pictures yet."""

    async def refuse(route: Route) -> None:
        await route.abort()

    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.route("**/*", refuse)
    yield page
    await context.close()


async def all_letters(evil: str) -> dict[EmailKind, RenderedEmail]:
    """Return one letter of each kind."""
    world = await make_world(evil)
    written = {}
    for kind in EmailKind:
        async with transaction() as session:
            letter = await write(session, kind, *world.letters[kind])
        assert letter is not None, kind
        written[kind] = letter.email
    return written


def rgb(colour: str) -> str:
    """Return a colour as browsers name it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


async def test_every_letter_has_the_shops_look_on_a_phone_in_light_and_dark(database: str, mail_program: Page) -> None:
    found: list[str] = []
    looked_at: list[list[tuple[str, str]]] = []
    await mail_program.set_content("<p>")
    await mail_program.evaluate((install("npm") / "axe-core" / "axe.min.js").read_text())
    for kind, email in (await all_letters("")).items():
        await mail_program.set_content(email.html)
        shape = Elements(email.html).shape
        is_new, _ = shape not in looked_at, looked_at.append(shape)
        for scheme, colours in (("light", LIGHT), ("dark", DARK)):
            await mail_program.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            look = await mail_program.evaluate(LOOK)

            assert look["width"] == PHONE["width"], kind
            assert (look["ground"], look["headings"], look["wordmark"]) == (rgb(colours["bg"]), 1, "ShopHub●"), kind
            assert set(look["buttons"]) <= {rgb(colours["brand"])}, kind
            assert look["preview"], kind
            assert look["end"] == ["/contact", "/returns", "/privacy"], kind
            if is_new:
                found += [f"{kind}, {scheme}: {one}" for one in await mail_program.evaluate(CHECK, RULES[scheme])]
    assert found == []


async def test_words_that_do_not_end_stay_inside_every_letter(database: str, mail_program: Page) -> None:
    widths = {}
    for kind, email in (await all_letters(LONG_WORD)).items():
        assert LONG_WORD in email.html, kind
        await mail_program.set_content(email.html)
        widths[kind] = await mail_program.evaluate("document.documentElement.scrollWidth")

    assert {kind: width for kind, width in widths.items() if width > PHONE["width"]} == {}


async def test_every_letter_says_the_same_as_plain_text(database: str) -> None:
    help_links = [f"{page.heading}: {absolute(page.path)}" for page in HELP_PAGES]
    for kind, email in (await all_letters("")).items():
        assert [url for url in Elements(email.html).buttons if url not in email.text] == [], kind
        end = email.text.rpartition("--\n")[2].splitlines()
        assert end[0].startswith("ShopHub"), kind
        assert end[-3:] == help_links, kind
        assert not [sign for sign in ("<", "{{", "&amp;", "None") if sign in email.text], kind
        assert "\n\n\n\n" not in email.text, kind
