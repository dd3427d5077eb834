"""Two-factor sign-in in the browser: set up, signed in with, switched off; and the password asked for once more."""

import re
import time
from itertools import count
from urllib.parse import unquote

import psycopg
import pyotp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import scan_all
from tests.e2e.conftest import PHONE, go_live
from tests.e2e.shop_server import ShopServer
from tests.e2e.shopper import PASSWORD

SECURITY = "/account/security"
_numbers = count()

pytestmark = pytest.mark.usefixtures("quiet_log")


class Owner:
    """Somebody with an account and an authenticator app."""

    def __init__(self, page: Page, shop: ShopServer) -> None:
        """Sit down in front of ``page``."""
        self.page = page
        self.email = f"owner{next(_numbers)}.{time.time_ns()}@example.com"
        self._url = shop.url
        self._database_url = shop.database_url
        self._secret = ""

    @property
    def dialog(self) -> Locator:
        """The dialog that asks for the password once more."""
        return self.page.get_by_role("dialog", name="Is it you?")

    def code(self, steps: int = 0) -> str:
        """Return the app's code, some half minutes from now."""
        return pyotp.TOTP(self._secret).at(int(time.time()) + 30 * steps)

    async def register(self, goes_on_to: str = SECURITY) -> None:
        """Make an account."""
        await go_live(self.page, f"/register?next={goes_on_to}")
        await self.page.get_by_label("Full name").fill("Olga Owner")
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Create account").click()
        await self.page.wait_for_url(f"**{goes_on_to}")

    async def begin_set_up(self) -> None:
        """Have the secret shown, and take it into the app."""
        await self.page.get_by_role("button", name="Set up two-factor sign-in").click()
        await expect(self.page.get_by_label("Code", exact=True)).to_be_focused()
        self._secret = (await self.page.locator("main code").inner_text()).replace(" ", "")

    async def set_up(self) -> list[str]:
        """Switch it on; returns the recovery codes, which are still shown."""
        await self.begin_set_up()
        await self.page.get_by_label("Code", exact=True).fill(self.code(-1))
        await self.page.get_by_role("button", name="Switch on").click()
        await expect(self.page.get_by_role("heading", name="Your recovery codes")).to_be_focused()
        return await self.page.locator("main ul.font-mono li").all_inner_texts()

    async def sign_out(self) -> None:
        """End the session, as another tab of this browser would."""
        await self.page.goto("about:blank")
        answer = await self.page.request.post("/auth/logout", headers={"Origin": self._url}, max_redirects=0)
        assert answer.status == 303

    async def enter_password(self, page_path: str = "/login") -> None:
        """Fill in and send the sign-in form."""
        await go_live(self.page, page_path)
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in", exact=True).click()

    def age_password(self) -> None:
        """Let the last entry of the password be eleven minutes ago."""
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            connection.execute(
                "UPDATE sessions SET step_up_at = now() - interval '11 minutes'"
                " WHERE user_id = (SELECT id FROM users WHERE email = %s)",
                (self.email,),
            )


@pytest.fixture
def owner(page: Page, shop: ShopServer) -> Owner:
    """Somebody on a desk."""
    return Owner(page, shop)


async def test_second_factor_is_set_up_and_asked_for_at_sign_in(owner: Owner, page: Page) -> None:
    await owner.register()

    codes = await owner.set_up()

    assert len(set(codes)) == 10
    link = page.get_by_role("link", name="Save as text")
    assert await link.get_attribute("download") == "recovery-codes.txt"
    file = unquote(await link.get_attribute("href") or "")
    assert all(code in file for code in codes)
    await page.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_text("10 of 10 recovery codes are left.")).to_be_visible()
    assert codes[0] not in await page.content()

    await owner.sign_out()
    await owner.enter_password(f"/login?next={SECURITY}")
    await expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    await expect(page.get_by_label("Code", exact=True)).to_be_focused()
    assert await page.get_by_label("Code", exact=True).get_attribute("autocomplete") == "one-time-code"
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("That code is not right.")).to_be_visible()
    await expect(page.get_by_label("Code", exact=True)).to_be_focused()
    await page.keyboard.type(owner.code(1))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{SECURITY}")

    await owner.sign_out()
    await owner.enter_password()
    await page.get_by_text("I do not have my phone").click()
    await page.get_by_label("Recovery code").fill(codes[0])
    await page.get_by_role("button", name="Sign in with a recovery code").click()
    await page.wait_for_url(re.compile("/$"))
    await go_live(page, SECURITY)
    await expect(page.get_by_text("9 of 10 recovery codes are left.")).to_be_visible()


