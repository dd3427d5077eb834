"""Presses every button of an open page and collects its links; says of each button what is wrong with it."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Error, Page

from shophub.lib.ui_admin import BUTTON_DANGER
from tests.e2e.axe import scan_themes

READY = """
() => !document.querySelector("[data-left]") && document.querySelector("main h1")
  && !document.querySelector("main .skeleton") && sessionStorage.getItem("token")
"""
SETTLE_MILLISECONDS = 60
# In the page: what can be pressed, by a key that is the same in each row of a list, and what a press does.
SCRIPT = """
(() => {
  const PRESSED = "button, summary, [role=button], tbody input[type=checkbox], thead input[type=checkbox]";
  const ROWS = new Set(["TR", "LI"]);
  const overlays = () => [...document.querySelectorAll("dialog[open], :popover-open")]
    .filter((one) => !one.matches("[data-sonner-toaster], [data-sonner-toaster] *"));
  const inner = (one) => !overlays().some((other) => other !== one && one.contains(other));
  const top = () => overlays().filter(inner).at(-1);
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && one.getBoundingClientRect().width > 0 && !one.closest("[inert], [data-sonner-toaster], .sr-only");
  const words = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
  const texts = (nodes) => words([...nodes].map((node) => node?.textContent).join(" "));
  const named = (one) => one.getAttribute("aria-labelledby") ?? "";
  const labels = (one) => named(one).split(" ").map((id) => document.getElementById(id));
  const name = (one) => words(one.getAttribute("aria-label") || texts(labels(one)) || one.textContent || one.title
    || texts(one.labels ?? []));
  function key(one) {
    const path = [];
    let row = null;
    for (let at = one; at && at !== document.body; at = at.parentElement) {
      if (ROWS.has(at.tagName)) row = at;
      const same = [...at.parentElement.children].filter((other) => other.tagName === at.tagName);
      path.push(ROWS.has(at.tagName) ? at.tagName : at.tagName + same.indexOf(at));
    }
    const called = row ? words(one.innerText) : name(one);
    return `${path.reverse().join(">")} ${called.replace(/\\d+/g, "0")}`;
  }
  const area = (frame) => top() ?? (frame ? document.body : document.querySelector("main"));
  // What is chosen already, such as the tab one is on, has nothing to do.
  const chosen = (one) => one.matches("[aria-pressed=true], [aria-selected=true]");
  const all = (frame) => [...area(frame).querySelectorAll(PRESSED)]
    .filter((one) => shown(one) && !chosen(one) && (top() || frame !== "only" || !one.closest("main")));
  window.crawl = {
    controls: (frame, danger) => all(frame).map((one) => ({
      key: key(one), name: name(one), off: one.disabled === true,
      keeps: Boolean(top()) && (one.type === "submit" && one.form !== null || one.className.includes(danger)),
      closes: Boolean(top()) && (one.getAttribute("command") === "close"
        || one.getAttribute("popovertargetaction") === "hide" || /^(close|cancel|done|not now|keep )/i.test(name(one))),
    })),
    overlay: () => { const one = top(); return one && (one.id || one.getAttribute("aria-label") || one.tagName); },
    links: () => [...document.querySelectorAll("a[href]")]
      .filter((one) => one.checkVisibility()).map((one) => [one.href, name(one)]),
    close: () => overlays().reverse().forEach((one) => one.matches("dialog") ? one.close() : one.hidePopover()),
    press: async (frame, wanted, settle) => {
      const one = all(frame).find((other) => key(other) === wanted);
      if (!one) return "gone";
      one.scrollIntoView({ block: "center", behavior: "instant" });
      let seen = performance.now(), did = false;
      const see = () => { did = true; seen = performance.now(); };
      const watch = new MutationObserver(see);
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      const events = ["toggle", "invalid", "close", "focusin", "printed"];
      const picks = (event) => event.target.type === "file" && see();
      document.addEventListener("click", picks, true);
      events.forEach((event) => document.addEventListener(event, see, true));
      const before = location.href;
      const ticked = one.checked;
      if (document.activeElement === one) one.blur();
      did = false;
      one.click();
      if (one.checked !== ticked) see();
      const begun = performance.now();
      const busy = () => !did || performance.now() - seen < settle || document.querySelector("main [aria-busy=true]");
      while (performance.now() - begun < 4000 && busy()) {
        await new Promise((done) => setTimeout(done, 15));
        if (location.href !== before) see();
      }
      watch.disconnect();
      document.removeEventListener("click", picks, true);
      events.forEach((event) => document.removeEventListener(event, see, true));
      return did ? "did" : "nothing";
    },
  };
  const print = () => document.dispatchEvent(new Event("printed"));
  window.print = print;
})()
"""


# What was pressed on the ways of several people: the place and the control, and whether that opened something.
Memory = dict[tuple[str, str], bool]


@dataclass
class Crawl:
    """One person's way through pages; ``found`` is what is wrong, ``links`` where each address is led to from.

    With a ``memory`` it leaves out what a former way pressed, except for what opens something: that is looked at again.
    """

    page: Page
    who: str
    memory: Memory = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    met: int = 0
    where: str = ""

    async def begin(self) -> None:
        """Listen to the page from now on; what it would print or pick a file for is noticed instead."""

        def hear(said: ConsoleMessage) -> None:
            if said.type in ("error", "warning"):
                self.found.append(f"{self.where}: the console says {said.text}")

        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: self.found.append(f"{self.where}: {error}"))
        self.page.on("filechooser", lambda _: None)
        await self.page.add_init_script(SCRIPT)

    async def open(self, path: str) -> None:
        """Load a page and wait for what it shows."""
        self.where = f"{self.who} at {path}"
        await self.page.goto(path)
        await self.page.wait_for_function(READY)

    async def look(self, path: str) -> None:
        """Scan a page and press nothing."""
        await self.open(path)
        await self._look()
        await self._scan("main")

    async def walk(self, path: str, *, frame: str = "") -> None:
        """Press all of a page (``frame="only"``: all around it), look into what opens, and scan everything."""
        await self.open(path)
        await self._look()
        await self._scan("" if frame else "main")
        seen: set[str] = set()
        while one := await self._next(frame, seen):
            here = self._place(one)
            if await self._press(frame, one) and await self.page.evaluate("crawl.overlay()"):
                self.memory[here] = True
                await self._walk_overlay(frame, one, seen)
            await self._come_back(path)

    def _place(self, one: dict[str, str]) -> tuple[str, str]:
        """Return what a control is known by, whoever sees it: the page and what is open in it, and its key."""
        return re.sub(r"[0-9a-f-]*\d[0-9a-f-]*", "0", self.where.removeprefix(self.who)), one["key"]

    async def _next(self, frame: str, seen: set[str]) -> dict[str, str] | None:
        """Return what is to be pressed next: what this way has not met, and no former one has done with."""
        for one in await self._controls(frame):
            if one["key"] in seen:
                continue
            seen.add(one["key"])
            if self.memory.get(self._place(one)) is not False:
                return one
            self.met += 1
        return None

    async def _walk_overlay(self, frame: str, opener: dict[str, str], seen: set[str]) -> None:
        """Look into what a button opened and press what neither closes it nor decides something."""
        name = await self.page.evaluate("crawl.overlay()")
        here = self.where
        self.where = f"{here}, {name}"
        await self._look()
        await self._scan("dialog[open], :popover-open")
        while one := await self._next(frame, seen):
            if one["keeps"] or one["closes"]:
                continue
            inside = self._place(one)
            await self._press(frame, one)
            now = await self.page.evaluate("crawl.overlay()")
            if now not in (None, name):
                self.memory[inside] = True
                await self._walk_overlay(frame, one, seen)
                await self.page.evaluate("crawl.close()")
                now = None
            if now is None and not await self._reopen(frame, opener, name):
                break
        await self._leave(frame, name)
        self.where = here

    async def _leave(self, frame: str, name: str) -> None:
        """Close what is open as its visitor would."""
        closers = [one for one in await self._controls(frame) if one["closes"]]
        if await self.page.evaluate("crawl.overlay()") != name:
            return
        if closers:
            await self._press(frame, closers[0])
        else:
            await self.page.keyboard.press("Escape")
        if await self.page.evaluate("crawl.overlay()") == name:
            self.found.append(f"{self.where}: it does not close")

    async def _reopen(self, frame: str, opener: dict[str, str], name: str) -> bool:
        await self.page.evaluate("crawl.close()")
        await self.page.evaluate("([frame, key, settle]) => crawl.press(frame, key, settle)",
                                 [frame, opener["key"], SETTLE_MILLISECONDS])  # fmt: skip
        return bool(await self.page.evaluate("crawl.overlay()") == name)

    async def _controls(self, frame: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = await self.page.evaluate(
            "([frame, danger]) => crawl.controls(frame, danger)", [frame, BUTTON_DANGER]
        )
        return found

    async def _press(self, frame: str, one: dict[str, str]) -> bool:
        """Press a button and say what is wrong with it; returns whether it did something here."""
        if not one["name"]:
            self.found.append(f"{self.where}: a button without a name: {one['key']}")
        if one["off"]:
            return False
        self.met += 1
        self.memory.setdefault(self._place(one), False)
        before = urlsplit(self.page.url).path
        try:
            did = await self.page.evaluate(
                "([frame, key, settle]) => crawl.press(frame, key, settle)", [frame, one["key"], SETTLE_MILLISECONDS]
            )
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
            await self.page.wait_for_function(READY)  # a form that the browser itself sends
            did = "did"
        if did == "nothing":
            self.found.append(f"{self.where}: “{one['name']}” does nothing")
        if urlsplit(self.page.url).path != before:
            await self.page.wait_for_function(READY)
            heading = await self.page.locator("main h1").first.inner_text()
            if re.search("not here|not for this account|no such", heading, re.IGNORECASE):
                self.found.append(f"{self.where}: “{one['name']}” leads to {self.page.url}, which says “{heading}”")
            return False
        return bool(did == "did")

    async def _scan(self, within: str) -> None:
        """Have axe look; of the places where it says the same, the first."""
        for one in await scan_themes(self.page, self.where, within=within):
            rule = one.removeprefix(self.where).split(": ")[1]
            if not any(said.startswith(self.where) and f": {rule}: " in said for said in self.found):
                self.found.append(one)

    async def _look(self) -> None:
        """Note the links that can be seen."""
        for link, name in await self.page.evaluate("crawl.links()"):
            if not name:
                self.found.append(f"{self.where}: a link without a name: {link}")
            self.links.setdefault(link, f"{self.where}: “{name}”")

    async def _come_back(self, path: str) -> None:
        """Close what is open; load the page anew where a press has led away from it."""
        if urlsplit(self.page.url).path == path:
            await self.page.evaluate("crawl.close()")
        else:
            await self._look()
            await self.open(path)
