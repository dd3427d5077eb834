"""How a guest gets back to an order: the signed link of the e-mail, kept in a cookie for that order."""

from datetime import datetime

from shophub.domain.guest_orders import guest_order_token, token_end
from shophub.domain.order_numbers import order_number
from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.settings import get_settings

COOKIE_PREFIX = "shophub_order_"


def link(number: int, placed_at: datetime) -> str:
    """Return the address that opens an order without an account, for 90 days from when it was placed."""
    token = guest_order_token(number, placed_at, _secret())
    return f"{get_settings().public_url}/orders/{order_number(number)}/open?token={token}"


def cookie_name(number: int) -> str:
    """Return the name of the cookie that keeps the link of one order."""
    return f"{COOKIE_PREFIX}{order_number(number)}"


def end_of(token: str, number: int) -> datetime | None:
    """Return when a link's token ends; ``None`` if it does not open that order."""
    return token_end(token, number, utc_now(), _secret())


def has_link(cookie_header: str, number: int) -> bool:
    """Say whether the caller's cookies hold a link that opens that order now."""
    token = read_cookies(cookie_header).get(cookie_name(number), "")
    return bool(token) and end_of(token, number) is not None


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
