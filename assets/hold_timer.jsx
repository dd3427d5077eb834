// Until when the shop keeps the shopper's items aside. Somebody who is still at it has the hold renewed in time.
import { useEffect, useRef, useState } from "react";

const LOOK_EVERY_MS = 5000;
const RENEW_BELOW_MS = 10 * 60000;
const HURRY_BELOW_MS = 5 * 60000;
const ASK_AGAIN_AFTER_MS = 2 * 60000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "focusin"];

// What is typed into the payment provider's frame is not heard here; that the frame has the focus is.
const isInFrame = () => document.hasFocus() && document.activeElement?.tagName === "IFRAME";

function words(left, until, texts) {
  if (left <= 0) return texts.over;
  const time = new Date(until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return (left < HURRY_BELOW_MS ? texts.hurry : texts.held).replace("{time}", time);
}

// The server says how many seconds are left, so that a clock that is wrong still shows its own right time.
export function HoldTimer({ until, seconds, texts, classes, icon, onRenew }) {
  const [end, setEnd] = useState(() => Date.now() + seconds * 1000);
  const [now, setNow] = useState(() => Date.now());
  const alive = useRef(false);
  const asked = useRef(0);

  useEffect(() => {
    setEnd(Date.now() + seconds * 1000);
    setNow(Date.now());
  }, [until, seconds]);

  useEffect(() => {
    const note = () => (alive.current = true);
    SIGNS_OF_LIFE.forEach((sign) => window.addEventListener(sign, note, { passive: true }));
    return () => SIGNS_OF_LIFE.forEach((sign) => window.removeEventListener(sign, note));
  }, []);

  useEffect(() => {
    const look = () => {
      const moment = Date.now();
      setNow(moment);
      const left = end - moment;
      const isDue = left > 0 && left < RENEW_BELOW_MS && moment - asked.current > ASK_AGAIN_AFTER_MS;
      if (!isDue || !(alive.current || isInFrame())) return;
      alive.current = false;
      asked.current = moment;
      onRenew?.();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [end, onRenew]);

  const left = end - now;
  const look = left <= 0 ? "over" : left < HURRY_BELOW_MS ? "hurry" : "held";
  return (
    <div className={classes[look]} id="hold" data-look={look}>
      <svg viewBox="0 0 24 24" className={classes.icon} fill="none" stroke="currentColor" strokeWidth="1.75"
        strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={icon} /></svg>
      {/* Its words change twice at most, so that it may be read out. */}
      <p role="status" className={classes.text}>{words(left, end, texts)}</p>
      {left > 0 && <p aria-hidden="true" className={classes.left}>{Math.max(1, Math.round(left / 60000))} min</p>}
    </div>
  );
}
