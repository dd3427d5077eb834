"""The sandbox's Payment Element in Chromium, under the policy that the shop's pages have."""

from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from playwright.async_api import expect

from tests.sandbox.element import fill_card, press_pay
from tools.packages import install

pytestmark = pytest.mark.browser


async def test_card_is_paid_with_the_keyboard_alone(demo, client):
    await demo.get_by_label("Card number").focus()
    await demo.keyboard.type("4242424242424242")
    await demo.keyboard.press("Tab")
    await demo.keyboard.type("1234")
    await demo.keyboard.press("Tab")
    await demo.keyboard.type("123")
    await demo.keyboard.press("Enter")

    await expect(demo.get_by_role("status")).to_have_text("Payment succeeded.")
    assert await demo.get_by_label("Card number").input_value() == "4242 4242 4242 4242"
    assert await demo.get_by_label("Expiration date").input_value() == "12 / 34"
    (intent,) = client.v1.payment_intents.list().data
    assert (intent.status, intent.amount_received) == ("succeeded", 5_998)


async def test_decline_is_shown_and_a_second_card_works(demo, client):
    await fill_card(demo, "4000000000000002")
    await press_pay(demo)
    await expect(demo.get_by_role("status")).to_have_text("Your card was declined.")

    await fill_card(demo, "4242424242424242")
    await press_pay(demo)

    await expect(demo.get_by_role("status")).to_have_text("Payment succeeded.")
    assert sorted(charge.status for charge in client.v1.charges.list().data) == ["failed", "succeeded"]


async def test_authentication_can_fail_and_then_be_completed(demo):
    await fill_card(demo, "4000002500003155")
    await press_pay(demo)
    await expect(demo.get_by_role("dialog", name="Confirm it is you")).to_contain_text("$59.98")
    await demo.get_by_role("button", name="Fail authentication").click()
    await expect(demo.get_by_role("status")).to_contain_text("unable to authenticate")
    await expect(demo.get_by_role("dialog")).to_have_count(0)

    await press_pay(demo)
    await demo.get_by_role("button", name="Complete authentication").click()

    await expect(demo.get_by_role("status")).to_have_text("Payment succeeded.")


async def test_escape_fails_the_authentication_and_focus_returns(demo):
    await fill_card(demo, "4000002500003155")
    await demo.keyboard.press("Enter")
    await expect(demo.get_by_role("dialog")).to_be_visible()

    await demo.keyboard.press("Escape")

    await expect(demo.get_by_role("status")).to_contain_text("unable to authenticate")
    await expect(demo.get_by_label("Security code")).to_be_focused()


@pytest.mark.parametrize(
    ("number", "expiry", "cvc", "label", "message"),
    [
        ("4242 4242", "12/34", "123", "Card number", "Your card number is incomplete."),
        ("4242 4242 4242 4241", "12/34", "123", "Card number", "Your card number is invalid."),
        ("4242 4242 4242 4242", "12/20", "123", "Expiration date", "Your card's expiration date is in the past."),
        ("4242 4242 4242 4242", "13/34", "123", "Expiration date", "Your card's expiration month is invalid."),
        ("3782 822463 10005", "12/34", "123", "Security code", "Your card's security code is incomplete."),
    ],
)
async def test_mistakes_are_named_beside_their_field(demo, number, expiry, cvc, label, message):
    await fill_card(demo, number, expiry, cvc)
    await press_pay(demo)

    field = demo.get_by_label(label)
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    described = await field.get_attribute("aria-describedby")
    await expect(demo.locator(f"#{described}")).to_have_text(message)


async def test_a_real_card_number_is_refused_and_never_kept(demo, sandbox_database):
    await fill_card(demo, "4111 1111 1111 1111")
    await press_pay(demo)

    await expect(demo.get_by_role("status")).to_contain_text("non test (live) card")
    with psycopg.connect(sandbox_database) as connection:
        rows = connection.execute("SELECT body::text || private::text FROM sandbox.stripe_objects").fetchall()
    assert not any("4111111111111111" in row[0] for row in rows)