async def test_sign_in_can_begin_again_with_another_account(owner: Owner, page: Page) -> None:
    await owner.register()
    await owner.set_up()
    await owner.sign_out()
    await owner.enter_password("/login?next=/cart")
    await expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()

    await page.get_by_role("button", name="Sign in with another account").click()

    await expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert page.url.endswith("/login?next=/cart") or page.url.endswith("/login?next=%2Fcart")


async def test_secret_is_gone_once_its_page_was_left(owner: Owner, page: Page) -> None:
    await owner.register()
    await owner.begin_set_up()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(str(frame))))

    await page.get_by_role("link", name="ShopHub").first.click()
    await expect(page.get_by_role("heading", name=re.compile("Good things"))).to_be_visible()
    await page.go_back()

    await expect(page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()
    await expect(page.locator("main code")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()
    await expect(page.locator("main code")).to_have_count(0)
    assert not any(owner._secret in frame.replace(" ", "") for frame in sent)


async def test_password_is_asked_for_again_and_the_button_then_works(owner: Owner, page: Page) -> None:
    await owner.register()
    await expect(page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()
    owner.age_password()
    begin = page.get_by_role("button", name="Set up two-factor sign-in")

    await begin.focus()
    await page.keyboard.press("Enter")
    await expect(owner.dialog).to_be_visible()
    await expect(page.locator("main code")).to_have_count(0)
    password = owner.dialog.get_by_label("Password", exact=True)
    await password.fill("wrong")
    await page.keyboard.press("Enter")
    await expect(owner.dialog.get_by_text("That password is not right.")).to_be_visible()
    await password.fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(owner.dialog).to_be_hidden()
    await expect(begin).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(page.locator("main code")).to_have_count(1)


async def test_switching_off_takes_the_code_or_the_password_again(owner: Owner, page: Page) -> None:
    await owner.register()
    await owner.set_up()
    await page.get_by_role("button", name="I have kept them").click()
    owner.age_password()

    await page.get_by_role("button", name="Switch off").first.click()
    await page.get_by_role("dialog", name="Switch off two-factor").get_by_role("button", name="Switch off").click()
    await expect(owner.dialog).to_be_visible()
    await owner.dialog.get_by_role("button", name="Use a code instead").click()
    await owner.dialog.get_by_label("Code", exact=True).fill(owner.code(1))
    await owner.dialog.get_by_role("button", name="Confirm").click()
    await expect(owner.dialog).to_be_hidden()

    await page.get_by_role("button", name="Switch off").first.click()
    await page.get_by_role("dialog", name="Switch off two-factor").get_by_role("button", name="Switch off").click()
    await expect(page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()


async def test_axe_finds_nothing_in_sign_in_codes_set_up_and_dialogs(owner: Owner, page: Page) -> None:
    await owner.register()
    await owner.begin_set_up()
    found = await scan_all(page, "set-up")
    await page.get_by_label("Code", exact=True).fill("000000")
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_text("That code is not right.")).to_be_visible()
    found += await scan_all(page, "wrong code", widths=(PHONE,))
    await page.get_by_label("Code", exact=True).fill(owner.code(-1))
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    found += await scan_all(page, "recovery codes")
    await page.get_by_role("button", name="I have kept them").click()
    await page.get_by_role("button", name="Switch off").first.click()
    found += await scan_all(page, "switching off", widths=(PHONE,))
    await page.keyboard.press("Escape")
    owner.age_password()
    await page.get_by_role("button", name="Get new recovery codes").click()
    await expect(owner.dialog).to_be_visible()
    found += await scan_all(page, "step-up")
    await page.keyboard.press("Escape")
    await owner.sign_out()
    await go_live(page, "/login")
    found += await scan_all(page, "sign in")
    await owner.enter_password()
    await expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    await page.get_by_text("I do not have my phone").click()
    found += await scan_all(page, "code")
    await page.get_by_label("Code", exact=True).fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("That code is not right.")).to_be_visible()
    found += await scan_all(page, "wrong code at sign-in", widths=(PHONE,))

    assert found == [], "\n".join(found)
