"""What a shopper does, in the words that stand on the pages."""

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import go_live
from tests.sandbox.element import fill_card

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
ASKING_CARD = "4000 0025 0000 3155"
# A bank account's payment that stays under way until the bank is told what to say.
TEST_ROUTING, SLOW_ACCOUNT = "110000000", "000000000009"
PASSWORD = "a rather long one 7"


class Shopper:
    """Somebody with a browser, a name and an address."""

    def __init__(self, page: Page, name: str) -> None:
        """Sit down in front of ``page``."""
        self.page = page
        self.name = name
        self.email = f"{name.lower().replace(' ', '.')}@example.com"

    @property
    def drawer(self) -> Locator:
        """The cart beside the page."""
        return self.page.get_by_role("dialog", name=re.compile("^Cart"))

    @property
    def pay_button(self) -> Locator:
        """The button that pays."""
        return self.page.get_by_role("button", name=re.compile(r"^Pay \$"))

    @property
    def bank(self) -> Locator:
        """The bank's question."""
        return self.page.get_by_role("dialog", name="Confirm it is you")

    async def take(self, slug: str, quantity: int = 1) -> None:
        """Put a product into the cart; leaves the drawer open."""
        await go_live(self.page, f"/products/{slug}")
        for _ in range(quantity - 1):
            await self.page.locator("main").get_by_role("button", name="One more").click()
        await self.page.get_by_role("button", name="Add to cart").click()
        await expect(self.drawer).to_be_visible()

    async def register(self) -> None:
        """Fill in and send the form of the page that is open."""
        await self.page.get_by_label("Full name").fill(self.name)
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Create account").click()

    async def register_from_sign_in(self) -> None:
        """Make an account, coming from the form that asks to sign in."""
        await self.page.get_by_role("link", name="Create an account").last.click()
        await expect(self.page.get_by_label("Full name")).to_be_visible()
        await self.register()

    async def sign_in(self) -> None:
        """Fill in and send the form of the page that is open."""
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.locator("main").get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()

    async def check_out(self) -> None:
        """Go from the open drawer to the checkout."""
        await self.drawer.get_by_role("link", name="Check out").click()
        await expect(self.page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()

    async def give_address(self, *, as_guest: bool = False) -> None:
        """Fill in contact and delivery."""
        if as_guest:
            await self.page.get_by_label("E-mail address").fill(self.email)
        for label, text in {
            "Full name": self.name,
            "Address": "1 Market Street",
            "Postal code": "94105",
            "City": "San Francisco",
        }.items():
            await self.page.get_by_label(label, exact=True).fill(text)

    async def go_on_to_payment(self) -> None:
        """Send the address and wait for the card form."""
        await self.page.get_by_role("button", name="Continue to payment").click()
        await expect(self.pay_button).to_be_enabled()

    async def pay_with(self, number: str) -> None:
        """Type a card and press Pay."""
        await fill_card(self.page, number)
        await self.pay_button.click()

    async def pay_by_bank_account(self, number: str) -> None:
        """Choose the bank account in place of the card, type its number and press Pay."""
        await self.page.get_by_text("US bank account", exact=True).click()
        await self.page.get_by_label("Routing number").fill(TEST_ROUTING)
        await self.page.get_by_label("Account number").fill(number)
        await self.pay_button.click()

    async def begin(self, slug: str, *, as_guest: bool = True) -> None:
        """Go as far as a filled-in address with one of a product, after registering unless as a guest."""
        if not as_guest:
            await go_live(self.page, f"/register?next=/products/{slug}")
            await self.register()
            await self.page.wait_for_url(f"**/products/{slug}")
        await self.take(slug)
        await self.check_out()
        await self.give_address(as_guest=as_guest)

    async def buy(self, slug: str, *, as_guest: bool = True) -> str:
        """Buy one of a product and return the order's number."""
        await self.begin(slug, as_guest=as_guest)
        await self.go_on_to_payment()
        await self.pay_with(GOOD_CARD)
        return await self.read_order_number()

    async def read_order_number(self) -> str:
        """Wait for the order's number on the page that is open, and return it."""
        number = self.page.locator("#order-number")
        await expect(number).to_have_text(re.compile(r"^SH-\d+$"), timeout=15_000)
        return await number.inner_text()

    async def read_mail(self, subject: str) -> str:
        """Open the mailbox, wait for the message, and return it as plain text."""
        await self.page.goto(f"/sandbox/mail?to={self.email}")
        await self.page.get_by_role("link", name=subject).first.click(timeout=20_000)
        await self.page.get_by_role("link", name="Plain text").click()
        return await self.page.locator("#text").inner_text()
