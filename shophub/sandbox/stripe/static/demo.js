"use strict";
const form = document.getElementById("form");
const message = document.getElementById("message");
const theme = new URLSearchParams(location.search).get("theme") === "night" ? "night" : "stripe";
document.documentElement.dataset.theme = theme;
const stripe = window.Stripe(form.dataset.key);
const elements = stripe.elements({ clientSecret: form.dataset.clientSecret, appearance: { theme } });
elements.create("payment").mount("#payment");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  message.textContent = "Paying…";
  const { error, paymentIntent } = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: location.href },
    redirect: "if_required",
  });
  message.textContent = error ? error.message : `Payment ${paymentIntent.status}.`;
});
