"""The pages on 320 px, at 400 % zoom, with more space between letters, with colours of one's own, without motion."""

import secrets

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import NOTE_SEEN, Rules, scan
from tests.e2e.conftest import DESKTOP, PHONE, go_live
from tests.e2e.goods import Goods

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/products",
    "/categories/office?rating=4&in_stock=1",
    "/search?q=nothing-like-it",
    "/products/oak-desk-lamp",
    "/cart",
    "/login?error=wrong_credentials",
    "/register",
    "/order-lookup",
    "/contact",
)
# A window of 1280 × 1024, enlarged four times.
ZOOMED = {"width": 320, "height": 256}
NARROW = {"width": 320, "height": 640}
# The least that a page must bear (WCAG 1.4.12).
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
TOO_WIDE = """
() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("body *")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)
  : []
"""
# What stays when the page is scrolled, as a part of the window's height.
COVERED = """
() => {
  scrollTo(0, document.documentElement.scrollHeight / 2);
  const bars = [...document.querySelectorAll("body *")].filter((one) =>
    ["sticky", "fixed"].includes(getComputedStyle(one).position) && one.checkVisibility({ opacityProperty: true }));
  const covered = new Set();
  for (const bar of bars) {
    const box = bar.getBoundingClientRect();
    if (box.width < innerWidth / 2) continue;
    for (let y = Math.max(0, Math.ceil(box.top)); y < Math.min(innerHeight, box.bottom); y++) covered.add(y);
  }
  scrollTo(0, 0);
  return covered.size / innerHeight;
}
"""
# Words on controls that no longer fit where they stand.
CUT_OFF = """
() => [...document.querySelectorAll("button, a, label, h1, h2, h3, legend, summary, [role=alert]")]
  .filter((one) => one.checkVisibility() && one.innerText?.trim() && !one.closest(".sr-only, .truncate"))
  .filter((one) => {
    const style = getComputedStyle(one);
    if (style.webkitLineClamp !== "none" || style.overflow === "visible" || style.display === "inline") return false;
    return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
  })
  .map((one) => one.outerHTML.slice(0, 120))
"""
UNDER_44 = """
() => [...document.querySelectorAll("main button, main select, main input, main textarea, header button, header a")]
  .filter((one) => one.checkVisibility({ opacityProperty: true }) && !one.closest(".sr-only") && one.type !== "hidden")
  .filter((one) => !one.matches(".sr-only"))
  .filter((one) => {
    const target = (one.matches("[type=radio], [type=checkbox]") && one.closest("label")) || one;
    const stretched = getComputedStyle(target, "::after").position === "absolute";
    return !stretched && target.getBoundingClientRect().height < 43.5;
  })
  .map((one) => `${one.getBoundingClientRect().height}: ${one.outerHTML.slice(0, 120)}`)
"""
UNSEEN_WHEN_CHOSEN = """
(name) => {
  const look = (one) => ["outlineStyle", "outlineWidth", "borderTopColor", "borderTopWidth", "backgroundColor", "color"]
    .map((property) => getComputedStyle(one)[property]).join();
  const [chosen, other] = [true, false].map((is) => [...document.querySelectorAll(`[name="${name}"]`)]
    .find((one) => one.checked === is).closest("label"));
  return look(chosen) === look(other);
}
"""
# An input that is not drawn is shown by its label.
RINGED = """
() => {
  const focused = document.activeElement.matches(".sr-only") && document.activeElement.closest("label");
  return [null, "::before", "::after"].some((part) =>
    getComputedStyle(focused || document.activeElement, part).outlineStyle !== "none");
}
"""
MOVING = """
() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().duration > 10 || one.effect.getComputedTiming().iterations > 1)
  .map((one) => `${one.animationName || one.transitionProperty}: ${one.effect.target?.outerHTML.slice(0, 100)}`)
"""


