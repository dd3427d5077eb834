"""An invited person's way: from the letter to the staff, with and without an account."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shophub.state.admin.audit_log import AuditLogState
from shophub.state.admin.settings import SettingsState
from shophub.state.admin.users import UsersState
from tests.e2e.axe import scan, scan_all
from tests.e2e.conftest import OpenTab, go_live
from tests.e2e.people import PASSWORD, change, person, send_invite
from tests.e2e.records import Records
from tests.e2e.shop_server import ShopServer
from tests.security.live import tab

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet_log")]
PAGE = "/admin/accept-invite"


async def open_link(page: Page, link: str) -> None:
    """Follow the link of a letter."""
    parts = urlsplit(link)
    await go_live(page, f"{parts.path}?{parts.query}")
    await expect(page).to_have_url(re.compile(f"{PAGE}$"))


def role_of(records: Records, email: str) -> str | None:
    found = records.rows("SELECT role FROM users WHERE email = %(email)s", email=email)
    return found[0]["role"] if found else None


async def test_known_failure_28_invited_by_mail_to_an_address_without_an_account(
    page: Page, shop: ShopServer, records: Records
) -> None:
    """Known failure 28: the page needs a sign-in that nobody has; it says "e-mail sent", and none is."""
    email = f"{uuid4().hex}@example.com"
    copied = send_invite(shop, records, email)
    await page.goto(f"/sandbox/mail?to={email}")
    await page.get_by_role("link", name=re.compile("invite", re.IGNORECASE)).first.click(timeout=20_000)
    await page.get_by_role("link", name="Plain text").click()
    letter = await page.locator("#text").inner_text()
    mailed = re.search(rf"\S+{PAGE}\?token=\S+", letter)
    assert mailed is not None
    assert mailed[0] == copied

    await open_link(page, mailed[0])
    await expect(page.get_by_text(email)).to_be_visible()
    await page.get_by_label("Full name").fill("Ada Admin")
    await page.locator("main").get_by_label("Password", exact=True).fill("password1")
    await page.get_by_role("button", name="Accept the invite").click()
    await expect(page.locator("#password-error")).to_be_visible()
    assert email not in page.url
    await expect(page.get_by_label("Full name")).to_have_value("Ada Admin")
    assert role_of(records, email) is None
    await page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Welcome, Ada Admin. You are one of the staff now.")).to_be_visible()
    assert role_of(records, email) == "ADMIN"
    await open_link(page, copied)
    await expect(page.get_by_role("heading", name="This invite is over")).to_be_visible()


async def test_account_that_exists_signs_in_and_accepts(page: Page, shop: ShopServer, records: Records) -> None:
    ada, ben = person(shop, records, "Ada Invited"), person(shop, records, "Ben Other")
    records.rows("UPDATE users SET email_verified_at = now() WHERE id = %(id)s", id=ada.id)
    link = send_invite(shop, records, ada.email)
    await ben.sit_down_at(page, "/orders")

    await open_link(page, link)
    await expect(page.get_by_text(ben.email)).to_be_visible()
    await page.locator("main").get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile(f"{PAGE}$"))
    await page.locator("main").get_by_role("link", name="Sign in").click()
    await page.get_by_label("E-mail address").fill(ada.email)
    await page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    await expect(page).to_have_url(re.compile(f"{PAGE}$"))
    await page.get_by_role("button", name="Accept the invite").click()

    await expect(page.get_by_text("Welcome, Ada Invited.")).to_be_visible()
    assert (role_of(records, ada.email), role_of(records, ben.email)) == ("ADMIN", "CUSTOMER")


async def test_axe_finds_nothing_on_the_page_of_an_invite(page: Page, shop: ShopServer, records: Records) -> None:
    ada = person(shop, records, "Ada Looks")
    records.rows("UPDATE users SET email_verified_at = now() WHERE id = %(id)s", id=ada.id)
    newcomer = send_invite(shop, records, f"{uuid4().hex}@example.com")
    link = send_invite(shop, records, ada.email)

    await open_link(page, newcomer)
    found = await scan_all(page, "newcomer")
    await page.locator("main").get_by_label("Password", exact=True).fill("short and")
    await page.get_by_role("button", name="Accept the invite").click()
    await page.goto(f"{PAGE}?error=weak_password")
    await expect(page.locator("#password-error")).to_be_visible()
    found += await scan_all(page, "newcomer with errors")
    await open_link(page, link)
    found += await scan_all(page, "to sign in")
    await person(shop, records, "Ben Looks").sit_down_at(page, PAGE)
    found += await scan_all(page, "somebody else")
    await ada.sit_down_at(page, PAGE)
    found += await scan_all(page, "ready")
    change(shop, records, ada, {"isActive": False})
    await page.wait_for_url("**/login?**")
    await page.context.clear_cookies()
    await open_link(page, link)
    found += await scan_all(page, "deactivated")
    await page.context.clear_cookies()
    await go_live(page, PAGE)
    found += await scan_all(page, "over")

    assert found == []


async def newest_link(page: Page, email: str, other_than: str) -> str:
    """Return the link of an address's newest letter, once it is another than ``other_than``."""
    letter = page.get_by_role("link", name=re.compile("invite", re.IGNORECASE)).first
    for _ in range(100):
        await page.goto(f"/sandbox/mail?to={email}")
        if await letter.count():
            await letter.click()
            await page.get_by_role("link", name="Plain text").click()
            found = re.search(rf"\S+{PAGE}\?token=\S+", await page.locator("#text").inner_text())
            assert found is not None
            if found[0] != other_than:
                return found[0]
    raise AssertionError(f"No letter came to {email}.")


