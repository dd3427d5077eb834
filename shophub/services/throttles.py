"""Throttles: how often something may be tried, counted in Redis where there is one, else in this process.

Numbers come from the settings. A try is counted before it is heard, so that many at once cannot slip through together.
"""

import asyncio
import math
import time
from enum import StrEnum
from typing import Self
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string

from shophub.domain.emails import email_key
from shophub.errors import BusyError, ThrottledError, UnavailableError
from shophub.lib.ids import token_hash
from shophub.lib.network import household
from shophub.services.api_quota import Counts, Quota
from shophub.settings import get_settings


class Action(StrEnum):
    """What is throttled per network address."""

    REGISTER = "register"
    CHECKOUT = "checkout"
    COUPON = "coupon"
    INVITE = "invite"
    ACCEPT = "accept"
    RESET = "reset"
    VERIFY = "verify"
    EMAIL_CHANGE = "email-change"
    EXPORT = "export"
    STOCK_ALERT = "stock-alert"
    EMPTY_SEARCH = "empty-search"
    ORDER_LOOKUP = "order-lookup"


class PerAccount(StrEnum):
    """What is counted per account, from wherever it is asked for."""

    RESET = "reset-account"
    VERIFY = "verify-account"
    EMAIL_CHANGE = "email-change-account"
    ORDER_LOOKUP = "order-lookup-account"


_SENTENCES = {
    Action.REGISTER: "Too many accounts were made from here. Please try again later.",
    Action.CHECKOUT: "Too many checkouts were started from here. Please try again later.",
    Action.COUPON: "Too many codes were tried. Please try again later.",
    Action.INVITE: "Too many invites were sent from here. Please try again later.",
    Action.ACCEPT: "Too many invites were answered from here. Please try again later.",
    Action.RESET: "Too many links were asked for from here. Please try again later.",
    Action.VERIFY: "Too many links were asked for from here. Please try again later.",
    Action.EMAIL_CHANGE: "Too many links were asked for from here. Please try again later.",
    Action.EXPORT: "Your data were asked for too often from here. Please try again later.",
    Action.STOCK_ALERT: "Too many e-mails were asked for from here. Please try again later.",
    Action.EMPTY_SEARCH: "Too many searches from here found nothing. Please try again later.",
    Action.ORDER_LOOKUP: "Too many orders were looked for from here. Please try again later.",
}
# A limit, and the names of what is counted against it.
Counter = tuple[RateLimitItem, tuple[str, ...]]
_limiters: dict[str, FixedWindowRateLimiter] = {}
_calls = Counts()


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
        Action.INVITE: settings.throttle_invite_address,
        Action.ACCEPT: settings.throttle_accept_address,
        Action.RESET: settings.throttle_reset_address,
        Action.VERIFY: settings.throttle_reset_address,
        Action.EMAIL_CHANGE: settings.throttle_reset_address,
        Action.EXPORT: settings.throttle_export_address,
        Action.STOCK_ALERT: settings.throttle_stock_alert_address,
        Action.EMPTY_SEARCH: settings.throttle_empty_search_address,
        Action.ORDER_LOOKUP: settings.throttle_reset_address,
    }[action]
    await _count(_item(limit), action.value, household(network_address), sentence=_SENTENCES[action])


async def count_call(caller: str, *, is_read: bool) -> Quota:
    """Count one request of a caller of the API, and return what is left; reads and the rest are counted apart."""
    settings = get_settings()
    return await _calls.count(
        _limiter().storage if settings.redis_url else None,
        f"{'read' if is_read else 'write'}/{caller}",
        limit=settings.throttle_api_reads if is_read else settings.throttle_api_writes,
        window_seconds=max(1, int(settings.throttle_api_window.total_seconds())),
    )


async def allows(what: PerAccount, email: str) -> bool:
    """Count one link mailed to an address, and say whether it may go out; the caller decides what to answer."""
    item = _item(get_settings().throttle_reset_account)
    return await _limiter().hit(item, what.value, token_hash(email_key(email)))


