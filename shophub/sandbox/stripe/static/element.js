// The Payment Element: drawn into the page's own DOM, so that it works under the strictest policy and any theme.
class Emitter {
  #listeners = new Map();

  on(type, handler) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    this.#listeners.get(type).add(handler);
    return this;
  }

  once(type, handler) {
    const wrapped = (event) => (this.off(type, wrapped), handler(event));
    return this.on(type, wrapped);
  }

  off(type, handler) {
    if (handler) this.#listeners.get(type)?.delete(handler);
    else this.#listeners.delete(type);
    return this;
  }

  emit(type, event = {}) {
    for (const handler of [...(this.#listeners.get(type) ?? [])]) handler({ elementType: "payment", ...event });
  }
}

class PaymentElement extends Emitter {
  constructor(group, options) {
    super();
    this.group = group;
    this.options = options ?? {};
    this.kind = "card";
    this.root = null;
    this.destroyed = false;
    this.busy = false;
  }

  mount(target) {
    const parent = typeof target === "string" ? document.querySelector(target) : target;
    if (this.destroyed) throw new IntegrationError("This Element has already been destroyed.");
    if (!parent) throw new IntegrationError("The node that the Element should be mounted to does not exist.");
    installStyles();
    this.unmount();
    this.root = make("div", { id: `sbx-payment-${nextFieldId++}`, className: "sbx-root" });
    this.root.setAttribute("aria-busy", "true");
    this.root.append(make("div", { className: "sbx-skeleton" }));
    this.rules = make("style");
    this.restyle();
    parent.replaceChildren(this.rules, this.root);
    this.load(this.root);
  }

  async load(root) {
    await new Promise((resolve) => setTimeout(resolve)); // listeners are attached right after mount
    this.emit("loaderstart");
    const { error, types } = await this.group.paymentMethodTypes();
    if (this.root !== root) return;
    root.removeAttribute("aria-busy");
    if (error) {
      root.replaceChildren(make("p", { className: "sbx-error", role: "alert" }, error.message));
      this.emit("loaderror", { error });
      return;
    }
    this.draw(root, types);
    this.emit("ready");
  }

  draw(root, types) {
    const changed = () => this.changed();
    this.card = cardFields(changed);
    this.bank = bankFields(changed);
    this.cardPart = this.fieldset("Card details", this.card.number, this.card.expiry, this.card.cvc);
    this.bankPart = this.fieldset("Bank account details", this.bank.routing, this.bank.account);
    root.replaceChildren(this.cardPart);
    if (types.includes("us_bank_account")) {
      root.prepend(this.tabs(types));
      root.append(this.bankPart);
    }
    root.append(this.note());
    this.show(types.includes("card") ? "card" : types[0]);
    root.addEventListener("focusin", (event) => {
      if (!root.contains(event.relatedTarget)) this.emit("focus");
    });
    root.addEventListener("focusout", (event) => {
      if (!root.contains(event.relatedTarget)) this.emit("blur");
    });
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.emit("escape");
    });
  }

  fieldset(title, ...fields) {
    return make(
      "fieldset",
      { className: "sbx-fields" },
      make("legend", { className: "sbx-hidden" }, title),
      ...fields.map((field) => field.node),
    );
  }

  tabs(types) {
    const name = `sbx-method-${nextFieldId++}`;
    const labels = { card: "Card", us_bank_account: "US bank account" };
    const tab = (type) => {
      const input = make("input", { type: "radio", value: type, checked: type === "card" });
      // Grouped by a name that no server reads; the form attribute keeps it out of the page's own form data.
      input.name = name;
      input.setAttribute("form", `${name}-none`);
      input.addEventListener("change", () => this.select(type));
      return make("label", { className: "sbx-tab" }, input, labels[type]);
    };
    const legend = make("legend", { className: "sbx-hidden" }, "Payment method");
    return make("fieldset", { className: "sbx-tabs" }, legend, ...types.filter((type) => labels[type]).map(tab));
  }

  note() {
    const list = make("ul", { className: "sbx-cards" });
    const details = make("details", {}, make("summary", {}, "Test cards"), list);
    // Drawn when opened, so that its words do not stand in the page beside the real messages.
    details.addEventListener("toggle", () => {
      list.replaceChildren(...(details.open ? TEST_CARDS.map((card) => this.testCard(card)) : []));
    });
    const text = "Sandbox: no card is charged. Use a test card with any future date and any security code.";
    return make("div", { className: "sbx-note" }, make("p", {}, text), details);
  }

  testCard({ number, outcome }) {
    const button = make("button", { type: "button", className: "sbx-fill" }, "Fill in");
    button.setAttribute("aria-label", `Fill in ${number}`);
    button.addEventListener("click", () => this.fill(number));
    return make("li", {}, make("code", {}, number), make("span", {}, outcome), button);
  }

  fill(number) {
    this.show("card");
    this.card.number.value = number;
    this.card.expiry.value = `12 / ${String(new Date().getFullYear() + 2).slice(2)}`;
    this.card.cvc.value = "123";
    this.card.showBrand();
    this.changed();
  }

  select(kind) {
    this.show(kind);
    this.changed();
  }

  show(kind) {
    this.kind = kind;
    this.cardPart.hidden = kind !== "card";
    this.bankPart.hidden = kind !== "us_bank_account";
    for (const radio of this.root.querySelectorAll(".sbx-tab input")) radio.checked = radio.value === kind;
  }

  get fields() {
    if (!this.card) return [];
    return this.kind === "card"
      ? [this.card.number, this.card.expiry, this.card.cvc]
      : [this.bank.routing, this.bank.account];
  }

  changed() {
    const fields = this.fields;
    this.emit("change", {
      empty: fields.every((field) => field.value === ""),
      complete: fields.every((field) => field.problem(field.value) === null),
      collapsed: false,
      value: { type: this.kind },
    });
  }

  // Check everything, show each problem beside its field, focus the first; null when the form is complete.
  validate() {
    if (!this.root || !this.card) {
      return { type: "validation_error", code: "element_not_ready", message: "The payment form is still loading." };
    }
    const checked = this.fields.map((field) => [field, field.check()]);
    const first = checked.find(([, problem]) => problem);
    if (!first) return null;
    first[0].input.focus();
    return { type: "validation_error", ...first[1] };
  }

  // What the API takes as payment_method_data.
  methodData(billingDetails) {
    const details = { ...this.options.defaultValues?.billingDetails, ...billingDetails };
    const billing_details = Object.keys(details).length ? details : undefined;
    if (this.kind === "us_bank_account") {
      const account = { routing_number: this.bank.routing.value, account_number: this.bank.account.value };
      return { type: "us_bank_account", us_bank_account: account, billing_details };
    }
    const expiry = digitsOf(this.card.expiry.value);
    const card = {
      number: digitsOf(this.card.number.value),
      exp_month: expiry.slice(0, 2),
      exp_year: `20${expiry.slice(2)}`,
      cvc: this.card.cvc.value,
    };
    return { type: "card", card, billing_details };
  }

  // Put an error of the API beside the field that it is about.
  showError(error) {
    if (!this.card || this.kind !== "card" || error?.type !== "card_error") return;
    const { number, expiry, cvc } = this.card;
    const field = { number, exp_month: expiry, exp_year: expiry, cvc }[error.param];
    if (!field) return;
    field.touched = true;
    field.show(error);
  }

  setBusy(busy) {
    this.busy = busy;
    this.root?.toggleAttribute("data-busy", busy);
    for (const field of this.fields) field.input.readOnly = busy || Boolean(this.options.readOnly);
  }

  restyle() {
    if (!this.root) return;
    applyAppearance(this.root, this.group.options.appearance);
    this.rules.textContent = ruleText(this.root.id, this.group.options.appearance?.rules);
  }

  update(options) {
    this.options = { ...this.options, ...options };
    this.setBusy(this.busy);
    return this;
  }

  focus() {
    this.fields[0]?.input.focus();
  }

  blur() {
    if (this.root?.contains(document.activeElement)) document.activeElement.blur();
  }

  clear() {
    for (const field of this.fields) field.value = "";
    this.changed();
  }

  collapse() {
    return this;
  }

  unmount() {
    this.rules?.remove();
    this.root?.remove();
    this.root = this.card = this.bank = null;
  }

  destroy() {
    this.unmount();
    this.destroyed = true;
    this.group.forget(this);
  }
}
