// 3-D Secure: the bank's question, in a dialog over the page.
const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "));

function amountText({ amount, currency }) {
  const format = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "currency", currency });
  const { maximumFractionDigits } = format.resolvedOptions();
  return format.format(amount / 10 ** (ZERO_DECIMAL.has(currency) ? 0 : maximumFractionDigits));
}

// Resolves to "complete" or "fail"; closing the dialog is a failure, as at a bank.
function askShopper(intent, appearance) {
  installStyles();
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const id = `sbx-dialog-${nextFieldId++}`;
    const dialog = make("dialog", { id, className: "sbx-dialog" });
    dialog.setAttribute("aria-labelledby", `${id}-title`);
    dialog.setAttribute("aria-describedby", `${id}-text`);
    applyAppearance(dialog, appearance);
    const button = (label, outcome, primary) => {
      const className = primary ? "sbx-button sbx-button-primary" : "sbx-button";
      const node = make("button", { type: "button", className }, label);
      node.addEventListener("click", () => dialog.close(outcome));
      return node;
    };
    dialog.append(
      make("h2", { id: `${id}-title` }, "Confirm it is you"),
      make(
        "p",
        { id: `${id}-text` },
        "Your bank asks you to approve a payment of ",
        make("strong", {}, amountText(intent)),
        ". This is the sandbox's test step: choose how it ends.",
      ),
      make(
        "div",
        { className: "sbx-actions" },
        button("Complete authentication", "complete", true),
        button("Fail authentication", "fail", false),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus?.();
      resolve(dialog.returnValue === "complete" ? "complete" : "fail");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