async def forgive(email: str, network_address: str) -> None:
    """Forget that an account's password was tried in vain from a network address: its owner has just set another."""
    item = _item(get_settings().throttle_sign_in)
    await _limiter().clear(item, "sign-in", token_hash(email_key(email)), household(network_address))


class _Try:
    """One try of a secret, made inside the block: counted as failed when it begins, given back when it succeeds."""

    sentence = "Too many tries. Please wait before you try again."

    def __init__(self, kind: str, account: str, network_address: str) -> None:
        """Name whose secret is tried and from where. All kinds count together for a network address."""
        settings = get_settings()
        where = household(network_address)
        self._own: Counter = (_item(settings.throttle_sign_in), (kind, account, where))
        self._shared: Counter = (_item(settings.throttle_sign_in_address), ("sign-in", where))

    async def begin(self) -> None:
        """Count the try.

        Raises:
            ThrottledError: Too many failed tries from this network address, for this account or for all.
        """
        for item, names in (self._own, self._shared):
            await _count(item, *names, sentence=self.sentence)

    async def __aenter__(self) -> Self:
        """Begin."""
        await self.begin()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _error: object, _traceback: object) -> None:
        """Take the try back where it was right, or where nobody could look: the shop was busy, or lost its database."""
        if kind is None:
            await self.succeed()
        elif issubclass(kind, BusyError | UnavailableError):
            await self.give_back()

    async def succeed(self) -> None:
        """Take the try back; for this account from this network address the earlier failures are forgiven too."""
        item, names = self._own
        await self.give_back()
        await _limiter().clear(item, *names)

    async def give_back(self) -> None:
        """Have the try count as none."""
        for item, names in (self._own, self._shared):
            await _give_back(_limiter(), item, *names)


class SignInTry(_Try):
    """One try of a password."""

    def __init__(self, email: str, network_address: str) -> None:
        """Name whose account is tried and from where."""
        account = token_hash(email_key(email))  # no address of a person among the keys
        super().__init__("sign-in", account, network_address)
        self._of_account: Counter = (_item(get_settings().throttle_sign_in_account), ("sign-in-account", account))

    async def begin(self) -> None:
        """Count the try, and slow it down where the account is under attack from many addresses.

        A delay and not a refusal: else anybody could lock somebody else out.
        """
        await super().begin()
        item, names = self._of_account
        if not await _limiter().hit(item, *names):
            await asyncio.sleep(get_settings().throttle_sign_in_delay.total_seconds())

    async def give_back(self) -> None:
        """Have the try count as none, also for the account."""
        await super().give_back()
        item, names = self._of_account
        await _give_back(_limiter(), item, *names)


class CodeTry(_Try):
    """One try of a code of the second factor, by somebody who knows the password.

    Six digits could be guessed from many network addresses, so an account hears only a few wrong ones, whoever sends
    them. Recovery codes cannot be guessed: with one of them its owner gets in even then.
    """

    def __init__(self, user_id: UUID, network_address: str, *, can_be_guessed: bool) -> None:
        """Name whose code is tried and from where."""
        super().__init__("code", str(user_id), network_address)
        of_account = (_item(get_settings().throttle_code_account), ("code-account", str(user_id)))
        self._of_account: Counter | None = of_account if can_be_guessed else None

    async def begin(self) -> None:
        """Count the try, also for the account.

        Raises:
            ThrottledError: Too many failed tries from this network address, or of this account's codes from anywhere.
        """
        await super().begin()
        if self._of_account is not None:
            item, names = self._of_account
            await _count(item, *names, sentence=self.sentence)

    async def give_back(self) -> None:
        """Have the try count as none, also for the account."""
        await super().give_back()
        if self._of_account is not None:
            item, names = self._of_account
            await _give_back(_limiter(), item, *names)


async def reset() -> None:
    """Forget every count."""
    _calls.forget()
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


async def is_shared() -> bool | None:
    """Return whether Redis, which the processes count in together, answers; None where each counts for itself."""
    if not get_settings().redis_url:
        return None
    return bool(await _limiter().storage.check())
