// Whether "/" leads to the search field: some dictate to their browser, and a single key would fire by itself
// (WCAG 2.1.4). Kept in this browser.
import { useEffect, useState } from "react";

const KEPT = "shophub-slash";

export function slashIsOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function SlashSwitch({ label }) {
  // What was chosen is known in the browser only: the prerendered page has it on.
  const [on, setOn] = useState(true);
  useEffect(() => setOn(slashIsOn()), []);
  function change(event) {
    setOn(event.target.checked);
    try {
      localStorage.setItem(KEPT, event.target.checked ? "on" : "off");
    } catch {
      // then it is on again the next time
    }
  }
  return (
    <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 text-ink-2 max-lg:hidden">
      <input type="checkbox" className="size-4 accent-brand" checked={on} onChange={change} />
      {label}
    </label>
  );
}
