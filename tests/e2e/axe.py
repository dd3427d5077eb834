"""Runs axe over an open page, in both themes and on both widths."""

from typing import Literal

from playwright.async_api import Page

from tests.e2e.conftest import DESKTOP, PHONE
from tools.packages import install

CHECK = """
async ([within, rules]) => {
  // Colours that are on their way have another contrast.
  for (let moving = [null]; moving.length; ) {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    moving = document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
  }
  const colours = { runOnly: ["color-contrast", "link-in-text-block"] };
  // The rule about the size of targets (WCAG 2.2) is off by default.
  const sizes = { "target-size": { enabled: true } };
  const other = { rules: { ...sizes, "color-contrast": { enabled: false }, "link-in-text-block": { enabled: false } } };
  const options = { all: { rules: sizes }, colours, "new colours": colours, "no colours": other }[rules];
  let parts = within ? { include: [...document.querySelectorAll(within)] } : document;
  if (rules === "new colours") {
    const texts = [...document.querySelectorAll("body *:not([data-looked-at])")].filter((one) =>
      one.checkVisibility()
      && (one.matches("input, select, textarea")
        || [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())));
    if (!texts.length) return [];
    parts = { include: texts };
  }
  const { violations } = await axe.run(parts, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.any.map((one) => one.message).join("; ")}`));
}
"""

Rules = Literal["all", "colours", "new colours", "no colours"]
NOTE_SEEN = """
() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .forEach((one) => { one.dataset.lookedAt = ""; })
"""
FORGET_SEEN = """
() => document.querySelectorAll("[data-looked-at]").forEach((one) => delete one.dataset.lookedAt)
"""


async def scan(page: Page, name: str, *, within: str = "", rules: Rules = "all") -> list[str]:
    """Return what axe finds in the page as it stands (or ``within`` a part of it), each with ``name`` in front.

    Colours are the dearest of its rules; "new" ones are those of what ``NOTE_SEEN`` did not see.
    """
    if not await page.evaluate("typeof window.axe === 'object'"):
        await page.evaluate((install("npm") / "axe-core" / "axe.min.js").read_text())
    return [f"{name}: {found}" for found in await page.evaluate(CHECK, [within, rules])]


async def scan_themes(page: Page, name: str, *, within: str = "") -> list[str]:
    """Scan in both themes at the width that the page has: everything in light, and the colours once more in dark."""
    found = await scan(page, f"{name}, light", within=within)
    await _wear(page, "dark")
    found += await scan(page, f"{name}, dark", within=within, rules="colours")
    await _wear(page, "light")
    return found


async def _wear(page: Page, theme: Literal["light", "dark"]) -> None:
    await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    await page.wait_for_function("(theme) => document.documentElement.classList.contains(theme)", arg=theme)


async def scan_all(page: Page, name: str, *, widths: tuple[dict[str, int], ...] = (DESKTOP, PHONE)) -> list[str]:
    """Scan on each width, in light for everything and in dark for colours; ends in light on the first.

    What the first width shows has the same colours on the second: there, those of what only it shows are looked at.
    """
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = []
    for size in widths:
        is_first = size is widths[0]
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await _wear(page, "light")
        where = f"{name}, light, {size['width']} px"
        found += await scan(page, where, rules="all" if is_first else "no colours")
        if not is_first:
            found += await scan(page, where, rules="new colours")
        await _wear(page, "dark")
        where = f"{name}, dark, {size['width']} px"
        found += await scan(page, where, rules="colours" if is_first else "new colours")
        await page.evaluate(NOTE_SEEN)
    await page.evaluate(FORGET_SEEN)
    await page.set_viewport_size(widths[0])  # type: ignore[arg-type]
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found
