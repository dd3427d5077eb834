// Appearance: the themes of Stripe's Appearance API as custom properties on the element's root.
const THEMES = {
  stripe: {
    colorPrimary: "#0b5fc7",
    colorBackground: "#ffffff",
    colorText: "#30313d",
    colorTextSecondary: "#5a5b66",
    colorDanger: "#c8102e",
    borderRadius: "6px",
  },
  night: {
    colorPrimary: "#85d996",
    colorBackground: "#30313d",
    colorText: "#f4f4f6",
    colorTextSecondary: "#c3c4ce",
    colorDanger: "#ff9aa8",
    borderRadius: "6px",
  },
  flat: {
    colorPrimary: "#0b5fc7",
    colorBackground: "#f1f1f1",
    colorText: "#30313d",
    colorTextSecondary: "#54555f",
    colorDanger: "#b3122b",
    borderRadius: "4px",
  },
};
const VARIABLES = {
  "--sbx-primary": "colorPrimary",
  "--sbx-bg": "colorBackground",
  "--sbx-text": "colorText",
  "--sbx-text-2": "colorTextSecondary",
  "--sbx-danger": "colorDanger",
  "--sbx-radius": "borderRadius",
  "--sbx-font": "fontFamily",
  "--sbx-size": "fontSizeBase",
  "--sbx-unit": "spacingUnit",
};
const RULE_CLASSES = { Input: "sbx-input", Label: "sbx-label", Tab: "sbx-tab", Error: "sbx-error", Block: "sbx-note" };

