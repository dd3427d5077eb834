// What a table of the back office is worked with. Everything is an address: a control goes there, the page answers.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useNavigation } from "react-router";

const PAUSE_MS = 300;
const drawn = (path, size = "size-4") => (
  <svg viewBox="0 0 24 24" className={`${size} shrink-0`} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
);

function withWords(url, words) {
  if (!words) return url;
  return `${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`;
}

// The address that the table on this page shows, as the server wrote it: what its links were made from.
let shownAddress = "";

// Where a link leads that was made from an older address than the one in the bar: what it changes, changed there. So a
// second filter that is chosen before the first one's answer does not take that away again.
function rebased(url) {
  const [path, wanted = ""] = url.split("?");
  const [shownPath, shown = ""] = shownAddress.split("?");
  const { pathname, search } = window.location;
  if (path !== shownPath || pathname.replace(/\/+$/, "") !== path) return url;
  const [before, after, now] = [shown, wanted, search].map((text) => new URLSearchParams(text));
  if (now.toString() === before.toString()) return url;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(name) === after.get(name)) continue;
    if (after.has(name)) now.set(name, after.get(name));
    else now.delete(name);
  }
  // Another list begins with its first page.
  for (const name of ["after", "before"]) if (!after.has(name)) now.delete(name);
  return now.size ? `${path}?${now}` : path;
}

// Its children are what `address` shows; faded while another address is in the bar.
export function TableArea({ address, said, children }) {
  useEffect(() => { shownAddress = address; }, [address]);
  const { pathname, search } = useLocation();
  const asked = new URLSearchParams(search).toString();
  const [path, shown] = address.split("?");
  const busy = pathname.replace(/\/+$/, "") === path && asked !== new URLSearchParams(shown || "").toString();
  return (
    <div aria-busy={busy} className={`transition-opacity duration-150 ${busy ? "opacity-60" : ""}`}>
      <p className="sr-only" role="status">{said}</p>
      {children}
    </div>
  );
}

// Calls `onLeave` when somebody sets out for another page, which may take a while to come.
function useLeaving(onLeave) {
  const { location } = useNavigation();
  const isLeaving = !!location && location.pathname !== window.location.pathname;
  useEffect(() => { if (isLeaving) onLeave(); }, [isLeaving]);
  useEffect(() => {
    // The press itself: what is on its way is said to components a moment later.
    const follow = (event) => {
      const link = event.target.closest?.("a[href]");
      const stays = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link?.target;
      if (link && !stays && link.pathname !== window.location.pathname) onLeave();
    };
    document.addEventListener("click", follow, true);
    return () => document.removeEventListener("click", follow, true);
  }, []);
}

// Searches a moment after the last key, or at once with Enter. What is being typed is never replaced by an older answer.
export function TableSearch({ value, url, label, hint, classes, icons }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef(null);
  const field = useRef(null);
  const navigate = useNavigate();
  useEffect(() => {
    if (!timer.current && document.activeElement !== field.current) setTyped(value);
  }, [value]);
  const stop = () => clearTimeout(timer.current);
  useEffect(() => stop, []);
  // Later, the search would lead back to the list.
  useLeaving(stop);
  const go = (words) => {
    stop();
    timer.current = null;
    if (words.trim() !== value) navigate(rebased(withWords(url, words.trim())), { replace: true, preventScrollReset: true });
  };
  const change = (words, wait) => {
    setTyped(words);
    stop();
    timer.current = setTimeout(() => go(words), wait);
  };
  return (
    <form role="search" aria-label={label} className={classes.form} onSubmit={(event) => { event.preventDefault(); go(typed); }}>
      <span className={classes.icon}>{drawn(icons.search)}</span>
      <input ref={field} type="search" name="q" autoComplete="off" maxLength={200} className={classes.input} aria-label={label}
        placeholder={hint} value={typed} onChange={(event) => change(event.target.value, PAUSE_MS)}
        onKeyDown={(event) => { if (event.key === "Escape" && typed) { event.preventDefault(); change("", 0); } }} />
    </form>
  );
}

// A filter: a native select of which each choice is an address.
export function TableFilter({ label, choices, classes, icons }) {
  const navigate = useNavigate();
  const chosen = choices.findIndex((one) => one.is_selected);
  return (
    <label className={classes.wrap}>
      <span className="sr-only">{label}</span>
      <select className={chosen > 0 ? classes.on : classes.off} value={String(Math.max(0, chosen))}
        onChange={(event) => navigate(rebased(choices[Number(event.target.value)].url), { preventScrollReset: true })}>
        {choices.map((one, place) => <option key={one.url + place} value={String(place)}>{place ? one.label : `${label}: any`}</option>)}
      </select>
      <span className={classes.icon}>{drawn(icons.down)}</span>
    </label>
  );
}

// Columns to show and hide, in a panel; each is an address, and the panel stays open.
export function TableColumns({ columns, classes }) {
  const navigate = useNavigate();
  return columns.filter((one) => !one.is_fixed).map((one) => (
    <label key={one.name} className={classes.row}>
      <input type="checkbox" className={classes.box} checked={one.is_shown}
        onChange={() => navigate(rebased(one.toggle_url), { replace: true, preventScrollReset: true })} />
      {one.label}
    </label>
  ));
}

// A tick that shows at once and follows the server's answer.
export function RowCheck({ checked, mixed = false, label, onToggle, className }) {
  const [shown, setShown] = useState(checked);
  const box = useRef(null);
  useEffect(() => setShown(checked), [checked]);
  useEffect(() => { if (box.current) box.current.indeterminate = mixed && !shown; }, [mixed, shown]);
  return (
    <input ref={box} type="checkbox" aria-label={label} className={className} checked={shown}
      onChange={(event) => { setShown(event.target.checked); onToggle?.(event.target.checked); }} />
  );
}

// A link to an address of this table: the place on the page stays. One that `isWhole` leads there whatever is chosen.
export function TableLink({ href, isWhole = false, children, ...rest }) {
  const navigate = useNavigate();
  const follow = (event) => {
    if (isWhole || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = rebased(href);
    if (url === href) return;
    event.preventDefault();
    navigate(url, { preventScrollReset: true });
  };
  return <Link to={href} preventScrollReset {...rest} onClick={follow}>{children}</Link>;
}
