// The palette: Ctrl K (⌘ K), a few letters, Enter. Pages and actions are found here, orders, products and customers are
// asked for by HTTP; a newer question gives the older one up. The combobox pattern of the ARIA authoring practices in a
// native dialog: the focus stays in the field, `aria-activedescendant` says what is chosen.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const PAUSE_MILLISECONDS = 120;
const CARRIED_MILLISECONDS = 1000;
const STORE = "shophub.admin.recent";
const KEPT = 5;
const LIST = "palette-list";

function readRecent() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.url === "string" && typeof one?.label === "string").slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

function remember({ label, url, icon }) {
  const others = readRecent().filter((one) => one.url !== url);
  try {
    localStorage.setItem(STORE, JSON.stringify([{ label, url, icon }, ...others].slice(0, KEPT)));
  } catch {
    // a browser that keeps nothing
  }
}

// On a shared computer the next person sees nothing of it.
let forgets = false;
function forgetAtSignOut() {
  if (forgets) return;
  forgets = true;
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute?.("action") !== "/auth/logout") return;
    carried = null;
    try {
      localStorage.removeItem(STORE);
    } catch {
      // nothing was kept
    }
  });
}

// What was being typed when the next page came, for that page's palette to go on with.
let carried = null;

// How well letters fit a name: its beginning, a word's beginning, somewhere in it, or one after another; 0 is not at all.
export function fit(typed, name) {
  const wanted = typed.toLowerCase().replace(/\s+/g, " ").trim();
  const text = name.toLowerCase();
  if (!wanted) return 1;
  if (text.startsWith(wanted)) return 5;
  if (text.split(/[\s,/-]+/).some((word) => word.startsWith(wanted))) return 4;
  if (text.includes(wanted)) return 3;
  let place = -1;
  for (const letter of wanted.replace(/ /g, "")) {
    place = text.indexOf(letter, place + 1);
    if (place < 0) return 0;
  }
  return 2;
}

function fitting(typed, entries) {
  return entries
    .map((one) => [one, Math.max(fit(typed, one.label) * 2, typed.length > 2 && fit(typed, one.words ?? "") > 2 ? 3 : 0)])
    .filter(([, score]) => score > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([one]) => one);
}

const drawn = (path, className) => (
  <svg viewBox="0 0 24 24" className={className} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
);

