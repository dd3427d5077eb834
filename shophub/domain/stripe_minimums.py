"""The smallest amounts that Stripe charges: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts."""

# Minor units. Stripe publishes these for settlement in the same currency; others must be worth about 0.50 USD, which
# only Stripe can judge, so it is asked.
_MINIMUMS_MINOR = {
    "USD": 50,
    "AED": 2_00,
    "AUD": 50,
    "BGN": 1_00,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "CZK": 15_00,
    "DKK": 2_50,
    "EUR": 50,
    "GBP": 30,
    "HKD": 4_00,
    "HUF": 175_00,
    "INR": 50,
    "JPY": 50,
    "MXN": 10_00,
    "MYR": 2_00,
    "NOK": 3_00,
    "NZD": 50,
    "PLN": 2_00,
    "RON": 2_00,
    "SEK": 3_00,
    "SGD": 50,
    "THB": 10_00,
}


def minimum_charge_minor(currency: str) -> int:
    """Return the smallest total, in minor units of ``currency`` (ISO 4217, any case), that Stripe accepts.

    Where Stripe publishes no minimum it is 1: then only Stripe knows, and its refusal has to be shown.
    """
    return _MINIMUMS_MINOR.get(currency.upper(), 1)
