// Stripe's Payment Element in our clothes. The script's address and everything about the payment come at run time.
//
// Pressing Pay first asks the server (`onPress`) whether what is about to be paid still stands. The server answers with
// a new `go` (confirm now) or a new `refused` (it has shown why).
import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { PrefetchPageLinks, useNavigate } from "react-router";

const ANSWER_WITHIN_MS = 15000;
const loading = {};

function loadScript(url) {
  loading[url] ??= new Promise((resolve, reject) => {
    if (window.Stripe) {
      resolve(window.Stripe);
      return;
    }
    const script = Object.assign(document.createElement("script"), { src: url, async: true });
    script.onload = () => (window.Stripe ? resolve(window.Stripe) : reject(new Error("The script defines no Stripe.")));
    script.onerror = () => {
      script.remove();
      reject(new Error("The script could not be loaded."));
    };
    document.head.append(script);
  }).catch((error) => {
    delete loading[url]; // so that trying again loads it again
    throw error;
  });
  return loading[url];
}

// Stripe's frame knows neither our variables nor oklch: let a canvas turn them into hex.
function hexOf(token) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return "#" + [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
}

function currentAppearance() {
  return {
    theme: document.documentElement.classList.contains("dark") ? "night" : "stripe",
    variables: {
      fontFamily: "Figtree, system-ui, sans-serif",
      fontSizeBase: "16px",
      borderRadius: "8px",
      colorPrimary: hexOf("--brand"),
      colorBackground: hexOf("--surface"),
      colorText: hexOf("--ink"),
      colorTextSecondary: hexOf("--ink-2"),
      colorTextPlaceholder: hexOf("--ink-3"),
      colorDanger: hexOf("--danger"),
    },
    rules: {
      ".Input": { border: `1px solid ${hexOf("--line-strong")}`, boxShadow: "none", padding: "11px 14px" },
      ".Label": { fontWeight: "600", fontSize: "14px", color: hexOf("--ink") },
    },
  };
}

// The tokens have their new values once the document has its new class, not when the theme's state changes.
function useAppearance() {
  const [appearance, setAppearance] = useState(currentAppearance);
  useEffect(() => {
    const watcher = new MutationObserver(() => setAppearance(currentAppearance()));
    watcher.observe(document.documentElement, { attributeFilter: ["class"] });
    return () => watcher.disconnect();
  }, []);
  return appearance;
}

function Form({ amountText, returnPath, go, refused, error, onPress, onFailed, classes }) {
  const stripe = useStripe();
  const elements = useElements();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState(false);
  const seen = useRef({ go, refused });
  const timer = useRef(null);

  const release = useCallback(() => {
    clearTimeout(timer.current);
    setBusy(false);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const submit = async (event) => {
    event.preventDefault();
    if (!stripe || !elements || busy) return;
    setBusy(true);
    const { error: invalid } = await elements.submit();
    if (invalid) {
      release(); // the element itself says what is missing
      return;
    }
    timer.current = setTimeout(() => {
      setBusy(false);
      onFailed?.("We could not reach the shop. Check your connection and press Pay again. Nothing was charged.");
    }, ANSWER_WITHIN_MS);
    onPress?.();
  };

  useEffect(() => {
    if (refused === seen.current.refused) return;
    seen.current.refused = refused;
    release();
  }, [refused, release]);

  useEffect(() => {
    if (go === seen.current.go) return;
    seen.current.go = go;
    clearTimeout(timer.current);
    if (!busy) return; // the answer came after we had given up waiting
    (async () => {
      const result = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: window.location.origin + returnPath },
        redirect: "if_required",
      });
      if (result.error) {
        release();
        onFailed?.(result.error.message ?? "The payment did not go through. Please try again.");
        return;
      }
      // The page itself goes on, without the server's help: it may have died since, and the money has moved.
      navigate(returnPath);
    })();
  }, [go]);

  return (
    <form onSubmit={submit} noValidate>
      <PrefetchPageLinks page={new URL(returnPath, window.location.origin).pathname} />
      <div className={ready ? undefined : classes.waiting} aria-busy={!ready}>
        <PaymentElement options={{ layout: "tabs" }} onReady={() => setReady(true)} />
      </div>
      <p role="alert" className={classes.error}>{error}</p>
      <button type="submit" className={classes.button} aria-busy={busy} disabled={!stripe || !ready || busy}>
        {busy ? "Paying…" : `Pay ${amountText}`}
      </button>
    </form>
  );
}

export function StripePayment({ publishableKey, clientSecret, scriptUrl, classes, onShown, ...form }) {
  const appearance = useAppearance();
  const [stripe, setStripe] = useState(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    onShown?.();
  }, []);

  useEffect(() => {
    if (!scriptUrl || !publishableKey) return undefined;
    let current = true;
    setFailed(false);
    loadScript(scriptUrl)
      .then((Stripe) => current && setStripe(Stripe(publishableKey)))
      .catch(() => current && setFailed(true));
    return () => {
      current = false;
    };
  }, [scriptUrl, publishableKey, attempt]);

  const options = useMemo(
    () => ({ clientSecret, appearance, fonts: [] }),
    [clientSecret, appearance],
  );

  if (failed) {
    return (
      <div role="alert" className={classes.blocked}>
        <p>The payment form could not be loaded. A content blocker or the connection may be in the way. Nothing was charged.</p>
        <button type="button" className={classes.retry} onClick={() => setAttempt(attempt + 1)}>Try again</button>
      </div>
    );
  }
  if (!stripe || !clientSecret) return <div className={classes.waiting} aria-busy="true"><p className="sr-only">Loading the payment form…</p></div>;
  return (
    <Elements key={clientSecret} stripe={stripe} options={options}>
      <Form {...form} classes={classes} />
    </Elements>
  );
}
