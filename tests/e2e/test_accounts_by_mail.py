"""Accounts and their e-mails, as people meet them: registering, confirming, forgetting, choosing anew."""

import asyncio
import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.shop_server import ShopServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("worker", "quiet_log")]
PASSWORD, NEW = "copper fox at noon", "seven otters by moonlight"
LINK = re.compile(r"https?://\S+token=\S+")


def address() -> str:
    return f"{uuid4().hex[:12]}@example.com"


async def link_mailed(shop: ShopServer, to: str, subject: str) -> str:
    """Wait for an e-mail and return its link, as a path of this server."""
    async with httpx.AsyncClient(base_url=shop.url, trust_env=False) as http:
        for _ in range(200):
            for message in (await http.get("/sandbox/mail/messages", params={"to": to})).json()["items"]:
                if subject in message["subject"]:
                    found = LINK.search(message["text"])
                    assert found is not None, message["text"]
                    return re.sub(r"^https?://[^/]+", "", found[0])
            await asyncio.sleep(0.1)
    raise AssertionError(f"no e-mail came: {subject}")


async def register(page: Page, email: str, path: str = "/register") -> None:
    await go_live(page, path)
    await page.get_by_label("Full name").fill("Ada Shopper")
    await page.get_by_label("E-mail address").fill(email)
    await page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await page.wait_for_url(lambda url: "/register" not in url)


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail address").fill(email)
    await page.locator("main").get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def test_forgotten_password_is_replaced_by_keyboard_alone(
    shop: ShopServer, page: Page, open_tab: OpenTab
) -> None:
    email = address()
    other = await open_tab()
    await register(other, email)
    await go_live(page, "/login")
    await page.get_by_role("link", name=re.compile("[Ff]org")).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
    await page.get_by_label("E-mail address").focus()
    await page.keyboard.type(email)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    await expect(page.locator("main")).to_contain_text(f"If there is an account with {email}")
    assert email not in page.url

    await page.goto(await link_mailed(shop, email, "Choose a new password"))
    await expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
    assert page.url == f"{shop.url}/reset-password"
    await expect(page.locator("main")).to_contain_text(email)
    await page.get_by_label("New password").focus()
    await page.keyboard.type(NEW)
    await expect(page.get_by_text("Strong", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Your password was changed. Please sign in with it.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(page, email, NEW)
    await page.wait_for_url(f"{shop.url}/")
    await go_live(other, "/orders")
    await other.wait_for_url(re.compile("/login"))


async def test_link_that_was_used_leads_to_a_new_one(shop: ShopServer, page: Page) -> None:
    email = address()
    await register(page, email)
    await page.context.clear_cookies()
    await go_live(page, "/forgot-password")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send the link").click()
    link = await link_mailed(shop, email, "Choose a new password")
    await page.goto(link)
    await page.get_by_label("New password").fill(NEW)
    await page.get_by_role("button", name="Save the new password").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    await page.goto(link)

    await expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    await page.get_by_role("link", name="Ask for a new link").click()
    await expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()


async def test_refused_registration_says_what_is_wrong_beside_the_field(page: Page) -> None:
    email = address()
    await go_live(page, "/register?next=/cart")
    await page.get_by_label("Full name").fill("Ada Shopper")
    await page.get_by_label("E-mail address").fill(email)
    password = page.locator("main").get_by_label("Password", exact=True)
    await password.fill("password123")
    await expect(page.get_by_text("This one is among the first that others would try.")).to_be_visible()
    await page.get_by_role("button", name="Create account").click()

    await expect(page.get_by_text("Choose another password")).to_be_visible()
    await expect(page.get_by_label("Full name")).to_have_value("Ada Shopper")
    await expect(page.get_by_label("E-mail address")).to_have_value(email)
    await expect(password).to_have_value("")
    await expect(password).to_have_attribute("aria-invalid", "true")
    await expect(password).to_be_focused()
    await expect(page).to_have_title(re.compile("^Error: Create an account"))
    assert email not in page.url
    assert email.partition("@")[0] not in page.url
    assert await scan_all(page, "register, refused") == []

    await password.fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/cart$"))


async def test_address_is_confirmed_by_the_link_mailed_again(shop: ShopServer, page: Page) -> None:
    email = address()
    await register(page, email, "/register?next=/verify-email")
    await expect(page.locator("main")).to_contain_text(f"We sent a link to {email}")
    await page.locator("main").get_by_role("button", name="Send the link again").click()
    await expect(page.get_by_text(f"A new link is on its way to {email}.")).to_be_visible()
    assert await scan_all(page, "verify") == []

    await page.goto("/verify-email?token=guess")
    await expect(page.get_by_text("This link is not valid any more.")).to_be_visible()
    await expect(page.locator("main")).to_contain_text(f"We sent a link to {email}")
    await page.goto(await link_mailed(shop, email, "Confirm your e-mail address"))

    await expect(page.get_by_text("Thank you. Your e-mail address is confirmed.")).to_be_visible()
    await go_live(page, "/verify-email")
    await expect(page.locator("main")).to_contain_text(f"{email} is confirmed.")


async def test_link_opened_elsewhere_asks_to_sign_in_before_it_confirms(
    shop: ShopServer, page: Page, open_tab: OpenTab
) -> None:
    email = address()
    await register(page, email)
    phone = await open_tab()
    await phone.goto(await link_mailed(shop, email, "Confirm your e-mail address"))
    await expect(phone.locator("main")).to_contain_text(f"Somebody made an account with {email}. If it was you")
    assert phone.url == f"{shop.url}/verify-email"
    assert await scan_all(phone, "asked") == []
    await go_live(page, "/orders")
    await expect(page.locator("main").get_by_text("Please confirm your e-mail address.")).to_be_visible()
    assert await scan_all(page, "banner") == []

    await expect(phone.get_by_role("button", name="Yes, confirm my address")).to_have_count(0)
    await phone.get_by_role("link", name="Sign in to confirm").click()
    await expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(phone, email, PASSWORD)
    await expect(phone.locator("main")).to_contain_text(f"Your account has the address {email}.")
    assert await scan_all(phone, "asked, signed in") == []
    await phone.get_by_role("button", name="Yes, confirm my address").click()

    await expect(phone.get_by_text("Thank you. Your e-mail address is confirmed.")).to_be_visible()
    await go_live(page, "/orders")
    await expect(page.get_by_role("heading", name="No orders yet")).to_be_visible()
    await expect(page.get_by_text("Please confirm your e-mail address.")).to_have_count(0)


async def test_link_for_an_account_that_somebody_else_made_leads_to_a_new_password(
    shop: ShopServer, page: Page, open_tab: OpenTab
) -> None:
    email = address()
    stranger = await open_tab()
    await register(stranger, email)
    await register(page, address())

    await page.goto(await link_mailed(shop, email, "Confirm your e-mail address"))
    await expect(page.locator("main")).to_contain_text("You are signed in to another account")
    assert await scan_all(page, "asked, signed in to another account") == []
    await page.locator("main").get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in to confirm")).to_be_visible()
    await expect(page.locator("main")).to_contain_text(f"Somebody made an account with {email}.")
    await page.get_by_role("link", name="Choose a new password").click()
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    await page.goto(await link_mailed(shop, email, "Choose a new password"))
    await page.get_by_label("New password").fill(NEW)
    await page.get_by_role("button", name="Save the new password").click()
    await expect(page.get_by_text("Your password was changed. Please sign in with it.")).to_be_visible()
    await sign_in(page, email, NEW)
    await page.wait_for_url(f"{shop.url}/")

    await go_live(page, "/verify-email")
    await expect(page.locator("main")).to_contain_text(f"{email} is confirmed.")
    await go_live(stranger, "/orders")
    await stranger.wait_for_url(re.compile("/login"))


async def test_axe_finds_nothing_in_any_state_of_the_forms(shop: ShopServer, page: Page) -> None:
    found: list[str] = []
    # Without a link or an error they are scanned with all other pages.
    for path in ("/register?setup", "/forgot-password?error=invalid_email"):
        await go_live(page, path)
        await expect(page.locator("main h1")).to_be_visible()
        found += await scan_all(page, path)
    await go_live(page, "/register")
    for password, label in (("short", "Too weak"), ("blue kettl", "Fair"), (NEW, "Strong")):
        await page.locator("main").get_by_label("Password", exact=True).fill(password)
        await expect(page.get_by_text(label, exact=True)).to_be_visible()
        found += await scan_all(page, f"meter: {label}")
    email = address()
    await register(page, email)
    await page.context.clear_cookies()
    await go_live(page, "/forgot-password")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    found += await scan_all(page, "sent")
    await page.goto(await link_mailed(shop, email, "Choose a new password"))
    await expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
    found += await scan_all(page, "new password")
    assert found == []


async def test_setup_token_is_asked_for_where_the_address_says_so(page: Page) -> None:
    await go_live(page, "/register")
    await expect(page.get_by_label("Setup token")).to_have_count(0)

    await go_live(page, "/register?setup")

    await expect(page.get_by_label("Setup token")).to_have_value("")
