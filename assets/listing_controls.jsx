// What narrows and orders a listing. Everything chosen is an address: each control only goes there, without leaving
// the place where one is on the page, and shows at once what it will be when the answer is there.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useNavigationType } from "react-router";
import { spelled, spelledHere } from "$/public/page_gate.jsx";

const SLOW_MILLISECONDS = 8000;
const SHOWN_VALUES = 8;

const Icon = ({ path, className }) => (
  <svg viewBox="0 0 24 24" className={className} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
);
const Star = ({ path, className }) => (
  <svg viewBox="0 0 24 24" className={className} fill="currentColor" stroke="none" aria-hidden="true"><path d={path} /></svg>
);

// In the order in which the shop writes them.
const PARAMETERS = ["q", "category", "brand", "min_price", "max_price", "rating", "in_stock", "sort"];
// Where the last choice leads; the bar says so a moment later.
const MOMENT_MILLISECONDS = 1000;
let aim = null;

function asked() {
  const isOnTheWay = aim && performance.now() < aim.until;
  return new URLSearchParams(isOnTheWay ? aim.url.split("?")[1] : window.location.search);
}

// The address that `url` was made for, with what has been chosen since: who ticks two boxes before the first answer is
// there wants both. `own` is what the control itself says.
function fromHere(url, own) {
  const [path, query = ""] = url.split("?");
  if (window.location.pathname !== path) return url;
  const [there, here, pairs] = [new URLSearchParams(query), asked(), new URLSearchParams()];
  PARAMETERS.forEach((name) => {
    const values = own[name] ?? (name === "q" ? there : here).getAll(name);
    values.forEach((value) => pairs.append(name, value));
  });
  const next = pairs.size ? `${path}?${pairs}` : path;
  aim = { url: next, until: performance.now() + MOMENT_MILLISECONDS };
  return next;
}

// What an address says of a filter when one of its values is chosen or not.
function choice(facet, value, on) {
  if (facet.is_multiple) {
    const others = asked().getAll(facet.key).filter((one) => one !== value.value);
    return { [facet.key]: on ? [...others, value.value] : others };
  }
  if (facet.key !== "price") return { [facet.key]: on ? [value.value] : [] };
  const [low, high] = on ? value.value.split("-") : ["", ""];
  return { min_price: low ? [low] : [], max_price: high ? [high] : [] };
}

function isAsked(facet, value, on) {
  if (facet.is_multiple) return asked().getAll(facet.key).includes(value.value) === on;
  return Object.entries(choice(facet, value, on)).every(([name, [said]]) => asked().get(name) === (said ?? null));
}

// Where one was in a listing when one left it, by the browser's entry of it.
const left = new Map();

