// A lets the review with the focus stand, R hides it; without one, the first of the page. Off with all single keys.
import { useEffect } from "react";
import { isShortcut } from "$/public/admin_keys.jsx";

const PRESSED = { a: "[data-approve]", r: "[data-hide]" };

export function ReviewKeys() {
  useEffect(() => {
    const listen = (event) => {
      const wanted = PRESSED[event.key.toLowerCase()];
      if (!wanted || !isShortcut(event)) return;
      const row = document.activeElement?.closest("tr") ?? document.querySelector("main tbody tr");
      const button = row?.querySelector(wanted);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return null;
}
