// Building blocks of the form. Inputs carry no name: a form around the element never sends card data.
let nextFieldId = 1;

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function cardIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 22 16");
  svg.setAttribute("aria-hidden", "true");
  const shape = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    svg.append(node);
  };
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 1.5 };
  shape("rect", { x: 0.75, y: 0.75, width: 20.5, height: 14.5, rx: 2.5, ...stroke });
  shape("path", { d: "M1 5.5h20M4 11h5", ...stroke });
  return svg;
}

// A message that appears between press and release moves the pressed button away, and the click is lost. So it waits.
let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), true);

function afterPress(act) {
  if (!pressed) act();
  else addEventListener("pointerup", () => setTimeout(act, 50), { once: true, capture: true });
}

// A labelled input that formats what is typed and says what is wrong, on leaving it and then at every key.
class Field {
  constructor({ label, wide, format, problem, onChange, ...attributes }) {
    const id = `sbx-field-${nextFieldId++}`;
    this.format = format;
    this.problem = problem;
    this.onChange = onChange;
    this.touched = false;
    this.input = make("input", { id, className: "sbx-input", type: "text", ...attributes });
    this.input.setAttribute("spellcheck", "false");
    this.input.setAttribute("aria-required", "true");
    this.error = make("span", { id: `${id}-error`, className: "sbx-error", hidden: true });
    this.control = make("span", { className: "sbx-control" }, this.input);
    this.node = make(
      "div",
      { className: wide ? "sbx-field sbx-wide" : "sbx-field" },
      make("label", { className: "sbx-label", htmlFor: id }, label),
      this.control,
      this.error,
    );
    this.input.addEventListener("input", (event) => this.typed(event.inputType?.startsWith("delete") ?? false));
    this.input.addEventListener("blur", () => afterPress(() => this.left()));
  }

  get value() {
    return this.input.value;
  }

  set value(text) {
    this.input.value = this.format(text, false);
    this.show(null);
  }

  typed(deleting) {
    const { value, selectionStart } = this.input;
    const before = digitsOf(value.slice(0, selectionStart)).length;
    const atEnd = selectionStart === value.length;
    const formatted = this.format(value, deleting);
    if (formatted !== value) {
      this.input.value = formatted;
      const caret = atEnd ? formatted.length : caretAfterDigits(formatted, before);
      if (document.activeElement === this.input) this.input.setSelectionRange(caret, caret);
    }
    if (this.touched) this.show(this.problem(this.value));
    this.onChange(this);
  }

  left() {
    if (this.value === "" || document.activeElement === this.input) return;
    this.touched = true;
    this.show(this.problem(this.value));
  }

  // Show what is wrong and return it; null when nothing is.
  check() {
    this.touched = true;
    const problem = this.problem(this.value);
    this.show(problem);
    return problem;
  }

  show(problem) {
    this.error.hidden = !problem;
    this.error.textContent = problem?.message ?? "";
    if (problem) {
      this.input.setAttribute("aria-invalid", "true");
      this.input.setAttribute("aria-describedby", this.error.id);
    } else {
      this.input.removeAttribute("aria-invalid");
      this.input.removeAttribute("aria-describedby");
    }
  }
}

function caretAfterDigits(text, count) {
  let seen = 0;
  for (const [index, character] of [...text].entries()) {
    if (seen === count) return index;
    if (/\d/.test(character)) seen += 1;
  }
  return text.length;
}

function cardFields(onChange) {
  const digits = { inputMode: "numeric" };
  const brandText = make("span");
  const badge = make("span", { className: "sbx-brand" }, brandText, cardIcon());
  badge.setAttribute("aria-hidden", "true");
  const showBrand = () => {
    brandText.textContent = brandOf(digitsOf(number.value)).short;
  };
  const number = new Field({
    label: "Card number",
    wide: true,
    placeholder: "1234 1234 1234 1234",
    autocomplete: "cc-number",
    format: groupNumber,
    problem: numberProblem,
    onChange: (field) => (showBrand(), onChange(field)),
    ...digits,
  });
  number.input.classList.add("sbx-number");
  number.control.append(badge);
  const expiry = new Field({
    label: "Expiration date",
    placeholder: "MM / YY",
    autocomplete: "cc-exp",
    format: groupExpiry,
    problem: expiryProblem,
    onChange,
    ...digits,
  });
  const cvc = new Field({
    label: "Security code",
    placeholder: "CVC",
    autocomplete: "cc-csc",
    format: (text) => digitsOf(text).slice(0, Math.max(3, brandOf(digitsOf(number.value)).cvc)),
    problem: (text) => cvcProblem(text, brandOf(digitsOf(number.value))),
    onChange,
    ...digits,
  });
  return { number, expiry, cvc, showBrand };
}

function bankFields(onChange) {
  const limited = (length) => (text) => digitsOf(text).slice(0, length);
  const exactly = (length, name) => (text) =>
    text.length === length ? null : { code: "incomplete", message: `Your ${name} is incomplete.` };
  const routing = new Field({
    label: "Routing number",
    placeholder: "110000000",
    autocomplete: "off",
    inputMode: "numeric",
    format: limited(9),
    problem: exactly(9, "routing number"),
    onChange,
  });
  const account = new Field({
    label: "Account number",
    placeholder: "000123456789",
    autocomplete: "off",
    inputMode: "numeric",
    format: limited(12),
    problem: exactly(12, "account number"),
    onChange,
  });
  return { routing, account };
}
