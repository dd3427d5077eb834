"""What a shopper does in the Payment Element."""

from playwright.async_api import Page


async def fill_card(page: Page, number: str, expiry: str = "12/34", cvc: str = "123") -> None:
    """Type a card."""
    await page.get_by_label("Card number").fill(number)
    await page.get_by_label("Expiration date").fill(expiry)
    await page.get_by_label("Security code").fill(cvc)


async def press_pay(page: Page) -> None:
    """Press the page's button."""
    await page.get_by_role("button", name="Pay").click()
