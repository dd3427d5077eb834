// A password field with a button that shows what was typed. With `onSettled` it says, a moment after the last key, what
// was typed here and in the fields of the same form that `aboutFields` names.
import { useEffect, useRef, useState } from "react";

const PAUSE_MILLISECONDS = 300;

export function PasswordInput({
  id, name, autoComplete, minLength, inputClass, describedBy, isInvalid, aboutFields, onSettled,
}) {
  const [visible, setVisible] = useState(false);
  const timer = useRef();
  useEffect(() => () => clearTimeout(timer.current), []);

  function tell({ target }) {
    if (!onSettled) return;
    const others = (aboutFields ?? []).map((field) => target.form?.elements[field]?.value ?? "");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSettled(target.value, others.join(" ")), PAUSE_MILLISECONDS);
  }

  return (
    <div className="relative">
      <input id={id} name={name} type={visible ? "text" : "password"} autoComplete={autoComplete} required
        minLength={minLength || undefined} maxLength={128} className={`${inputClass} pr-20`} autoCapitalize="none" spellCheck={false}
        aria-invalid={isInvalid ? "true" : undefined} aria-describedby={describedBy || undefined} onInput={tell} />
      <button type="button" aria-pressed={visible} aria-controls={id} onClick={() => setVisible(!visible)}
        className="absolute right-0 top-0 inline-flex h-11 min-w-11 cursor-pointer items-center justify-center rounded-md px-3 text-sm font-semibold text-brand hover:bg-hover">
        {visible ? "Hide" : "Show"}
        <span className="sr-only"> password</span>
      </button>
    </div>
  );
}
