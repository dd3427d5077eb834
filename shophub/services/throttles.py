"""Throttles: how often something may be tried, counted in Redis where there is one, else in this process.

Numbers come from the settings. A try is counted before it is heard, so that many at once cannot slip through together.
"""

import asyncio
import math
import time
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string

from shophub.domain.emails import email_key
from shophub.errors import ThrottledError
from shophub.lib.ids import token_hash
from shophub.lib.network import household
from shophub.settings import get_settings


class Action(StrEnum):
    """What is throttled per network address."""

    REGISTER = "register"
    CHECKOUT = "checkout"
    COUPON = "coupon"


_SENTENCES = {
    Action.REGISTER: "Too many accounts were made from here. Please try again later.",
    Action.CHECKOUT: "Too many checkouts were started from here. Please try again later.",
    Action.COUPON: "Too many codes were tried. Please try again later.",
}
_limiters: dict[str, FixedWindowRateLimiter] = {}


async def hit(action: Action, network_address: str) -> None:
    """Count one try of ``action``. Without an address (a local socket, a script of the shop) nobody is counted.

    Raises:
        ThrottledError: The address has used up its tries; says when the window ends.
    """
    if not network_address:
        return
    settings = get_settings()
    limit = {
        Action.REGISTER: settings.throttle_register_address,
        Action.CHECKOUT: settings.throttle_checkout_address,
        Action.COUPON: settings.throttle_coupon_address,
    }[action]
    await _count(_item(limit), action.value, household(network_address), sentence=_SENTENCES[action])


class SignInTry:
    """One try to sign in: counted as failed when it begins, given back when it succeeds."""

    def __init__(self, email: str, network_address: str) -> None:
        """Name whose account is tried and from where."""
        settings = get_settings()
        where = household(network_address)
        account = token_hash(email_key(email))  # no address of a person among the keys
        self._sentence = "Too many tries. Please wait before you try again."
        self._counters = (
            (_item(settings.throttle_sign_in), ("sign-in", account, where)),
            (_item(settings.throttle_sign_in_address), ("sign-in", where)),
        )
        self._of_account = (_item(settings.throttle_sign_in_account), ("sign-in-account", account))

    async def begin(self) -> None:
        """Count the try, and slow it down where the account is under attack from many addresses.

        A delay and not a refusal: else anybody could lock somebody else out.

        Raises:
            ThrottledError: Too many failed tries from this network address, for this account or for all.
        """
        for item, names in self._counters:
            await _count(item, *names, sentence=self._sentence)
        item, names = self._of_account
        if not await _limiter().hit(item, *names):
            await asyncio.sleep(get_settings().throttle_sign_in_delay.total_seconds())

    async def succeed(self) -> None:
        """Take the try back; for this account from this network address the earlier failures are forgiven too."""
        (own, own_names), (shared, shared_names) = self._counters
        limiter = _limiter()
        await limiter.clear(own, *own_names)
        await _give_back(limiter, shared, *shared_names)
        item, names = self._of_account
        await _give_back(limiter, item, *names)


async def reset() -> None:
    """Forget every count."""
    await _limiter().storage.reset()


def _item(limit: int) -> RateLimitItem:
    window_seconds = max(1, int(get_settings().throttle_window.total_seconds()))
    return RateLimitItemPerSecond(limit, window_seconds, namespace="shophub")


async def _count(item: RateLimitItem, *names: str, sentence: str) -> None:
    limiter = _limiter()
    if not await limiter.hit(item, *names):
        stats = await limiter.get_window_stats(item, *names)
        raise ThrottledError(sentence, max(1, math.ceil(stats.reset_time - time.time())))


async def _give_back(limiter: FixedWindowRateLimiter, item: RateLimitItem, *names: str) -> None:
    storage = limiter.storage
    if await storage.get(item.key_for(*names)) > 0:
        await storage.incr(item.key_for(*names), item.get_expiry(), amount=-1)


def _limiter() -> FixedWindowRateLimiter:
    """Return this process's limiter. Its windows begin with the first try, and counts can be given back."""
    url = get_settings().redis_url or ""
    if url not in _limiters:
        storage: Storage = MemoryStorage()
        if url:
            made = storage_from_string(f"async+{url}", implementation="redispy")
            assert isinstance(made, Storage)  # noqa: S101 - tells the type checker what async+ means
            storage = made
        _limiters[url] = FixedWindowRateLimiter(storage)
    return _limiters[url]