export function AdminPalette({ sections = [], actions = [], icons }) {
  const dialog = useRef(null);
  const input = useRef(null);
  const timer = useRef(0);
  const request = useRef(null);
  const hurried = useRef(null); // what Enter was pressed for before the answer came
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState({ q: "", groups: [] });
  const [busy, setBusy] = useState(false);
  const [active, setActive] = useState(0);
  const [recent, setRecent] = useState([]);
  const [modifier, setModifier] = useState("Ctrl");
  const navigate = useNavigate();

  const words = typed.trim();
  const pages = { name: "Pages", hits: fitting(words, sections) };
  const things = found.groups.map((group) => ({ name: group.name, hits: group.hits.map((hit) => ({ ...hit, icon: group.icon })) }));
  // Who types the beginning of a page's name wants the page, whatever else has the word in its name.
  const wantsPage = pages.hits.length > 0 && fit(words, pages.hits[0].label) === 5;
  const groups = (words
    ? [...(wantsPage ? [pages, ...things] : [...things, pages]), { name: "Actions", hits: fitting(words, actions) }]
    : [{ name: "Recent", hits: recent }, { name: "Pages", hits: sections }, { name: "Actions", hits: actions }]
  ).filter((group) => group.hits.length);
  const options = groups.flatMap((group) => group.hits.map((hit) => ({ url: hit.path ?? hit.url, ...hit })));
  const chosen = Math.min(active, options.length - 1);

  function open() {
    if (dialog.current?.open || document.querySelector("dialog:modal")) return;
    look("");
    setRecent(readRecent());
    dialog.current.showModal();
    input.current.focus();
  }

  function go(option) {
    if (!option) return;
    dialog.current.close();
    if (option.path === "#keys") {
      document.getElementById("admin-keys")?.showModal();
      return;
    }
    remember({ label: option.label, url: option.url, icon: option.icon });
    navigate(option.url);
  }

  async function ask(text) {
    request.current = new AbortController();
    try {
      const answer = await fetch(`/api/admin/palette?${new URLSearchParams({ q: text })}`, { signal: request.current.signal });
      if (answer.ok && input.current?.value.trim() === text) setFound(await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return; // given up for a newer one
    }
    setBusy(false);
  }

  function look(text) {
    setTyped(text);
    setActive(0);
    hurried.current = null;
    clearTimeout(timer.current);
    request.current?.abort();
    const wanted = text.trim();
    setBusy(Boolean(wanted));
    if (wanted) timer.current = setTimeout(() => ask(wanted), PAUSE_MILLISECONDS);
    else setFound({ q: "", groups: [] });
  }

  function press(event) {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      const count = options.length || 1;
      setActive((chosen + (key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (key === "Enter") {
      event.preventDefault();
      if (busy && active === 0) hurried.current = words;
      else go(options[chosen]);
    }
  }

  useEffect(() => {
    if (busy || hurried.current !== words) return;
    hurried.current = null;
    go(options[0]);
  });

  // From one page's palette to the next one's no key is lost, and none meets a dialog that has gone.
  useLayoutEffect(() => {
    forgetAtSignOut();
    const { since, text, hurriedFor } = carried ?? {};
    carried = null;
    // The next page is drawn in the same moment; one that comes later has nothing to do with it.
    if (performance.now() - since < CARRIED_MILLISECONDS) {
      open();
      look(text);
      hurried.current = hurriedFor;
    }
    if (/Mac|iP(hone|ad)/.test(navigator.platform)) setModifier("⌘");
    const listen = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (dialog.current?.open) dialog.current.close();
      else open();
    };
    document.addEventListener("keydown", listen);
    return () => {
      carried = dialog.current?.open ? { since: performance.now(), text: input.current.value, hurriedFor: hurried.current } : null;
      document.removeEventListener("keydown", listen);
      clearTimeout(timer.current);
      request.current?.abort();
    };
  }, []);

  useEffect(() => {
    document.getElementById(`${LIST}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const beside = (event) => {
    if (event.target === dialog.current) dialog.current.close();
  };
  const count = options.length;
  const said = !words ? "" : busy ? "Looking…" : count === 0 ? "Nothing found" : `${count} ${count === 1 ? "result" : "results"}`;
  let place = -1;
  return (
    <>
      <button type="button" onClick={open} aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K"
        className="inline-flex size-9 shrink-0 cursor-pointer items-center justify-center gap-2 rounded-md text-ink-2 hover:bg-hover lg:w-60 lg:justify-start lg:border lg:border-line-strong lg:bg-surface lg:px-2.5">
        {drawn(icons.search, "size-4 shrink-0")}
        <span className="sr-only lg:not-sr-only lg:flex-1 lg:text-left">Search or jump to…</span>
        <kbd className="hidden rounded-sm bg-sunken px-1.5 font-sans text-xs text-ink-3 lg:inline" aria-hidden="true">{modifier} K</kbd>
      </button>
      <dialog ref={dialog} aria-label="Search or jump to" onClick={beside}
        className="mt-[max(1rem,10vh)] mb-auto w-[min(94vw,38rem)] overflow-hidden rounded-xl border border-line bg-surface p-0 text-sm text-ink shadow-modal backdrop:bg-black/45">
        <div className="flex max-h-[min(34rem,80dvh)] flex-col">
          <div className="flex items-center gap-3 border-b border-line px-4">
            {drawn(icons.search, "size-5 shrink-0 text-ink-3")}
            <input ref={input} type="text" value={typed} onChange={(event) => look(event.target.value)} onKeyDown={press} role="combobox" aria-expanded={count > 0}
              aria-controls={LIST} aria-autocomplete="list" aria-activedescendant={count ? `${LIST}-${chosen}` : undefined}
              aria-label="Page, order number, product or customer" placeholder="Page, order number, product…" autoComplete="off"
              autoCorrect="off" autoCapitalize="none" spellCheck={false} maxLength={100}
              className="h-13 w-full min-w-0 bg-transparent text-base text-ink outline-none placeholder:text-ink-3" />
            <button type="button" onClick={() => dialog.current.close()} className="shrink-0 cursor-pointer rounded-sm bg-sunken px-1.5 py-1 text-xs text-ink-2 hover:bg-hover">Esc<span className="sr-only">: close</span></button>
          </div>
          <div id={LIST} role="listbox" aria-label="Results" hidden={!count} className="overflow-y-auto overscroll-contain p-2">
            {groups.map((group) => (
              <div key={group.name} role="group" aria-label={group.name} className="pb-1.5">
                <div className="px-2.5 pb-1 pt-1.5 text-xs font-semibold text-ink-3" aria-hidden="true">{group.name}</div>
                {group.hits.map((hit) => {
                  place += 1;
                  const mine = place;
                  return (
                    <div key={`${hit.url ?? hit.path} ${hit.label}`} id={`${LIST}-${mine}`} role="option" aria-selected={mine === chosen}
                      onMouseDown={(event) => event.preventDefault()} onMouseMove={() => mine !== chosen && setActive(mine)} onClick={() => go(options[mine])}
                      className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-2.5 py-1.5 ${mine === chosen ? "bg-brand-soft text-brand" : "text-ink"}`}>
                      {drawn(icons[hit.icon] ?? icons.right, "size-[1.125rem] shrink-0")}
                      <span className="min-w-0 flex-1 truncate">{hit.label}</span>
                      {hit.hint && <span className={`min-w-0 max-w-[60%] shrink truncate text-xs tnum ${mine === chosen ? "text-brand" : "text-ink-3"}`}>{hit.hint}</span>}
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
          {!count && !busy && <p className="px-4 py-6 text-center text-ink-2">Nothing is called “{words}”.</p>}
          {!count && busy && <p className="px-4 py-6 text-center text-ink-2">Looking…</p>}
          <div role="status" className="sr-only">{said}</div>
        </div>
      </dialog>
    </>
  );
}
