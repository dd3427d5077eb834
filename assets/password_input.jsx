// A password field with a button that shows what was typed.
import { useState } from "react";

export function PasswordInput({ id, name, autoComplete, minLength, inputClass, describedBy }) {
  const [visible, setVisible] = useState(false);
  return (
    <div className="relative">
      <input id={id} name={name} type={visible ? "text" : "password"} autoComplete={autoComplete} required
        minLength={minLength || undefined} maxLength={128} className={`${inputClass} pr-20`} autoCapitalize="none" spellCheck={false}
        aria-describedby={describedBy || undefined} />
      <button type="button" aria-pressed={visible} aria-controls={id} onClick={() => setVisible(!visible)}
        className="absolute right-0 top-0 inline-flex h-11 min-w-11 cursor-pointer items-center justify-center rounded-md px-3 text-sm font-semibold text-brand hover:bg-hover">
        {visible ? "Hide" : "Show"}
        <span className="sr-only"> password</span>
      </button>
    </div>
  );
}
