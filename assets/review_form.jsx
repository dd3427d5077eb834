// The parts of a review's form that answer while one writes: five stars as radio buttons, and a text that counts.
import { useEffect, useState } from "react";

const STAR = "M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.5l-5.9 3.1 1.2-6.5L2.5 9.5l6.6-.9z";

export function StarChoice({ name, legend, value, words, error }) {
  const [chosen, setChosen] = useState(value || 0);
  const [under, setUnder] = useState(0);
  useEffect(() => setChosen(value || 0), [value]);
  const lit = under || chosen;
  return (
    <fieldset aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="block text-sm font-semibold text-ink mb-1.5">{legend}</legend>
      <div className="flex items-center gap-3">
        <div className="inline-flex -ml-2" onMouseLeave={() => setUnder(0)}>
          {words.map((word, place) => (
            <label key={word} onMouseEnter={() => setUnder(place + 1)}
              className="inline-flex size-11 cursor-pointer items-center justify-center rounded-md has-focus-visible:outline-2 has-focus-visible:outline-brand">
              <input type="radio" id={place === 0 ? name : undefined} name={name} value={place + 1} checked={chosen === place + 1}
                onChange={() => setChosen(place + 1)} className="sr-only" aria-invalid={error ? "true" : undefined} />
              <svg viewBox="0 0 24 24" className={place < lit ? "size-8 text-star" : "size-8 text-line-strong"}
                fill={place < lit ? "currentColor" : "none"} stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" aria-hidden="true">
                <path d={STAR} />
              </svg>
              <span className="sr-only">{`${place + 1} ${place ? "stars" : "star"}, ${word}`}</span>
            </label>
          ))}
        </div>
        <span className="text-ink-2" aria-hidden="true">{lit ? words[lit - 1] : ""}</span>
      </div>
      {error && <p id={`${name}-error`} className="mt-1.5 text-sm font-medium text-danger">{error}</p>}
    </fieldset>
  );
}

export function CountedText({ name, label, value, maximum, rows, hint, error }) {
  const [text, setText] = useState(value || "");
  useEffect(() => setText(value || ""), [value]);
  // As the server counts: by characters, not by halves of them.
  const left = maximum - [...text].length;
  return (
    <div>
      <label htmlFor={name} className="block text-sm font-semibold text-ink mb-1.5">
        {label}
        <span className="font-normal text-ink-3"> (optional)</span>
      </label>
      <textarea id={name} name={name} rows={rows || 5} value={text} onChange={(event) => setText(event.target.value)}
        aria-describedby={`${name}-hint ${name}-count${error ? ` ${name}-error` : ""}`} aria-invalid={left < 0 || error ? "true" : undefined}
        className="block w-full rounded-md border border-line-strong bg-surface px-3.5 py-2.5 text-ink placeholder:text-ink-3 aria-invalid:border-danger" />
      <div className="mt-1.5 flex justify-between gap-4 text-sm text-ink-3">
        <p id={`${name}-hint`}>{hint}</p>
        <p id={`${name}-count`} className={left < 0 ? "shrink-0 font-medium text-danger tnum" : "shrink-0 tnum"}>
          {left < 0 ? `${-left} too many` : `${left.toLocaleString("en")} left`}
        </p>
      </div>
      {error && <p id={`${name}-error`} className="mt-1.5 text-sm font-medium text-danger">{error}</p>}
    </div>
  );
}

// A button that is on or off, with a count: shows a press at once, until the server's answer (a new `epoch`) counts.
export function CountedToggle({ pressed, count, epoch, label, onPress, className }) {
  const [wanted, setWanted] = useState(null);
  useEffect(() => setWanted(null), [pressed, count, epoch]);
  const shown = wanted ?? pressed;
  const number = count + (shown === pressed ? 0 : shown ? 1 : -1);
  return (
    <button type="button" className={className} aria-pressed={shown}
      onClick={() => {
        setWanted(!shown);
        onPress?.(!shown);
      }}>
      {label}
      {number > 0 && <span className="tnum"> ({number})</span>}
    </button>
  );
}