async def test_pages_bear_small_windows_wide_letters_and_thick_fingers(page: Page) -> None:
    found: list[str] = []

    async def note(what: str, path: str) -> None:
        found.extend(f"{path}, {what}: {one}" for one in await page.evaluate(TOO_WIDE))

    for path in PAGES:
        await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        await go_live(page, path)
        found += [f"{path}, 44 px: {one}" for one in await page.evaluate(UNDER_44)]
        await page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        await note("400 %", path)
        covered = await page.evaluate(COVERED)
        if covered > 0.5:
            found.append(f"{path}, 400 %: {covered:.0%} of the window are bars that stay")
        await page.add_style_tag(content=SPACED)
        await note("400 % and wide letters", path)
        found += [f"{path}, wide letters: {one}" for one in await page.evaluate(CUT_OFF)]
        await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        await note("wide letters", path)
        found += [f"{path}, wide letters on a desk: {one}" for one in await page.evaluate(CUT_OFF)]

    assert found == []


async def test_words_without_end_widen_no_page(page: Page, goods: Goods) -> None:
    word = "Donaudampfschifffahrt" * 6
    slug = goods.product(word, option=(word[:60], (word[:60], "Short")))
    category = secrets.token_hex(4)
    goods.rows(
        "INSERT INTO categories (id, name, slug, description) VALUES (gen_random_uuid(), %(word)s, %(slug)s, %(word)s)",
        word=word,
        slug=category,
    )
    goods.rows(
        """UPDATE products SET brand = %(word)s, description = %(word)s || %(word)s,
        category_id = (SELECT id FROM categories WHERE slug = %(category)s) WHERE slug = %(slug)s""",
        word=word,
        category=category,
        slug=slug,
    )
    found: list[str] = []
    try:
        for path in (f"/products/{slug}", f"/categories/{category}", f"/search?q={word}", f"/search?q=x{word}", "/"):
            for size in (NARROW, DESKTOP):
                await page.set_viewport_size(size)  # type: ignore[arg-type]
                await go_live(page, path)
                wide = await page.evaluate(TOO_WIDE)
                found.extend(f"{path[:20]}, {size['width']}: {one}" for one in wide)
    finally:
        goods.rows(
            """UPDATE products SET category_id = (SELECT id FROM categories WHERE slug <> %(slug)s LIMIT 1)
            WHERE category_id = (SELECT id FROM categories WHERE slug = %(slug)s)""",
            slug=category,
        )
        goods.rows("DELETE FROM categories WHERE slug = %(slug)s", slug=category)

    assert found == []


async def test_what_is_chosen_and_where_the_focus_is_shows_in_colours_of_ones_own(page: Page) -> None:
    await page.emulate_media(forced_colors="active")
    await go_live(page, "/products/oak-desk-lamp")

    for name in ("option-Colour", "option-Size"):
        assert not await page.evaluate(UNSEEN_WHEN_CHOSEN, name), name
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate(RINGED), await page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


async def test_nothing_moves_for_those_who_asked_for_that(page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await go_live(page, "/products/oak-desk-lamp")

    await page.locator("main").get_by_role("button", name="Add to cart").first.click()
    await expect(page.locator("#cart-drawer[open]")).to_be_visible()
    assert await page.evaluate(MOVING) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Categories").click()
    assert await page.evaluate(MOVING) == []


async def test_page_about_the_api_has_nothing_for_axe_to_find_and_fits(page: Page):
    await page.goto("/api/docs")
    looks: tuple[tuple[dict[str, int], tuple[Rules, ...], tuple[Rules, ...]], ...] = (
        (DESKTOP, ("all",), ("colours",)),
        (PHONE, ("no colours", "new colours"), ("new colours",)),
    )
    found: list[str] = []
    for size, light, dark in looks:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme, rules in (("light", light), ("dark", dark)):
            await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            for some in rules:
                found += await scan(page, f"/api/docs, {theme}, {size['width']} px", rules=some)
        await page.evaluate(NOTE_SEEN)
        assert await page.evaluate(TOO_WIDE) == []
    assert found == []
    await page.goto("/api/docs#post_checkout")
    await expect(page.locator("#post_checkout").get_by_role("heading", level=3)).to_be_in_viewport()
