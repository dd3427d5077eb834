// The search field: a plain form that offers queries, categories and products while somebody types (the combobox pattern
// of the ARIA authoring practices: the focus stays in the field, `aria-activedescendant` says what is chosen).
import { useEffect, useId, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { slashIsOn } from "$/public/slash_switch.jsx";

const PAUSE_MILLISECONDS = 200;
const LETTERS = 2;
const KEPT = 6;
const STORE = "shophub-searches";
const NOTHING = { queries: [], scopes: [], products: [], corrected: "", countText: "" };

const searchUrl = (text) => `/search?${new URLSearchParams({ q: text })}`;

// What was searched for lately stays in this browser alone.
function readRecent() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

function writeRecent(searches) {
  try {
    if (searches.length) localStorage.setItem(STORE, JSON.stringify(searches));
    else localStorage.removeItem(STORE);
  } catch {
    // a browser that keeps nothing: there are no recent searches then
  }
}

function remember(text) {
  const same = (one) => one.toLowerCase() === text.toLowerCase();
  writeRecent([text, ...readRecent().filter((one) => !same(one))].slice(0, KEPT));
}

// On a shared computer the next person sees nothing of it.
let forgets = false;
function forgetAtSignOut() {
  if (forgets) return;
  forgets = true;
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute?.("action") === "/auth/logout") writeRecent([]);
  });
}

const lettersOf = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").length;
const isTyping = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");

