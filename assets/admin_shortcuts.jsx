// `?` shows the keys; G and then a letter goes to a page; / goes to a list's search. They can be switched off.
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { isShortcut, keysAreOn, switchKeys } from "$/public/admin_keys.jsx";

const PATIENCE_MILLISECONDS = 1500;

// The first letter of a name that no page before it has taken.
function lettered(sections) {
  const taken = new Map();
  for (const one of sections) {
    const letter = [...one.label.toLowerCase()].find((sign) => /[a-z]/.test(sign) && !taken.has(sign));
    if (letter) taken.set(letter, one);
  }
  return taken;
}

const Key = ({ children }) => (
  <kbd className="inline-flex min-w-6 items-center justify-center rounded-sm border border-line bg-sunken px-1.5 py-0.5 font-sans text-xs font-semibold text-ink">{children}</kbd>
);

const Row = ({ name, keys }) => (
  <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line last:border-0">
    <dt>{name}</dt>
    <dd className="flex items-center gap-1">{keys.map((key) => <Key key={key}>{key}</Key>)}</dd>
  </div>
);

export function AdminShortcuts({ sections = [] }) {
  const dialog = useRef(null);
  const begun = useRef(0);
  const [on, setOn] = useState(true);
  const [modifier, setModifier] = useState("Ctrl");
  const navigate = useNavigate();
  const letters = lettered(sections);

  useEffect(() => {
    setOn(keysAreOn());
    if (/Mac|iP(hone|ad)/.test(navigator.platform)) setModifier("⌘");
  }, []);

  useEffect(() => {
    const listen = (event) => {
      if (!isShortcut(event)) return;
      const key = event.key.toLowerCase();
      const follows = Date.now() - begun.current < PATIENCE_MILLISECONDS;
      begun.current = 0;
      if (follows && letters.has(key)) {
        event.preventDefault();
        navigate(letters.get(key).path);
      } else if (key === "g") {
        begun.current = Date.now();
      } else if (key === "?") {
        event.preventDefault();
        dialog.current?.showModal();
      } else if (key === "/") {
        const field = document.querySelector("main input[type=search]");
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.select();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });

  const change = (event) => {
    setOn(event.target.checked);
    switchKeys(event.target.checked);
  };
  const beside = (event) => {
    if (event.target === dialog.current) dialog.current.close();
  };
  return (
    <dialog ref={dialog} id="admin-keys" aria-labelledby="admin-keys-title" onClick={beside}
      className="max-h-[92dvh] w-[min(94vw,28rem)] overflow-y-auto rounded-xl border border-line bg-surface p-0 text-sm text-ink shadow-modal backdrop:bg-black/45">
      <div className="p-5">
        <div className="flex items-center justify-between gap-3">
          <h2 id="admin-keys-title" className="text-base font-semibold">Keyboard shortcuts</h2>
          <button type="button" onClick={() => dialog.current.close()} className="inline-flex min-h-9 cursor-pointer items-center rounded-md px-2.5 font-medium text-ink-2 hover:bg-hover">Close</button>
        </div>
        <dl className="mt-2">
          <Row name="Search or jump to" keys={[modifier, "K"]} />
          <Row name="These shortcuts" keys={["?"]} />
          <Row name="Search the list on this page" keys={["/"]} />
          {[...letters].map(([letter, one]) => <Row key={one.path} name={`Go to ${one.label}`} keys={["G", letter.toUpperCase()]} />)}
        </dl>
        <label className="mt-4 flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md bg-sunken px-3 py-2">
          <input type="checkbox" checked={on} onChange={change} className="size-4 shrink-0 accent-(--brand)" />
          Shortcuts of single keys are on
        </label>
      </div>
    </dialog>
  );
}
