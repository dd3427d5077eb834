"""The account area in a browser: profile, password, address, devices, one's data, and the way out."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import scan, scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.records import Records
from tests.e2e.shopper import PASSWORD, Shopper

pytestmark = pytest.mark.browser
NEW_PASSWORD = "quite another phrase 2"


async def join(page: Page, name: str, where: str = "/account/profile") -> Shopper:
    """Register and open a page of the account."""
    shopper = Shopper(page, name)
    await go_live(page, f"/register?next={where}")
    await shopper.register()
    await page.wait_for_url(f"**{where}")
    await expect(page.locator("main h1")).to_be_visible()
    return shopper


async def sign_in(page: Page, shopper: Shopper, password: str) -> None:
    """Sign in from another browser."""
    await go_live(page, "/login?next=/account/security")
    await page.get_by_label("E-mail address").fill(shopper.email)
    await page.locator("main").get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def change_password(page: Page, present: str, new: str) -> None:
    await page.get_by_label("Present password").fill(present)
    await page.get_by_label("New password").fill(new)
    await page.get_by_role("button", name="Change password").click()


async def test_name_and_wishes_are_kept_and_the_menu_leads_there(tab: Page, quiet_log: None) -> None:
    page = tab
    await join(page, "Nora Rename" if (page.viewport_size or {})["width"] > 500 else "Nora Small", "/orders")
    await page.get_by_role("navigation", name="Your account").get_by_role("link", name="Profile").click()
    await expect(page.get_by_role("heading", name="Your profile")).to_be_visible()

    await page.get_by_label("Full name").fill("N")
    await page.get_by_role("button", name="Save name").click()
    await expect(page.get_by_text("Enter your name, 2 characters or more.")).to_be_visible()
    await expect(page.get_by_label("Full name")).to_be_focused()
    await page.get_by_label("Full name").fill("Nora Newname")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved.", exact=True).first).to_be_visible()
    await page.get_by_role("switch", name="Reminders and offers").press("Space")
    await page.get_by_role("switch", name="Back in stock").press("Space")
    await expect(page.get_by_role("switch", name="Reminders and offers")).to_be_checked()
    await expect(page.get_by_role("switch", name="Back in stock")).not_to_be_checked()

    await go_live(page, "/account/profile")
    await expect(page.get_by_label("Full name")).to_have_value("Nora Newname")
    await expect(page.get_by_role("switch", name="Reminders and offers")).to_be_checked()
    await expect(page.get_by_role("switch", name="Back in stock")).not_to_be_checked()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_password_is_changed_by_who_knows_it_and_others_are_signed_out(
    page: Page, open_tab: OpenTab, quiet_log: None
) -> None:
    shopper = await join(page, "Paula Password", "/account/security")
    other = await open_tab()
    await sign_in(other, shopper, PASSWORD)
    await expect(other.get_by_role("heading", name="Security")).to_be_visible()

    await change_password(page, "not my password 9", NEW_PASSWORD)
    await expect(page.get_by_text("That is not your present password.")).to_be_visible()
    await expect(page.get_by_label("Present password")).to_be_focused()
    await expect(page).to_have_url(re.compile(r"/account/security$"))
    await change_password(page, PASSWORD, NEW_PASSWORD)
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()

    await other.wait_for_url("**/login**")
    await sign_in(other, shopper, PASSWORD)
    await expect(other.get_by_text("E-mail address or password is not right.")).to_be_visible()
    await sign_in(other, shopper, NEW_PASSWORD)
    await expect(other.get_by_role("heading", name="Security")).to_be_visible()


async def test_device_is_signed_out_from_afar(page: Page, open_tab: OpenTab, quiet_log: None) -> None:
    shopper = await join(page, "Dora Devices", "/account/security")
    phone = await open_tab()
    await sign_in(phone, shopper, PASSWORD)
    await expect(phone.get_by_role("heading", name="Security")).to_be_visible()

    await go_live(page, "/account/security")
    devices = page.locator("#devices > li")
    await expect(devices).to_have_count(2)
    await expect(devices.first).to_contain_text("This device")
    await expect(devices.first).to_contain_text("Chrome on Linux")
    await expect(devices.first.get_by_role("button")).to_have_count(0)
    await devices.last.get_by_role("button", name="Sign out").click()

    await expect(devices).to_have_count(1)
    await expect(page.locator("#devices-title")).to_be_focused()
    await phone.wait_for_url("**/login**")


async def test_new_address_is_confirmed_from_there_and_the_former_is_told(
    page: Page, worker: None, open_tab: OpenTab, quiet_log: None
) -> None:
    shopper = await join(page, "Elsa Email", "/account/security")
    former, shopper_new = shopper.email, "elsa.new@example.com"
    await page.get_by_label("New e-mail address").fill("not an address")
    await page.get_by_role("button", name="Change e-mail address").click()
    await expect(page.get_by_text("Enter a real e-mail address")).to_be_visible()
    await page.get_by_label("New e-mail address").fill(shopper_new)
    await page.get_by_role("button", name="Change e-mail address").click()
    await expect(page.locator("#email-pending")).to_contain_text(shopper_new)

    shopper.email = shopper_new
    letter = await shopper.read_mail("Confirm your new e-mail address")
    link = re.search(r"https?://\S+/confirm-email\?token=\S+", letter)
    assert link is not None
    path = link[0][link[0].index("/confirm-email") :]
    stranger = await open_tab()
    refused = await stranger.request.get(path)
    assert (refused.status, shopper_new in await refused.text()) == (401, False)
    await page.goto(path)
    await expect(page.get_by_text(shopper_new)).to_be_visible()
    assert await scan(page, "confirm the address") == []
    await page.get_by_role("button", name="Use this address").click()
    await expect(page.get_by_text("Your new e-mail address is confirmed.")).to_be_visible()
    await expect(page.get_by_text(f"You sign in with {shopper_new}.")).to_be_visible()

    shopper.email = former
    assert "uses another e-mail address" in await shopper.read_mail("was changed")
    shopper.email = shopper_new
    other = await open_tab()
    await sign_in(other, shopper, PASSWORD)
    await expect(other.get_by_role("heading", name="Security")).to_be_visible()


async def test_own_data_are_downloaded(page: Page, tmp_path: Path, quiet_log: None) -> None:
    shopper = await join(page, "Dana Data", "/account/security")

    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Download my data").click()
    download = await waiting.value

    await download.save_as(tmp_path / download.suggested_filename)
    document = json.loads((tmp_path / "my-data.json").read_text())
    assert document["account"]["email"] == shopper.email
    assert len(document["sessions"]) == 1


async def test_account_is_deleted_by_who_types_its_address(page: Page, open_tab: OpenTab, quiet_log: None) -> None:
    shopper = await join(page, "Gina Gone", "/account/security")
    dialog = page.get_by_role("dialog", name="Delete your account?")
    await page.get_by_role("button", name="Delete my account").click()
    await expect(dialog.get_by_role("button", name="Keep the account")).to_be_visible()
    assert await scan_all(page, "deletion") == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()

    await page.get_by_role("button", name="Delete my account").click()
    await dialog.get_by_label("Type").fill("yes")
    await dialog.get_by_role("button", name="Delete account").click()
    await expect(dialog.get_by_text("That is not the e-mail address of this account.")).to_be_visible()
    await dialog.get_by_label("Type").fill(shopper.email.upper())
    await dialog.get_by_role("button", name="Delete account").click()
    await expect(page.get_by_text("Your account is deleted.")).to_be_visible()

    await expect(page.locator("header").get_by_role("link", name="Account")).to_be_visible()
    other = await open_tab()
    await sign_in(other, shopper, PASSWORD)
    await expect(other.get_by_text("E-mail address or password is not right.")).to_be_visible()


async def test_what_matters_asks_for_the_password_again_after_a_while(page: Page, records: Records) -> None:
    """A session that was left open cannot be turned into an account of its finder."""
    shopper = await join(page, "Stella Stepup", "/account/security")
    records.rows(
        "UPDATE sessions SET step_up_at = now() - interval '11 minutes'"
        " WHERE user_id = (SELECT id FROM users WHERE email = %(email)s)",
        email=shopper.email,
    )
    await page.get_by_label("New e-mail address").fill("thief@example.com")
    await page.get_by_role("button", name="Change e-mail address").click()

    dialog = page.get_by_role("dialog", name="Is it you?")
    await expect(dialog).to_be_visible()
    await expect(page.locator("#email-pending")).to_have_count(0)
    await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    await dialog.get_by_role("button", name="Confirm").click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Change e-mail address").click()
    await expect(page.locator("#email-pending")).to_contain_text("thief@example.com")


async def test_axe_finds_nothing_in_the_account(page: Page) -> None:
    found: list[str] = []
    await join(page, "Axel Axe", "/account/profile")
    found += await scan_all(page, "/account/profile")
    await go_live(page, "/account/security")
    await page.get_by_label("New password").fill("abc")
    await page.get_by_label("New e-mail address").fill("nobody")
    await page.get_by_role("button", name="Change e-mail address").click()
    await expect(page.get_by_text("Enter a real e-mail address")).to_be_visible()
    found += await scan_all(page, "/account/security with an error")
    await go_live(page, "/orders")
    found += await scan_all(page, "/orders, empty")
    assert found == []