export function SearchBox({ fieldId, label, classes, icons }) {
  const input = useRef(null);
  const form = useRef(null);
  const timer = useRef();
  const request = useRef();
  const leaves = useRef(false); // on the way to an address that was chosen here, where what is typed next stays open
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [found, setFound] = useState(null);
  const [recent, setRecent] = useState(null);
  const listId = `${useId()}list`;
  const navigate = useNavigate();
  const { pathname, search, key: visit } = useLocation();

  const icon = (path, className) => (
    <svg viewBox="0 0 24 24" className={className} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
  );

  function stop() {
    clearTimeout(timer.current);
    request.current?.abort();
  }
  function close() {
    stop();
    setOpen(false);
    setActive(-1);
  }

  async function ask(typed) {
    request.current = new AbortController();
    try {
      const answer = await fetch(`/api/search/suggestions?${new URLSearchParams({ q: typed })}`, { signal: request.current.signal });
      if (!answer.ok) return;
      const data = await answer.json();
      if (input.current?.value !== typed) return; // somebody typed on: another answer is on its way
      setFound(data);
      setRecent(null);
      setActive(-1);
      setOpen(true);
    } catch {
      // given up for a newer one, or no connection: the form works without
    }
  }

  // Offer what fits what stands in the field now.
  function offer(pause) {
    stop();
    const typed = input.current.value;
    if (!typed.trim()) {
      const kept = readRecent();
      setRecent(kept);
      setFound(null);
      setActive(-1);
      setOpen(kept.length > 0);
    } else if (lettersOf(typed) < LETTERS) {
      close();
    } else {
      timer.current = setTimeout(() => ask(typed), pause);
    }
  }

  useEffect(() => {
    forgetAtSignOut();
    const focusBySlash = (event) => {
      if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (!input.current?.offsetParent || document.querySelector("dialog:modal") || !slashIsOn()) return;
      event.preventDefault();
      input.current.focus();
      input.current.select();
    };
    document.addEventListener("keydown", focusBySlash);
    return () => {
      document.removeEventListener("keydown", focusBySlash);
      stop();
    };
  }, []);

  // On the page of results the field says what for; elsewhere it is empty.
  useEffect(() => {
    if (input.current !== document.activeElement) {
      input.current.value = pathname === "/search" ? new URLSearchParams(search).get("q") ?? "" : "";
    }
    if (!leaves.current) close();
    leaves.current = false;
  }, [pathname, search, visit]);

  const shown = found ?? NOTHING;
  const options = recent
    ? recent.map((text) => ({ kind: "recent", text, url: searchUrl(text) }))
    : [
        ...shown.queries.map((one) => ({ kind: "query", ...one })),
        ...shown.scopes.map((one) => ({ kind: "scope", ...one })),
        ...shown.products.map((one) => ({ kind: "product", ...one })),
      ];

  function go(option) {
    const words = option.kind === "scope" ? option.query : option.text;
    if (option.kind !== "product" && words) {
      remember(words);
      input.current.value = words;
    }
    if (matchMedia("(pointer: coarse)").matches) input.current.blur(); // the keyboard of a phone covers the results
    close();
    leaves.current = true;
    navigate(option.url);
  }

  function submit(event) {
    event.preventDefault();
    const typed = input.current.value.trim();
    if (!typed) {
      input.current.focus();
      return;
    }
    go({ kind: "query", text: typed, url: searchUrl(typed) });
  }

  function press(event) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!open) {
        offer(0);
        return;
      }
      const steps = options.length + 1; // one of them is the field itself
      setActive(((active + 1 + (key === "ArrowDown" ? 1 : steps - 1)) % steps) - 1);
    } else if (key === "Enter" && open && active >= 0) {
      event.preventDefault();
      go(options[active]);
    } else if (key === "Escape") {
      if (!open && !input.current.value) return;
      event.preventDefault();
      if (!open) input.current.value = "";
      close();
    }
  }

  // In the panel: Esc closes it as well.
  function leave(event) {
    if (event.key !== "Escape" || event.target === input.current) return;
    event.preventDefault();
    close();
    input.current.focus();
  }

  function forget() {
    writeRecent([]);
    close();
    input.current.focus();
  }

  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, listId]);

  const parts = (pieces, plain, marked) =>
    pieces.map((piece, place) => <span key={place} className={piece.isMatch ? marked : plain}>{piece.text}</span>);

  const insides = {
    recent: (one) => (<>{icon(icons.clock, classes.optionIcon)}<span className={classes.optionText}>{one.text}</span></>),
    query: (one) => (<>{icon(icons.search, classes.optionIcon)}<span className={classes.optionText}>{parts(one.parts, classes.typed, classes.added)}</span></>),
    scope: (one) => (
      <>
        {icon(icons.tag, classes.optionIcon)}
        <span className={classes.optionText}>
          {one.query && <>{one.query} <span className={classes.typed}>in</span> </>}
          <span className={classes.added}>{one.category}</span>
        </span>
      </>
    ),
    product: (one) => (
      <>
        <span className={classes.thumb} style={{ backgroundColor: one.imageColour }}>
          {one.imageUrl && <img src={one.imageUrl} alt="" width="96" height="120" className={classes.thumbImage} />}
        </span>
        <span className={classes.optionText}>{parts(one.parts, classes.name, classes.nameMatch)}</span>
        <span className={classes.price}>{one.priceText}</span>
      </>
    ),
  };

  function group(kind, name, className) {
    const members = options.map((option, place) => [option, place]).filter(([option]) => option.kind === kind);
    if (!members.length) return null;
    return (
      <div key={kind} role="group" aria-label={name} className={className}>
        <div className={classes.heading} aria-hidden="true">{name}</div>
        {members.map(([option, place]) => (
          <div key={`${kind} ${option.url}`} id={`${listId}-${place}`} role="option" aria-selected={place === active}
            className={`${classes.option} ${place === active ? classes.optionActive : ""}`}
            onMouseDown={(event) => event.preventDefault()} onClick={() => go(option)}>
            {insides[kind](option)}
          </div>
        ))}
      </div>
    );
  }

  const isEmpty = open && !recent && !options.length;
  return (
    <form ref={form} action="/search" method="get" role="search" aria-label={label} className={classes.form} onSubmit={submit} onKeyDown={leave}
      onBlur={(event) => { if (!form.current.contains(event.relatedTarget)) close(); }}>
      <label htmlFor={fieldId} className="sr-only">Search products</label>
      <input ref={input} id={fieldId} name="q" type="search" placeholder="Search products" autoComplete="off" autoCorrect="off"
        autoCapitalize="none" spellCheck={false} enterKeyHint="search" maxLength={100} className={classes.input} role="combobox"
        aria-expanded={open && options.length > 0} aria-controls={listId} aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        onInput={() => offer(PAUSE_MILLISECONDS)} onFocus={() => offer(0)} onClick={() => { if (!open) offer(0); }} onKeyDown={press} />
      <button type="submit" className={classes.button} aria-label="Search">{icon(icons.search, "size-5")}</button>
      <div className={classes.panel} hidden={!open}>
        {shown.corrected && !recent && <p className={classes.note}>Showing suggestions for <strong>{shown.corrected}</strong></p>}
        {isEmpty && <p className={classes.empty}>{shown.countText}</p>}
        <div id={listId} role="listbox" aria-label="Suggestions" hidden={isEmpty} className={recent || !shown.products.length ? classes.list : classes.listWide}>
          {recent ? group("recent", "Recent searches", "") : (
            <>
              <div role="presentation">{group("query", "Searches", "")}{group("scope", "Categories", classes.below)}</div>
              {group("product", "Products", "")}
            </>
          )}
        </div>
        {recent && <button type="button" className={classes.forget} onClick={forget}>Clear recent searches</button>}
      </div>
      <div role="status" className="sr-only">{open ? (recent ? `${recent.length} recent ${recent.length === 1 ? "search" : "searches"}` : shown.countText) : ""}</div>
    </form>
  );
}