async def invite(page: Page, address: str) -> str:
    """Invite somebody from the page of people; return the link."""
    await page.get_by_role("button", name="Invite somebody").click()
    dialog = page.get_by_role("dialog", name="Invite somebody")
    await dialog.get_by_label("E-mail address").fill(address)
    await dialog.get_by_role("button", name="Send invite").click()
    link = await page.get_by_label("Link", exact=True).input_value()
    await page.get_by_role("button", name="Done").click()
    return link


async def test_owner_invites_an_admin_who_works_and_is_refused_what_admins_may_not_do(
    page: Page, shop: ShopServer, records: Records, open_tab: OpenTab, complaints: list[str]
) -> None:
    owner, email, other = (
        person(shop, records, "Olga Invites", "SUPER_ADMIN"),
        *(f"{uuid4().hex}@example.com" for _ in range(2)),
    )
    await owner.sit_down_at(page, "/admin/users")

    revoked = await invite(page, other)
    await page.get_by_role("button", name=f"Revoke the invite for {other}").click()
    await expect(page.get_by_role("button", name=f"Revoke the invite for {other}")).to_have_count(0)
    first = await invite(page, email)
    assert await scan(page, "people with an invite") == []
    await page.get_by_role("button", name=f"New link for {email}").click()
    second = await page.get_by_label("Link", exact=True).input_value()
    assert await scan(page, "a link to copy") == []
    await page.get_by_role("button", name="Done").click()

    guest = await open_tab()
    assert await newest_link(guest, email, first) == second
    for over in (revoked, first):
        await open_link(guest, over)
        await expect(guest.get_by_role("heading", name="This invite is over")).to_be_visible()
    await open_link(guest, second)
    await guest.get_by_label("Full name").fill("Ada Admin")
    await guest.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
    await guest.get_by_role("button", name="Accept the invite").click()
    await expect(guest.get_by_text("Welcome, Ada Admin. You are one of the staff now.")).to_be_visible()

    await go_live(guest, "/admin/orders")
    await expect(guest.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
    sidebar = guest.get_by_role("navigation", name="Back office")
    await expect(sidebar.get_by_role("link", name="Orders")).to_be_visible()
    await expect(sidebar.get_by_role("link", name="Settings")).to_have_count(0)
    for path in ("/admin/users", "/admin/settings", "/admin/audit-log"):
        await guest.goto(path)
        await expect(guest.get_by_role("heading", name="This page is not for this account")).to_be_visible()
    assert (await guest.context.request.get("/admin/audit-log.csv")).status == 403
    patch = await guest.context.request.patch(f"/api/admin/users/{owner.id}", data={"role": "ADMIN"})
    assert patch.status == 403
    await refused_directly(guest, shop, other)
    assert role_of(records, owner.email) == "SUPER_ADMIN"
    assert records.rows("SELECT 1 FROM invites WHERE email = %(email)s AND role = 'SUPER_ADMIN'", email=other) == []
    complaints[:] = [said for said in complaints if "403" not in said]


async def refused_directly(guest: Page, shop: ShopServer, address: str) -> None:
    """Send an admin's events past the pages: each is refused."""
    (cookie,) = (one for one in await guest.context.cookies() if one["name"] == "shophub_session")
    async with tab(shop.url, f"shophub_session={cookie['value']}") as direct:
        for state, handler, payload in (
            (UsersState, "invite", {"form_data": {"email": address, "invite_role": "SUPER_ADMIN"}}),
            (SettingsState, "switch", {"name": "maintenance_enabled", "is_on": True}),
            (AuditLogState, "load", {}),
        ):
            await direct.send(f"{state.get_full_name()}.{handler}", payload, path="/admin")
            assert "may not do this" in await direct.until("may not do this")
