"""stripe.js beyond the Payment Element's everyday use."""

import pytest
from playwright.async_api import expect

from tests.sandbox.element import fill_card

pytestmark = pytest.mark.browser

# What a shop does that embeds the element before it has a payment.
EMBED = """() => {
          document.getElementById("form").remove();
          const place = document.createElement("main");
          document.body.append(place);
          window.client = Stripe("pk_test_sandbox");
          window.group = window.client.elements({ mode: "payment", amount: 5998, currency: "eur" });
          window.seen = [];
          const element = window.group.create("payment", { layout: "tabs" });
          for (const type of ["ready", "change", "focus", "blur", "escape", "loaderror"]) {
            element.on(type, ({ elementType, complete }) => {
              window.seen.push(`${elementType} ${type} ${complete ?? ""}`.trim());
            });
          }
          element.mount(place);
        }"""


async def test_script_offers_the_rest_of_the_interface(demo, client):
    intent = client.v1.payment_intents.create({"amount": 5_998, "currency": "eur"})
    asking = client.v1.payment_intents.create(
        {"amount": 700, "currency": "eur", "confirm": True, "payment_method": "pm_card_authenticationRequired"}
    )
    await demo.evaluate(EMBED)
    incomplete = await demo.evaluate("async () => (await group.submit()).error.code")
    await fill_card(demo, "5555555555554444")
    await demo.keyboard.press("Escape")
    submitted = await demo.evaluate("() => group.submit()")
    method = await demo.evaluate(
        "async () => (await client.createPaymentMethod({ elements: group })).paymentMethod.card"
    )
    paid = await demo.evaluate(
        "(clientSecret) => client.confirmPayment({ elements: group, clientSecret, redirect: 'if_required' })"
        ".then((result) => result.paymentIntent.status)",
        intent.client_secret,
    )
    read = await demo.evaluate(
        "async (secret) => (await client.retrievePaymentIntent(secret)).paymentIntent.status", intent.client_secret
    )
    await demo.evaluate(
        "(clientSecret) => { window.next = client.handleNextAction({ clientSecret }); }", asking.client_secret
    )
    await expect(demo.get_by_role("dialog")).to_contain_text("€7.00")
    await demo.get_by_role("button", name="Complete authentication").click()
    finished = await demo.evaluate("async () => (await window.next).paymentIntent.status")
    await demo.evaluate("() => group.getElement('payment').destroy()")

    assert (incomplete, submitted) == ("incomplete_number", {"selectedPaymentMethod": "card"})
    assert (method["brand"], method["last4"]) == ("mastercard", "4444")
    assert (paid, read, finished) == ("succeeded", "succeeded", "succeeded")
    assert {"payment ready", "payment focus", "payment escape", "payment change true"} <= set(
        await demo.evaluate("window.seen")
    )
    await expect(demo.get_by_label("Card number")).to_have_count(0)
    assert await demo.evaluate("group.getElement('payment')") is None


async def test_element_says_when_its_payment_cannot_be_loaded(demo):
    error = await demo.evaluate(
        """() => new Promise((resolve) => {
          const place = document.createElement("div");
          document.body.append(place);
          const group = Stripe("pk_test_sandbox").elements({ clientSecret: "pi_nobody_secret_nothing" });
          const element = group.create("payment");
          element.on("loaderror", (event) => resolve(event.error.code));
          element.mount(place);
        })"""
    )

    assert error == "resource_missing"
    await expect(demo.get_by_role("alert")).to_have_text("No such payment_intent: 'pi_nobody'")


async def test_appearance_changes_on_the_open_element(demo):
    async def background() -> str:
        return await demo.get_by_label("Card number").evaluate("field => getComputedStyle(field).backgroundColor")

    await demo.evaluate(
        """() => {
          const place = document.createElement("div");
          document.getElementById("form").replaceWith(place);
          window.group = Stripe("pk_test_sandbox").elements({ mode: "payment", amount: 100, currency: "eur" });
          window.group.create("payment").mount(place);
        }"""
    )
    await expect(demo.get_by_label("Card number")).to_be_visible()
    assert await background() == "rgb(255, 255, 255)"

    await demo.evaluate(
        """() => group.update({ appearance: {
          theme: "night",
          variables: { colorBackground: "#102030" },
          rules: { ".Input": { borderTopWidth: "3px", boxShadow: "none" } },
        } })"""
    )

    assert await background() == "rgb(16, 32, 48)"
    await expect(demo.get_by_label("Card number")).to_have_css("border-top-width", "3px")
    await expect(demo.get_by_label("Card number")).to_have_css("box-shadow", "none")
    await demo.get_by_label("Card number").focus()
    await expect(demo.get_by_label("Card number")).not_to_have_css("box-shadow", "none")
