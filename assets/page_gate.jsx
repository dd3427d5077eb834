// Decides when a page shows its live content, and does what browsers do on a page change but client routers do not.
//
// `loaded` is the path whose data the page's state holds. Until it is the path in the address bar, the fallback shows,
// or, after a full page load, the server's HTML (every node marked data-ssr), which leaves in the frame in which the
// live content is there. Pages without data pass no `loaded`.
import { useDeferredValue, useEffect, useLayoutEffect } from "react";
import { useLocation } from "react-router";

const clean = (path) => {
  try {
    path = decodeURI(path);
  } catch {
    // a path that is not valid UTF-8 stays as it is
  }
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
};

// An address in one spelling. What a page says once, and then takes out of the bar, is no part of it.
export function spelled(address) {
  const [path, query = ""] = address.split("?");
  const pairs = new URLSearchParams(query);
  ["notice", "verified"].forEach((name) => pairs.delete(name));
  return `${clean(path)}?${pairs}`;
}

export const spelledHere = () => spelled(window.location.pathname + window.location.search);

let shownPath = null;

const serverNodes = () => document.querySelectorAll("[data-ssr]");

// What search engines and link previews read stays in the head while the page it belongs to is shown: some read it only
// when the scripts have run.
const KEPT_IN_HEAD = "meta, link:not([rel=preload]), script[type='application/ld+json']";

function keepInHead(node) {
  node.removeAttribute("data-ssr");
  node.setAttribute("data-page", clean(window.location.pathname));
}

function dropOtherHeads(here) {
  document.head.querySelectorAll("[data-page]").forEach((node) => node.dataset.page === here || node.remove());
}

// After a reload the router restores the place while the page is still arriving, and may find it too short for that.
function keepPlace() {
  const [entry] = performance.getEntriesByType("navigation");
  if (entry?.type !== "reload" || window.scrollY > 0) return;
  const places = JSON.parse(sessionStorage.getItem("react-router-scroll-positions") ?? "{}");
  const top = places[window.history.state?.key ?? "default"];
  if (top > 0) window.scrollTo(0, top);
}

function handOver() {
  const nodes = serverNodes();
  if (!nodes.length) return;
  const active = document.activeElement;
  const inside = active && active.closest("[data-ssr]");
  const name = inside && active.getAttribute("name");
  const typed = name && active.value;
  const selection = name && active.selectionStart;
  nodes.forEach((node) => (node.matches(KEPT_IN_HEAD) ? keepInHead(node) : node.remove()));
  if (name) {
    const twin = [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((element) => element.offsetParent);
    if (twin) {
      const other = twin.value !== typed;
      twin.value = typed;
      if (other && twin.matches("select")) twin.dispatchEvent(new Event("change", { bubbles: true }));
      twin.focus({ preventScroll: true });
      if (selection != null && twin.setSelectionRange) twin.setSelectionRange(selection, selection);
    }
  }
  keepPlace();
  // What was pressed in the server's HTML (its own small script keeps that) is done now.
  const pressed = window.shophubPressed;
  delete window.shophubPressed;
  if (pressed) document.getElementById(pressed)?.click();
}

export function PageGate({ loaded, address, title, store, fallback, children }) {
  const here = clean(useLocation().pathname);
  const atHand = loaded === undefined || loaded === null || clean(loaded) === here;
  // A tab that loads anew still holds what it showed before: for the same path, but perhaps for another query.
  const arrived = atHand && (address === undefined || shownPath !== null || spelled(address) === spelledHere());
  // Deferred, a page is drawn in slices of a few milliseconds: drawn at once, a slow phone hears no touch for half a second.
  const ready = useDeferredValue(arrived) && arrived;

  useLayoutEffect(() => {
    const given = document.head.querySelector("title[data-ssr]");
    if (!ready && given) document.title = given.textContent;
    if (ready && title) document.title = store ? `${title} · ${store}` : title;
    if (ready) handOver();
  }, [ready, title, store]);

  useEffect(() => dropOtherHeads(here), [here]);

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
