"""Ending e-mails that nobody has to get: the signed link in each, which works without signing in and for ever."""

from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.signing import is_signature, signature
from shophub.repositories import abandoned_carts, stock_alerts
from shophub.settings import get_settings

PATH = "/unsubscribe"
_PURPOSE = "unsubscribe"


class Subscription(StrEnum):
    """A kind of e-mail that can be ended, and whose id its link carries."""

    STOCK = "stock"  # a stock alert
    CARTS = "carts"  # an account


def link(subscription: Subscription, subject_id: UUID) -> str:
    """Return the address that ends such e-mails, on the shop's public address."""
    named = f"{subscription.value}.{subject_id.hex}"
    token = f"{named}.{signature(_secret(), _PURPOSE, named)}"
    return f"{get_settings().public_url}{PATH}?{urlencode({'token': token})}"


def headers(url: str) -> dict[str, str]:
    """Return the headers by which mail programs offer one click to end such e-mails (RFC 2369 and RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(token: str) -> tuple[Subscription, UUID] | None:
    """Return what a link's token ends, or None if it is not ours or altered."""
    named, _, signed = token.rpartition(".")
    kind, _, subject = named.partition(".")
    if not is_signature(signed, _secret(), _PURPOSE, named) or kind not in set(Subscription):
        return None
    return Subscription(kind), UUID(hex=subject)


async def end(session: AsyncSession, token: str) -> Subscription | None:
    """End what a link stands for; again and again does no harm. None if the link is not valid."""
    known = read(token)
    if known is None:
        return None
    subscription, subject_id = known
    stop = stock_alerts.stop if subscription is Subscription.STOCK else abandoned_carts.stop
    return subscription if await stop(session, subject_id) else None


def _secret() -> str:
    return get_settings().auth_secret.get_secret_value()
