// The public face: Stripe(key) with elements, confirmations and retrieval.
class Elements extends Emitter {
  constructor(key, options) {
    super();
    this.key = key;
    this.options = { ...options };
    this.elements = [];
    if (this.options.clientSecret) intentIdOf(this.options.clientSecret);
  }

  create(type, options) {
    if (type !== "payment") throw new IntegrationError(`The sandbox has no ${type} Element, only payment.`);
    if (this.getElement("payment")) throw new IntegrationError("Can only create one Element of type payment.");
    const element = new PaymentElement(this, options);
    this.elements.push(element);
    return element;
  }

  getElement(type) {
    const wanted = typeof type === "string" ? type : (type?.__elementType ?? "payment");
    return wanted === "payment" ? (this.elements[0] ?? null) : null;
  }

  forget(element) {
    this.elements = this.elements.filter((other) => other !== element);
  }

  async paymentMethodTypes() {
    const { clientSecret, paymentMethodTypes, currency } = this.options;
    if (!clientSecret) {
      return { types: paymentMethodTypes ?? (currency === "usd" ? ["card", "us_bank_account"] : ["card"]) };
    }
    const { error, body } = await fetchIntent(this.key, clientSecret);
    return error ? { error } : { types: body.payment_method_types };
  }

  update(options) {
    this.options = { ...this.options, ...options };
    for (const element of this.elements) element.restyle();
    this.emit("update");
  }

  async fetchUpdates() {
    const { error } = this.options.clientSecret ? await fetchIntent(this.key, this.options.clientSecret) : {};
    return error ? { error } : {};
  }

  async submit() {
    const element = this.getElement("payment");
    const error = element ? element.validate() : { type: "validation_error", message: "There is no payment form." };
    return error ? { error } : { selectedPaymentMethod: element.kind };
  }
}

const AUTHENTICATION_FAILED =
  "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

function returnAddress(returnUrl, intent, clientSecret) {
  const url = new URL(returnUrl, location.href);
  url.searchParams.set("payment_intent", intent.id);
  url.searchParams.set("payment_intent_client_secret", clientSecret);
  url.searchParams.set("redirect_status", intent.status === "requires_payment_method" ? "failed" : intent.status);
  return url.href;
}

class StripeClient {
  constructor(key) {
    this.key = key;
  }

  elements(options = {}) {
    return new Elements(this.key, options);
  }

  async confirmPayment({ elements, clientSecret, confirmParams = {}, redirect = "always" }) {
    const secret = clientSecret ?? elements?.options.clientSecret;
    const id = intentIdOf(secret);
    if (redirect === "always" && !confirmParams.return_url) {
      throw new IntegrationError("confirmPayment needs confirmParams.return_url unless redirect is 'if_required'.");
    }
    const { payment_method_data: given, ...params } = confirmParams;
    const element = params.payment_method ? null : elements?.getElement("payment");
    if (!element && !params.payment_method) {
      throw new IntegrationError("confirmPayment needs elements with a Payment Element, or a payment_method.");
    }
    const invalid = element?.validate();
    if (invalid) return { error: invalid };
    if (element) params.payment_method_data = element.methodData(given?.billing_details);
    element?.setBusy(true);
    try {
      const confirmed = await callApi(this.key, "POST", `/payment_intents/${id}/confirm`, {
        ...params,
        client_secret: secret,
        use_stripe_sdk: true,
      });
      const result = await this.finish(confirmed, secret, elements?.options.appearance);
      if (result.error) element?.showError(result.error);
      else if (redirect === "always") {
        location.assign(returnAddress(confirmParams.return_url, result.paymentIntent, secret));
        return new Promise(() => {}); // the page is being left
      }
      return result;
    } finally {
      element?.setBusy(false);
    }
  }

  // Take an answer of the API to its end, through the bank's question if it asks one.
  async finish({ error, body }, clientSecret, appearance) {
    if (error) return { error };
    if (body.status !== "requires_action") return { paymentIntent: body };
    const outcome = await askShopper(body, appearance);
    const answered = await callApi(this.key, "POST", `/payment_intents/${body.id}/authenticate`, {
      client_secret: clientSecret,
      outcome,
    });
    if (answered.error) return { error: answered.error };
    if (answered.body.status === "requires_payment_method") {
      const message = AUTHENTICATION_FAILED; // the API's own sentence speaks to programmers
      return { error: { ...answered.body.last_payment_error, message, payment_intent: answered.body } };
    }
    return { paymentIntent: answered.body };
  }

  async retrievePaymentIntent(clientSecret) {
    const { error, body } = await fetchIntent(this.key, clientSecret);
    return error ? { error } : { paymentIntent: body };
  }

  async handleNextAction({ clientSecret }) {
    return this.finish(await fetchIntent(this.key, clientSecret), clientSecret);
  }

  handleCardAction(clientSecret) {
    return this.handleNextAction({ clientSecret });
  }

  async createPaymentMethod({ elements, params, ...direct } = {}) {
    let data = { ...direct, ...params };
    const element = elements?.getElement("payment");
    if (element) {
      const invalid = element.validate();
      if (invalid) return { error: invalid };
      data = element.methodData(params?.billing_details);
    }
    const { error, body } = await callApi(this.key, "POST", "/payment_methods", data);
    return error ? { error } : { paymentMethod: body };
  }

  confirmCardPayment(clientSecret, data = {}) {
    const method = data.payment_method;
    const element = method?.card instanceof PaymentElement ? method.card : null;
    const params = element || typeof method !== "string" ? {} : { payment_method: method };
    return this.confirmPayment({
      elements: element?.group,
      clientSecret,
      confirmParams: { ...params, return_url: data.return_url },
      redirect: "if_required",
    });
  }

  async createToken() {
    const message = "The sandbox makes no tokens: use the Payment Element, or createPaymentMethod.";
    return { error: { type: "invalid_request_error", code: "token_not_supported", message } };
  }

  registerAppInfo() {}

  _registerWrapper() {}
}

function Stripe(key) {
  if (typeof key !== "string" || !key.startsWith("pk_")) {
    throw new IntegrationError("Please call Stripe() with your publishable key. It starts with pk_.");
  }
  return new StripeClient(key);
}
Stripe.version = "endive";
window.Stripe = Stripe;
