// Decides when a page shows its live content, and does what browsers do on a page change but client routers do not.
//
// `loaded` is the path whose data the page's state holds. Until it is the path in the address bar, the fallback shows,
// or, after a full page load, the server's HTML (every node marked data-ssr), which leaves in the frame in which the
// live content is there. Pages without data pass no `loaded`.
import { useEffect, useLayoutEffect } from "react";
import { useLocation } from "react-router";

const clean = (path) => {
  try {
    path = decodeURI(path);
  } catch {
    // a path that is not valid UTF-8 stays as it is
  }
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
};

let shownPath = null;

const serverNodes = () => document.querySelectorAll("[data-ssr]");

function handOver() {
  const nodes = serverNodes();
  if (!nodes.length) return;
  const active = document.activeElement;
  const inside = active && active.closest("[data-ssr]");
  const name = inside && active.getAttribute("name");
  const typed = name && active.value;
  const selection = name && active.selectionStart;
  nodes.forEach((node) => node.remove());
  if (name) {
    const twin = [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((element) => element.offsetParent);
    if (twin) {
      twin.value = typed;
      twin.focus({ preventScroll: true });
      if (selection != null && twin.setSelectionRange) twin.setSelectionRange(selection, selection);
    }
  }
  // What was pressed in the server's HTML (its own small script keeps that) is done now.
  const pressed = window.shophubPressed;
  delete window.shophubPressed;
  if (pressed) document.getElementById(pressed)?.click();
}

export function PageGate({ loaded, title, store, fallback, children }) {
  const here = clean(useLocation().pathname);
  const ready = loaded === undefined || loaded === null || clean(loaded) === here;

  useLayoutEffect(() => {
    const given = document.head.querySelector("title[data-ssr]");
    if (!ready && given) document.title = given.textContent;
    if (ready && title) document.title = store ? `${title} · ${store}` : title;
    if (ready) handOver();
  }, [ready, title, store]);

  useEffect(() => {
    if (!ready) return;
    const navigated = shownPath !== null && shownPath !== here;
    shownPath = here;
    if (!navigated) return;
    const target = document.querySelector("main h1");
    if (target) {
      target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: true });
    }
    document.querySelectorAll(":popover-open").forEach((menu) => menu.hidePopover());
    const region = document.getElementById("live-polite");
    if (region) region.textContent = document.title;
  }, [ready, here]);

  return ready ? children : fallback;
}
