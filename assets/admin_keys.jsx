// Keys of the back office that need no Ctrl: whether they are on, and when a press is typing. Kept in this browser.
const KEPT = "shophub.admin.keys";

export function keysAreOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function switchKeys(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // then they are on again the next time
  }
}

// Whether a press of a key is for us: nobody types, no dialog is open, no other key is held.
export function isShortcut(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (event.target.closest?.("input, textarea, select, [contenteditable=true]")) return false;
  return !document.querySelector("dialog:modal, :popover-open") && keysAreOn();
}
