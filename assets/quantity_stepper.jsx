// Quantity with − and +, and typing. Shows the new number at once and tells the server after a short pause; when the
// server's answer (a new `epoch`) says otherwise, that counts. With `offline`, a sentence, a change that cannot be sent is
// taken back at once and the sentence says so until the connection is back.
import { useContext, useEffect, useRef, useState } from "react";
import { EventLoopContext } from "$/utils/context";

const PAUSE_MS = 250;

export function QuantityStepper({ value, min = 1, max = 99, label, epoch, onCommit, delay = PAUSE_MS, offline, classes, icons, inputName, inputId }) {
  const [, connectErrors] = useContext(EventLoopContext);
  const broken = connectErrors.length > 0;
  const connection = useRef(broken);
  connection.current = broken; // what a timer that began earlier finds when it ends
  const [refused, setRefused] = useState(false);
  const [shown, setShown] = useState(String(value));
  const timer = useRef(null);
  const sent = useRef(value);
  const typing = useRef(false);

  useEffect(() => {
    if (timer.current || typing.current) return; // the shopper is still changing it
    setShown(String(value));
    sent.current = value;
  }, [value, epoch]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!broken) setRefused(false);
  }, [broken]);

  const number = Number.parseInt(shown, 10);
  const commit = (next) => {
    timer.current = null;
    if (next === sent.current) return;
    if (offline && (connection.current || !navigator.onLine)) {
      setShown(String(sent.current));
      setRefused(true);
      return;
    }
    setRefused(false);
    sent.current = next;
    onCommit?.(next);
  };
  const change = (next, wait) => {
    clearTimeout(timer.current);
    setShown(String(next));
    timer.current = setTimeout(() => commit(next), wait);
  };
  const step = (by) => change(Math.min(max, Math.max(min, (Number.isNaN(number) ? value : number) + by)), delay);
  const settle = () => {
    typing.current = false;
    if (Number.isNaN(number)) {
      setShown(String(value));
      return;
    }
    change(Math.min(max, Math.max(min, number)), 0);
  };

  const stepper = (
    <div role="group" aria-label={label} className={classes.group}>
      <button type="button" className={classes.button} aria-label="One less" disabled={number <= min} onClick={() => step(-1)}>
        <svg viewBox="0 0 24 24" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" aria-hidden="true"><path d={icons.minus} /></svg>
      </button>
      <input type="text" inputMode="numeric" pattern="[0-9]*" autoComplete="off" className={classes.input} aria-label="Quantity"
        id={inputId} name={inputName} value={shown} onBlur={settle}
        onChange={(event) => { typing.current = true; setShown(event.target.value.replace(/\D/g, "").slice(0, 2)); }}
        onKeyDown={(event) => {
          if (event.key === "Enter") { event.preventDefault(); settle(); }
          if (event.key === "ArrowUp") { event.preventDefault(); step(1); }
          if (event.key === "ArrowDown") { event.preventDefault(); step(-1); }
        }} />
      <button type="button" className={classes.button} aria-label="One more" disabled={number >= max} onClick={() => step(1)}>
        <svg viewBox="0 0 24 24" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" aria-hidden="true"><path d={icons.plus} /></svg>
      </button>
    </div>
  );
  if (!offline) return stepper;
  return (
    <>
      {stepper}
      <div role="alert" className={refused ? classes.message : "hidden"}>{refused && offline}</div>
    </>
  );
}
