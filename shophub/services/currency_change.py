"""Another currency for the store. Figures stay what they are (19.99 dollars become 19.99 euros); decimals follow.

Orders keep the currency they were made in. While somebody is paying, nothing changes: what they agreed to would.
"""

from shophub.db import AsyncSession
from shophub.domain.currencies import chargeable
from shophub.errors import CheckoutsOpenError, InvalidInputError
from shophub.lib.money import exponent, format_money, rescale, scale
from shophub.repositories import currency_change, stores
from shophub.schemas.store_settings import CurrencyPlan, SettingsView
from shophub.services import audit, store_settings
from shophub.services.audit import Actor

# 19.99, whichever decimals the store's currency has.
EXAMPLE_CENTS = 1_999


async def plan(session: AsyncSession, currency: str) -> CurrencyPlan:
    """Return what changing to a currency would do, to be confirmed.

    Raises:
        InvalidInputError: Not a currency that can be charged, or the one that the store has.
    """
    before = (await stores.get_store(session)).currency
    _check(currency, before)
    extent = await currency_change.get_extent(session)
    figure = rescale(EXAMPLE_CENTS, "USD", before)
    return CurrencyPlan(
        before=before,
        after=currency,
        after_name=store_settings.currency_name(currency),
        example=f"{format_money(figure, before)} becomes {format_money(rescale(figure, before, currency), currency)}",
        prices_text=_counted(extent.prices, "price"),
        coupons_text=_counted(extent.coupons, "coupon"),
        rescales=exponent(before) != exponent(currency),
        refusal=_refusal(extent.checkouts),
    )


async def change(session: AsyncSession, currency: str, *, before: str, actor: Actor) -> SettingsView:
    """Let the store sell in another currency from now on; ``before`` is the one that was confirmed to be left.

    Raises:
        InvalidInputError: Not a currency that can be charged, or no change.
        CheckoutsOpenError: A checkout is under way, or the currency was changed meanwhile; nothing has changed.
    """
    standing = await stores.lock_store(session, exclusively=True)
    _check(currency, standing.currency)
    if standing.currency != before:
        raise CheckoutsOpenError(f"The currency is {standing.currency} by now. Load the page again.")
    if refusal := _refusal((await currency_change.get_extent(session)).checkouts):
        raise CheckoutsOpenError(refusal)
    threshold = standing.free_shipping_threshold_minor
    old: dict[str, audit.Value] = {
        "currency": before,
        "shipping_fee_minor": standing.shipping_fee_minor,
        "free_shipping_threshold_minor": threshold,
    }
    new: dict[str, audit.Value] = {
        "currency": currency,
        "shipping_fee_minor": rescale(standing.shipping_fee_minor, before, currency),
        "free_shipping_threshold_minor": None if threshold is None else rescale(threshold, before, currency),
    }
    await stores.update(session, new)
    if exponent(before) != exponent(currency):
        await currency_change.rescale(session, *scale(before, currency))
    await audit.record(
        session, actor, "settings.currency", target="settings", target_id="currency", before=old, after=new
    )
    return await store_settings.get_settings(session)


def _check(currency: str, before: str) -> None:
    if not chargeable(currency):
        sentence = "Cards cannot be charged in that currency. Choose another one."
        raise InvalidInputError(sentence, {"currency": sentence})
    if currency == before:
        sentence = f"The shop sells in {currency} already."
        raise InvalidInputError(sentence, {"currency": sentence})


def _refusal(checkouts: int) -> str:
    if not checkouts:
        return ""
    people = "Somebody is" if checkouts == 1 else f"{checkouts:,} people are"
    return f"{people} paying right now. Close the shop for maintenance, wait until they are done, then try again."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
