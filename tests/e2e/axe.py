"""Runs axe over an open page, in both themes and on both widths."""

from playwright.async_api import Page

from tests.e2e.conftest import DESKTOP, PHONE
from tools.packages import install

CHECK = """
async () => {
  // Colours that are on their way have another contrast.
  for (let moving = [null]; moving.length; ) {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    moving = document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
  }
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.any.map((one) => one.message).join("; ")}`));
}
"""


async def scan(page: Page, name: str) -> list[str]:
    """Return what axe finds in the page as it stands, each with ``name`` in front."""
    if not await page.evaluate("typeof window.axe === 'object'"):
        await page.evaluate((install("npm") / "axe-core" / "axe.min.js").read_text())
    return [f"{name}: {found}" for found in await page.evaluate(CHECK)]


async def scan_all(page: Page, name: str, *, widths: tuple[dict[str, int], ...] = (DESKTOP, PHONE)) -> list[str]:
    """Scan in light and dark on each width; ends in light on the first."""
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = []
    for size in widths:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            await page.wait_for_function("(theme) => document.documentElement.classList.contains(theme)", arg=theme)
            found += await scan(page, f"{name}, {theme}, {size['width']} px")
    await page.set_viewport_size(widths[0])  # type: ignore[arg-type]
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found