async def test_a_form_around_the_element_holds_no_card_data(demo):
    await fill_card(demo, "4242424242424242")

    names = await demo.evaluate("[...new FormData(document.getElementById('form')).keys()]")

    assert names == []
    fields = demo.locator(".sbx-input:visible")
    assert await fields.evaluate_all("list => list.map(f => [f.autocomplete, f.inputMode])") == [
        ["cc-number", "numeric"],
        ["cc-exp", "numeric"],
        ["cc-csc", "numeric"],
    ]


async def test_bank_account_is_processing(demo, client):
    await demo.get_by_role("radio", name="US bank account").check()
    await demo.get_by_label("Routing number").fill("110000000")
    await demo.get_by_label("Account number").fill("000000000009")
    await press_pay(demo)

    await expect(demo.get_by_role("status")).to_have_text("Payment processing.")
    assert client.v1.payment_intents.list().data[0].status == "processing"


async def test_test_cards_fill_the_form(demo):
    await demo.get_by_text("Test cards", exact=True).click()
    await demo.get_by_role("button", name="Fill in 4242 4242 4242 4242").click()
    await press_pay(demo)

    await expect(demo.get_by_role("status")).to_have_text("Payment succeeded.")


@pytest.mark.parametrize("theme", ["stripe", "night"])
async def test_element_has_no_accessibility_faults(demo, sandbox, theme):
    axe = install("npm") / "axe-core" / "axe.min.js"
    await demo.goto(f"{sandbox.url}/stripe/demo?theme={theme}")
    await expect(demo.get_by_label("Card number")).to_be_visible()
    await demo.get_by_text("Test cards", exact=True).click()
    await demo.get_by_label("Expiration date").fill("12")
    await press_pay(demo)
    await demo.evaluate(axe.read_text())

    found = await demo.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    assert found == []

    await fill_card(demo, "4000002500003155")
    await demo.get_by_label("Security code").press("Enter")
    await expect(demo.get_by_role("dialog")).to_be_visible()
    found = await demo.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    assert found == []
    assert await demo.evaluate("document.documentElement.scrollWidth") == 390


async def test_network_failure_is_told_and_can_be_retried(demo, problems):
    await fill_card(demo, "4242424242424242")
    await demo.route("**/confirm", lambda route: route.abort("internetdisconnected"))
    await press_pay(demo)
    await expect(demo.get_by_role("status")).to_contain_text("could not reach the payment service")
    problems.clear()  # the browser itself writes down that it was offline

    await demo.unroute("**/confirm")
    await press_pay(demo)

    await expect(demo.get_by_role("status")).to_have_text("Payment succeeded.")


async def test_redirect_page_of_the_bank_leads_back_with_the_outcome(chromium, client, sandbox):
    page = await chromium.new_page()
    for button, outcome, status in (
        ("Complete authentication", "succeeded", "succeeded"),
        ("Fail authentication", "failed", "requires_payment_method"),
    ):
        intent = client.v1.payment_intents.create(
            {
                "amount": 5_998,
                "currency": "usd",
                "confirm": True,
                "payment_method": "pm_card_authenticationRequired",
                "return_url": f"{sandbox.url}/stripe/demo?back=1",
            }
        )
        assert intent.next_action.type == "redirect_to_url"
        await page.goto(sandbox.url.removesuffix("/sandbox") + intent.next_action.redirect_to_url.url)
        await page.get_by_role("button", name=button).click()
        await expect(page.get_by_label("Card number")).to_be_visible()

        query = parse_qs(urlsplit(page.url).query)
        assert query["back"] == ["1"]
        assert (query["payment_intent"], query["redirect_status"]) == ([intent.id], [outcome])
        assert client.v1.payment_intents.retrieve(intent.id).status == status
    await page.close()
