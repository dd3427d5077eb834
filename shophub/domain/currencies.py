"""Which currencies a store may use: those that ISO 4217 and Stripe count alike (https://docs.stripe.com/currencies)."""

_WITHOUT_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF".split())
_WITH_TWO_DECIMALS = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC "
    "CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD "
    "KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST "
    "XCD YER ZAR ZMW".split()
)
_WITH_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
_CHARGEABLE = _WITHOUT_DECIMALS | _WITH_TWO_DECIMALS | _WITH_THREE_DECIMALS


def chargeable(currency: str) -> bool:
    """Return whether a store may use ``currency`` (ISO 4217, capital letters).

    Others are refused: Stripe does not take them (IQD, LYD), or counts them otherwise than ISO 4217 (ISK, MGA, UGX).
    """
    return currency in _CHARGEABLE


def charge_step(currency: str) -> int:
    """Return what an amount must be a multiple of, in minor units, for Stripe to charge or refund it.

    With three decimals the last digit has to be 0: https://docs.stripe.com/currencies#three-decimal.
    """
    return 10 if currency in _WITH_THREE_DECIMALS else 1


def codes() -> tuple[str, ...]:
    """Return all that a store may use, by the alphabet."""
    return tuple(sorted(_CHARGEABLE))