export function ListingArea({ address, said, classes, children }) {
  const { key } = useLocation();
  const cameBack = useNavigationType() === "POP";
  const area = useRef(null);
  const [slow, setSlow] = useState(false);
  // The address in the bar, not the router's: "show more" changes only that.
  const busy = spelledHere() !== spelled(address);
  const list = spelled(address).replace(/([?&])page=\d+/, "$1");
  const shown = useRef(list);

  useEffect(() => {
    if (cameBack || (aim && spelled(aim.url) === spelledHere())) aim = null;
  }, [key]);
  useEffect(() => () => { aim = null; }, []);

  useEffect(() => {
    const place = left.get(key);
    if (!cameBack || !place) return;
    // After the frame has moved the focus to the heading, as it does on every page.
    const frames = requestAnimationFrame(() => requestAnimationFrame(() => {
      window.scrollTo(0, place.top);
      document.getElementById(place.id)?.focus({ preventScroll: true });
    }));
    return () => cancelAnimationFrame(frames);
  }, []);

  useEffect(() => {
    if (shown.current === list) return;
    shown.current = list;
    const region = document.getElementById("live-polite");
    if (region) region.textContent = said;
    // What was pressed may have gone, as the way out of an empty list has.
    const heading = document.querySelector("main h1");
    if (heading && document.activeElement === document.body) {
      heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
    }
    if (area.current.getBoundingClientRect().top < 0) area.current.scrollIntoView({ block: "start" });
  }, [list, said]);

  useEffect(() => {
    setSlow(false);
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [busy, address]);

  const leave = (event) => {
    const link = event.target.closest?.("article a[id]");
    if (link) left.set(key, { top: window.scrollY, id: link.id });
  };
  return (
    <div ref={area} className={classes.results} onClickCapture={leave}>
      {slow && (
        <div className={classes.slow} role="alert">
          <p>This is taking longer than it should.</p>
          <button type="button" className={classes.retry} onClick={() => window.location.reload()}>Try again</button>
        </div>
      )}
      <div className={busy ? classes.busy : classes.calm} aria-busy={busy}>{children}</div>
    </div>
  );
}

export function SortSelect({ sorts, id, label, classes, icons }) {
  const navigate = useNavigate();
  const current = sorts.find((sort) => sort.is_current)?.key ?? "";
  const [chosen, setChosen] = useState(current);
  useEffect(() => setChosen(current), [current]);
  const choose = (event) => {
    setChosen(event.target.value);
    const { url } = sorts.find((sort) => sort.key === event.target.value);
    navigate(fromHere(url, { sort: new URLSearchParams(url.split("?")[1]).getAll("sort") }));
  };
  return (
    <div className={classes.form}>
      <label htmlFor={id} className={classes.label}>{label}</label>
      <div className={classes.wrap}>
        <select id={id} name="sort" value={chosen} onChange={choose} className={classes.select} aria-label={label}>
          {sorts.map((sort) => <option key={sort.key} value={sort.key}>{sort.label}</option>)}
        </select>
        <Icon path={icons.down} className={classes.chevron} />
      </div>
    </div>
  );
}

// The filters in force. The focus goes to the next one when one is taken away.
export function FilterChips({ chips, clearUrl, classes, icons }) {
  const row = useRef(null);
  const removed = useRef(-1);
  useLayoutEffect(() => {
    if (removed.current < 0) return;
    const links = row.current ? [...row.current.querySelectorAll("li a")] : [];
    const next = links[Math.min(removed.current, links.length - 1)] ?? document.querySelector("main h1");
    removed.current = -1;
    if (next?.matches("h1")) next.setAttribute("tabindex", "-1");
    next?.focus({ preventScroll: true });
  }, [chips]);
  if (!chips.length) return null;
  return (
    <ul ref={row} className={classes.chips} aria-label="Filters in force">
      {chips.map((chip, place) => (
        <li key={chip.label}>
          <Link to={chip.url} preventScrollReset className={classes.chip} onClick={() => { removed.current = place; }}>
            <span className="sr-only">Remove filter </span>{chip.label}<Icon path={icons.close} className="size-4" />
          </Link>
        </li>
      ))}
      <li>
        <Link to={clearUrl} preventScrollReset className={classes.clear} onClick={() => { removed.current = 0; }}>Clear all</Link>
      </li>
    </ul>
  );
}

function FacetLabel({ kind, value, classes, icons }) {
  if (kind !== "rating") return <span className={classes.valueLabel}>{value.label}</span>;
  return (
    <span className={classes.stars}>
      {[1, 2, 3, 4, 5].map((star) => (
        <Star key={star} path={icons.star} className={star <= Number(value.value) ? classes.starOn : classes.starOff} />
      ))}
      <span className="sr-only">{value.label}</span>
      <span aria-hidden="true">{value.value === "5" ? "" : "& up"}</span>
    </span>
  );
}

function FacetValue({ facet, value, keepsPlace, classes, icons }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(null);
  const on = wanted ?? value.is_selected;
  // An answer to something that was chosen before takes nothing back.
  useEffect(() => {
    if (wanted !== null && (value.is_selected === wanted || !isAsked(facet, value, wanted))) setWanted(null);
  }, [value]);
  const shape = facet.is_multiple || facet.key === "in_stock" ? "box" : "dot";
  const inside = (
    <>
      <span className={classes[shape + (value.is_disabled ? "Off" : on ? "On" : "")]}>
        <Icon path={icons.check} className={classes.check} />
      </span>
      <FacetLabel kind={facet.key} value={value} classes={classes} icons={icons} />
      <span className={classes.count}>{value.count_text}<span className="sr-only"> products</span></span>
    </>
  );
  if (value.is_disabled) {
    return <span role="checkbox" aria-checked="false" aria-disabled="true" className={classes.valueOff}>{inside}</span>;
  }
  const go = (event) => {
    event.preventDefault();
    setWanted(!on);
    navigate(fromHere(value.url, choice(facet, value, !on)), { preventScrollReset: keepsPlace });
  };
  const press = (event) => event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || go(event);
  const space = (event) => event.key === " " && go(event);
  return (
    <Link to={value.url} preventScrollReset={keepsPlace} role="checkbox" aria-checked={on} rel="nofollow"
      className={on ? classes.valueOn : classes.value} onClick={press} onKeyDown={space}>
      {inside}
    </Link>
  );
}

function PriceForm({ form, prefix, keepsPlace, classes }) {
  const navigate = useNavigate();
  const apply = (event) => {
    event.preventDefault();
    const typed = new FormData(event.target);
    const kept = new URLSearchParams(form.fields.map((field) => [field.name, field.value]));
    const own = ["min_price", "max_price"].map((name) => [name, [typed.get(name).trim()].filter(Boolean)]);
    navigate(fromHere(`${form.action}?${kept}`, Object.fromEntries(own)), { preventScrollReset: keepsPlace });
  };
  const input = (name, label, value, placeholder) => (
    <div>
      <label htmlFor={`${prefix}-${name}`} className={classes.priceLabel}>{label}</label>
      <input id={`${prefix}-${name}`} name={name} type="text" inputMode="decimal" autoComplete="off" maxLength="17"
        pattern="[0-9]+([.,][0-9]{0,4})?" title="An amount, like 25 or 19.90" defaultValue={value}
        key={value} placeholder={placeholder} className={classes.priceInput} />
    </div>
  );
  return (
    <form action={form.action} method="get" onSubmit={apply} className={classes.priceForm}>
      {form.fields.map((field) => <input key={field.name + field.value} type="hidden" name={field.name} value={field.value} />)}
      {input("min_price", "From", form.minimum, form.low_text)}
      {input("max_price", "To", form.maximum, form.high_text)}
      <button type="submit" className={classes.priceButton}>Apply<span className="sr-only"> price</span></button>
    </form>
  );
}

function Facet({ facet, priceForm, prefix, keepsPlace, classes, icons }) {
  const [first, rest] = [facet.values.slice(0, SHOWN_VALUES), facet.values.slice(SHOWN_VALUES)];
  const rows = (values) => (
    <ul>
      {values.map((value) => (
        <li key={value.value}>
          <FacetValue facet={facet} value={value} keepsPlace={keepsPlace} classes={classes} icons={icons} />
        </li>
      ))}
    </ul>
  );
  const title = `${prefix}-${facet.key}`;
  // Open from the start where something is chosen in it; then as the shopper leaves it.
  const [open] = useState(() => rest.some((value) => value.is_selected));
  return (
    <div role="group" aria-labelledby={title} className={classes.facet}>
      <h3 id={title} className={classes.title}>{facet.label}</h3>
      {rows(first)}
      {rest.length > 0 && (
        <details className={classes.more} open={open}>
          <summary className={classes.moreSummary}>
            <span className={classes.moreClosed}>Show all {facet.values.length}</span>
            <span className={classes.moreOpen}>Show fewer</span>
            <Icon path={icons.down} className={classes.moreIcon} />
          </summary>
          {rows(rest)}
        </details>
      )}
      {facet.key === "price" && <PriceForm form={priceForm} prefix={prefix} keepsPlace={keepsPlace} classes={classes} />}
    </div>
  );
}

// `keepsPlace`: beside the products one stays where one is; from the sheet of a phone the page begins at its top.
export function Facets({ facets, priceForm, prefix, keepsPlace, classes, icons }) {
  return facets.map((facet) => (
    <Facet key={facet.key} facet={facet} priceForm={priceForm} prefix={prefix} keepsPlace={keepsPlace}
      classes={classes} icons={icons} />
  ));
}
