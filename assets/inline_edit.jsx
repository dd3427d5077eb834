// A cell that is edited where it stands. Enter saves and goes one row down, Esc takes back, leaving the cell saves.
// While the server is asked a spinner turns, then there is a tick or what went wrong; a new `epoch` is an answer.
import { useEffect, useId, useRef, useState } from "react";

const TICK_MS = 2000;

export function InlineEdit({ value, note, isError, epoch, label, column, prefix, classes, icons, onSave }) {
  const [typed, setTyped] = useState(value);
  const [stage, setStage] = useState("calm");
  const asked = useRef(null);
  const field = useRef(null);
  const first = useRef(true);
  const noteId = useId();

  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    const mine = asked.current;
    asked.current = null;
    if (isError) {
      setStage("calm");
      return undefined;
    }
    setTyped((now) => (mine === null || now === mine ? value : now));
    if (mine === null) return undefined;
    setStage("saved");
    const timer = setTimeout(() => setStage("calm"), TICK_MS);
    return () => clearTimeout(timer);
  }, [epoch]);
  useEffect(() => {
    if (asked.current === null && document.activeElement !== field.current) setTyped(value);
  }, [value]);

  const save = () => {
    const next = typed.trim();
    if (next === value || asked.current === next) return;
    asked.current = next;
    setStage("busy");
    onSave?.(next);
  };
  const step = (by) => {
    const all = [...document.querySelectorAll(`input[data-column="${column}"]`)].filter((one) => one.offsetParent);
    const other = all[all.indexOf(field.current) + by];
    if (other) {
      other.focus();
      other.select();
    } else field.current.blur();
  };
  const press = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      save();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      setTyped(value);
      setStage("calm");
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  };
  const mark = (path, className) => (
    <svg viewBox="0 0 24 24" className={className} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
  );
  return (
    <span className={classes.cell}>
      <span className={classes.line}>
        {prefix && <span className={classes.prefix} aria-hidden="true">{prefix}</span>}
        <input ref={field} type="text" inputMode="decimal" autoComplete="off" data-column={column} className={classes.input}
          aria-label={label} aria-invalid={isError || undefined} aria-describedby={note ? noteId : undefined} maxLength={20}
          value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={press} onBlur={save}
          onFocus={(event) => event.target.select()} />
        <span className={classes.mark}>
          {stage === "busy" && <span className={classes.spinner} />}
          {stage === "saved" && mark(icons.check, classes.tick)}
        </span>
      </span>
      {note && <span id={noteId} role="alert" className={isError ? classes.error : classes.note}>{note}</span>}
    </span>
  );
}