const STYLES = `
.sbx-root, .sbx-dialog {
  --sbx-line: color-mix(in srgb, var(--sbx-text) 55%, var(--sbx-bg));
  --sbx-soft: color-mix(in srgb, var(--sbx-text) 12%, var(--sbx-bg));
  --sbx-row: calc(var(--sbx-unit, 4px) * 4);
  box-sizing: border-box; color: var(--sbx-text); font-family: var(--sbx-font, inherit);
  font-size: var(--sbx-size, 16px); line-height: 1.4; text-align: start;
}
.sbx-root *, .sbx-dialog * { box-sizing: border-box; }
.sbx-root { display: grid; gap: var(--sbx-row); width: 100%; }
.sbx-root [hidden] { display: none; }
.sbx-fields { display: grid; grid-template-columns: 1fr 1fr; gap: var(--sbx-row) calc(var(--sbx-unit, 4px) * 3);
  align-items: start; margin: 0; padding: 0; border: 0; min-width: 0; }
.sbx-wide { grid-column: 1 / -1; }
.sbx-field { min-width: 0; }
.sbx-label { display: block; margin: 0 0 6px; font-size: .9375em; font-weight: 500; color: var(--sbx-text); }
.sbx-control { position: relative; display: block; }
.sbx-input { display: block; width: 100%; min-height: 46px; margin: 0; padding: 10px 12px; appearance: none;
  font: inherit; font-size: max(16px, 1em); font-variant-numeric: tabular-nums; color: var(--sbx-text);
  background: var(--sbx-bg); border: 1px solid var(--sbx-line); border-radius: var(--sbx-radius); outline: none;
  transition: border-color .15s, box-shadow .15s; }
.sbx-input::placeholder { color: var(--sbx-text-2); opacity: 1; }
.sbx-input:focus { border-color: var(--sbx-primary);
  box-shadow: 0 0 0 3px color-mix(in srgb, var(--sbx-primary) 35%, transparent); }
.sbx-input[aria-invalid="true"] { border-color: var(--sbx-danger); color: var(--sbx-danger);
  box-shadow: 0 0 0 1px var(--sbx-danger); }
.sbx-input:disabled { opacity: .6; }
.sbx-input.sbx-number { padding-inline-end: 104px; }
.sbx-brand { position: absolute; inset-inline-end: 12px; top: 50%; transform: translateY(-50%); pointer-events: none;
  display: inline-flex; align-items: center; gap: 6px; font-size: .8125em; font-weight: 600; color: var(--sbx-text-2); }
.sbx-brand svg, .sbx-note svg { flex: none; width: 22px; height: 16px; }
.sbx-error { display: block; margin: 6px 0 0; font-size: .875em; color: var(--sbx-danger); }
.sbx-tabs { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; margin: 0; padding: 0; border: 0; min-width: 0; }
.sbx-tab { position: relative; display: flex; align-items: center; gap: 8px; min-height: 46px; padding: 8px 12px;
  font-weight: 600; font-size: .9375em; border: 1px solid var(--sbx-line); border-radius: var(--sbx-radius);
  background: var(--sbx-bg); color: var(--sbx-text); cursor: pointer; }
.sbx-tab input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.sbx-tab:has(input:checked) { border-color: var(--sbx-primary); box-shadow: 0 0 0 1px var(--sbx-primary);
  color: var(--sbx-primary); }
.sbx-tab:has(input:focus-visible) { box-shadow: 0 0 0 3px color-mix(in srgb, var(--sbx-primary) 45%, transparent); }
.sbx-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.sbx-note { border: 1px dashed var(--sbx-line); border-radius: var(--sbx-radius); padding: 10px 12px;
  font-size: .875em; color: var(--sbx-text-2); }
.sbx-note p { margin: 0; }
.sbx-note summary { margin: 2px 0 0 -4px; padding: 6px 4px; width: fit-content; font-weight: 600; cursor: pointer;
  color: var(--sbx-text); border-radius: 4px; }
.sbx-note summary:focus-visible, .sbx-fill:focus-visible, .sbx-button:focus-visible {
  outline: 2px solid var(--sbx-primary); outline-offset: 2px; }
.sbx-cards { list-style: none; margin: 4px 0 0; padding: 0; }
.sbx-cards li { display: grid; grid-template-columns: 1fr auto; align-items: center; column-gap: 12px; padding: 6px 0;
  border-top: 1px solid var(--sbx-soft); }
.sbx-cards code { font: inherit; font-variant-numeric: tabular-nums; color: var(--sbx-text); white-space: nowrap; }
.sbx-cards span { grid-row: 2; }
.sbx-fill { grid-column: 2; grid-row: 1 / 3; min-height: 36px; min-width: 44px; padding: 4px 10px; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--sbx-text); background: transparent; border: 1px solid var(--sbx-line);
  border-radius: var(--sbx-radius); }
.sbx-fill:hover { background: var(--sbx-soft); }
.sbx-skeleton { min-height: 150px; border-radius: var(--sbx-radius); background: var(--sbx-soft, #8882); }
.sbx-dialog { width: min(28rem, calc(100vw - 32px)); max-height: calc(100dvh - 32px); margin: auto; padding: 24px;
  border: 1px solid var(--sbx-line); border-radius: 12px; background: var(--sbx-bg);
  box-shadow: 0 24px 64px #0006; overflow: auto; }
.sbx-dialog::backdrop { background: #0009; }
.sbx-dialog h2 { margin: 0 0 8px; font-size: 1.25em; font-weight: 700; line-height: 1.3; color: inherit; }
.sbx-dialog p { margin: 0 0 12px; color: var(--sbx-text-2); }
.sbx-dialog p strong { color: var(--sbx-text); font-weight: 700; }
.sbx-actions { display: grid; gap: 10px; margin-top: 20px; }
.sbx-button { min-height: 46px; padding: 10px 16px; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--sbx-text); background: transparent; border: 1px solid var(--sbx-line);
  border-radius: var(--sbx-radius); }
.sbx-button:disabled { opacity: .6; cursor: default; }
.sbx-button-primary { background: var(--sbx-text); border-color: var(--sbx-text); color: var(--sbx-bg); }
@media (prefers-reduced-motion: reduce) { .sbx-input { transition: none; } }
`;

function installStyles() {
  if (document.getElementById("sbx-styles")) return;
  const style = document.createElement("style");
  style.id = "sbx-styles";
  style.textContent = STYLES;
  document.head.append(style);
}

function themeOf(appearance) {
  return { ...(THEMES[appearance?.theme] ?? THEMES.stripe), ...appearance?.variables };
}

function applyAppearance(node, appearance) {
  const values = themeOf(appearance);
  for (const [property, name] of Object.entries(VARIABLES)) {
    if (values[name]) node.style.setProperty(property, values[name]);
    else node.style.removeProperty(property);
  }
}

// Appearance rules such as {".Input:focus": {borderColor: "…"}}, limited to one element. They weigh as much as the plain
// classes, so that a rule for .Input leaves the marks of focus and of mistakes alone.
function ruleText(rootId, rules) {
  const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.entries(rules ?? {})
    .map(([selector, declarations]) => {
      const known = selector.replace(/\.([A-Z]\w*)(--invalid|--selected)?/g, (_all, name, state) => {
        const invalid = state === "--invalid" ? "[aria-invalid=true]" : "";
        const selected = state === "--selected" ? ":has(input:checked)" : "";
        return `.${RULE_CLASSES[name] ?? `sbx-unknown-${name}`}${invalid}${selected}`;
      });
      const body = Object.entries(declarations).map(([name, value]) => `${kebab(name)}:${value}`);
      return `:where(#${rootId}) ${known}{${body.join(";")}}`;
    })
    .join("\n");
}
