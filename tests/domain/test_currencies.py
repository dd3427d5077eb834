"""A store's currency is one in which the shop and Stripe mean the same amount by the same number."""

import pytest
from babel.numbers import list_currencies

from shophub.domain.currencies import charge_step, chargeable
from shophub.lib.money import exponent
from shophub.sandbox.stripe import currencies as stripe

# https://docs.stripe.com/currencies#special-cases: without decimals, yet charged in hundredths.
IN_HUNDREDTHS = {"ISK", "UGX"}


def _stripes_exponent(currency: str) -> int:
    if currency in IN_HUNDREDTHS:
        return 2
    return 0 if currency.lower() in stripe.ZERO_DECIMAL else 3 if currency.lower() in stripe.THREE_DECIMAL else 2


def test_number_that_is_shown_is_the_number_that_stripe_takes():
    """Known failure 13: an amount that is shown in dinars and charged in hundredths of them."""
    taken = {currency for currency in list_currencies() if currency.lower() in stripe.SUPPORTED}
    alike = {currency for currency in taken if exponent(currency) == _stripes_exponent(currency)}

    assert {currency for currency in list_currencies() if chargeable(currency)} == alike - {"STD"}  # no longer in ISO
    assert taken - alike == {"ISK", "MGA", "UGX"}


@pytest.mark.parametrize("currency", ["ISK", "UGX", "MGA", "IQD", "LYD", "IRR", "ZZZ", "usd", ""])
def test_currencies_that_stripe_lacks_or_counts_otherwise_are_refused(currency):
    assert not chargeable(currency)


@pytest.mark.parametrize(
    ("currency", "step"), [("KWD", 10), ("BHD", 10), ("JOD", 10), ("OMR", 10), ("TND", 10), ("USD", 1), ("JPY", 1)]
)
def test_last_of_three_decimals_is_zero(currency, step):
    assert charge_step(currency) == step
