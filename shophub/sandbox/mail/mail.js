// Keeps the list of messages up to date without touching what is being read. Works on the server's own HTML.
"use strict";
(() => {
  const list = document.querySelector("[data-refresh]");
  const status = document.getElementById("status");
  const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const long = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

  // The server writes UTC; the reader's own clock is friendlier.
  const localise = (root) => {
    for (const time of root.querySelectorAll("time")) {
      const format = "long" in time.dataset ? long : short;
      time.textContent = format.format(new Date(time.dateTime));
    }
  };
  localise(document);
  if (!list) return;

  let etag = null;
  let shown = list.querySelector("#count").dataset.total;

  const replace = (html) => {
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    localise(fresh);
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    list.replaceChildren(...fresh.childNodes);
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const total = list.querySelector("#count").dataset.total;
    if (Number(total) > Number(shown)) status.textContent = `New message. ${total} in all.`;
    shown = total;
  };

  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(list.dataset.refresh, {
        headers: etag ? { "if-none-match": etag } : {},
        cache: "no-store",
      });
      if (answer.status !== 200) return;
      const first = etag === null;
      etag = answer.headers.get("etag");
      const html = await answer.text();
      // The first answer only tells what is on the page already, unless something came in between.
      if (!first || !html.includes(`data-total="${shown}"`)) replace(html);
    } catch {
      // The server is being restarted; the next try finds it.
    }
  };
  setInterval(refresh, 2000);
  document.addEventListener("visibilitychange", refresh);
  refresh();
})();
