// What the settings' page does before the server has answered: switches, and a long list of countries that can be searched.
import { useEffect, useId, useMemo, useRef, useState } from "react";

const RESEND_MS = 4000;

// Shows what was pressed at once. Where the server says otherwise, or nothing, it goes back to what is so.
export function SettingSwitch({ id, on, labelledBy, describedBy, classes, onSwitch }) {
  const [wanted, setWanted] = useState(null);
  const timer = useRef(null);
  useEffect(() => { clearTimeout(timer.current); setWanted(null); }, [on]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = wanted ?? on;
  const press = () => {
    const next = !shown;
    setWanted(next);
    onSwitch(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setWanted(null), RESEND_MS);
  };
  return (
    <button type="button" role="switch" id={id} aria-checked={shown} aria-labelledby={labelledBy} aria-describedby={describedBy}
      className={classes.switch} onClick={press}>
      <span className={shown ? classes.on : classes.off} aria-hidden="true" />
    </button>
  );
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Those that are shipped to first, as they were when this was opened; the others by their first letter.
export function CountryPicker({ countries, error, classes, icon }) {
  const id = useId();
  const first = useMemo(() => new Set(countries.filter((one) => one.is_chosen).map((one) => one.code)), []);
  const [chosen, setChosen] = useState(first);
  const [words, setWords] = useState("");
  const wanted = plain(words.trim());
  const found = countries.filter((one) => !wanted || plain(one.name).includes(wanted) || one.code.toLowerCase() === wanted);
  const groups = [];
  const kept = found.filter((one) => first.has(one.code));
  if (kept.length) groups.push(["Shipped to", kept]);
  for (const one of found) {
    if (first.has(one.code)) continue;
    const letter = plain(one.name)[0].toUpperCase();
    if (groups.at(-1)?.[0] !== letter) groups.push([letter, []]);
    groups.at(-1)[1].push(one);
  }
  const tick = (code, is) => setChosen((before) => {
    const next = new Set(before);
    if (is) next.add(code);
    else next.delete(code);
    return next;
  });
  const all = (is) => setChosen((before) => {
    const next = new Set(before);
    for (const one of found) if (is) next.add(one.code); else next.delete(one.code);
    return next;
  });
  return (
    <fieldset className="min-w-0" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className={classes.label}>Countries shipped to</legend>
      {[...chosen].map((code) => <input key={code} type="hidden" name={`country-${code}`} value="on" readOnly />)}
      <div className={classes.box}>
        <div className={classes.bar}>
          <div className="relative min-w-40 flex-1">
            <svg viewBox="0 0 24 24" className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-3" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" aria-hidden="true"><path d={icon} /></svg>
            <input id="countries" type="search" autoComplete="off" className={classes.search} placeholder="Find a country" aria-label="Find a country"
              value={words} onChange={(event) => setWords(event.target.value)}
              onKeyDown={(event) => { if (event.key === "Enter") event.preventDefault(); }} />
          </div>
          <p className="text-ink-2 tnum" role="status">{chosen.size} of {countries.length} chosen</p>
          <div className="flex">
            <button type="button" className={classes.quiet} onClick={() => all(true)}>{wanted ? "Add these" : "All"}</button>
            <button type="button" className={classes.quiet} onClick={() => all(false)}>{wanted ? "Remove these" : "None"}</button>
          </div>
        </div>
        <div className={classes.list} tabIndex={0} role="group" aria-label="Countries">
          {groups.map(([name, members]) => (
            <div key={name} role="group" aria-label={name}>
              <p className={classes.group} aria-hidden="true">{name}</p>
              <div className={classes.columns}>
                {members.map((one) => (
                  <label key={one.code} className={classes.row}>
                    <input type="checkbox" className={classes.check} checked={chosen.has(one.code)} onChange={(event) => tick(one.code, event.target.checked)} />
                    <span className="min-w-0">{one.name}</span>
                  </label>
                ))}
              </div>
            </div>
          ))}
          {!found.length && <p className="px-2 py-6 text-center text-ink-2">No country is called that.</p>}
        </div>
      </div>
      {error && <p id={`${id}-error`} role="alert" className={classes.error}>{error}</p>}
    </fieldset>
  );
}
