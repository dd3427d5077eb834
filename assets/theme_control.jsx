// System / Light / Dark.
import { useTheme } from "$/utils/react-theme";
import { useEffect, useState } from "react";

const CHOICES = [["system", "System"], ["light", "Light"], ["dark", "Dark"]];

export function ThemeControl({ name = "theme" }) {
  const { theme, setTheme } = useTheme();
  // The stored choice is known in the browser only: mark none until then, so that the prerendered page matches.
  const [live, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  return (
    <fieldset className="inline-flex rounded-full border border-line-strong bg-surface p-0.5">
      <legend className="sr-only">Colour theme</legend>
      {CHOICES.map(([value, label]) => (
        <label key={value} className="relative inline-flex min-h-10 cursor-pointer items-center rounded-full px-3.5 text-sm text-ink-2 has-checked:bg-inverse has-checked:font-semibold has-checked:text-inverse-ink has-focus-visible:outline-2 has-focus-visible:outline-brand has-focus-visible:outline-offset-2">
          <input type="radio" className="sr-only" name={name} value={value}
            checked={live && theme === value} onChange={() => setTheme(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
