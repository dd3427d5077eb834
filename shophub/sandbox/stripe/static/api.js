// The script's own address tells where the API is: stripe.js and /v1 have the same prefix.
const SCRIPT_URL = document.currentScript?.src ?? new URL("/sandbox/stripe/stripe.js", location.href).href;
const API_BASE = SCRIPT_URL.replace(/\/stripe\.js(\?.*)?$/, "");

class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

function appendForm(form, name, value) {
  if (value === undefined || value === null) return;
  if (typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) appendForm(form, name ? `${name}[${key}]` : key, inner);
  } else {
    form.append(name, String(value));
  }
}

// Answers {body} or {error}, and never throws: a page shows errors, it does not catch them.
async function callApi(key, method, path, params) {
  const form = new URLSearchParams();
  appendForm(form, "", { key, _quiet: true, ...params });
  const url = `${API_BASE}/v1${path}`;
  try {
    const response = await (method === "GET" ? fetch(`${url}?${form}`) : fetch(url, { method, body: form }));
    const body = await response.json();
    return body.error ? { error: body.error } : { body };
  } catch {
    return {
      error: {
        type: "api_connection_error",
        message: "We could not reach the payment service. Check your connection and try again.",
      },
    };
  }
}

function intentIdOf(clientSecret) {
  const match = /^(pi_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/.exec(clientSecret ?? "");
  if (!match) {
    throw new IntegrationError("Invalid value for clientSecret: it should look like pi_…_secret_….");
  }
  return match[1];
}

const fetchIntent = (key, clientSecret) =>
  callApi(key, "GET", `/payment_intents/${intentIdOf(clientSecret)}`, { client_secret: clientSecret });
