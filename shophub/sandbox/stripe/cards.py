"""Stripe's test cards and test payment methods, and the checks of a card that somebody typed.

Sources: https://docs.stripe.com/testing and https://docs.stripe.com/declines/codes. A number outside the list is
refused as Stripe's test mode refuses it, so that nobody's real card is ever accepted, and no number is stored.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from shophub.sandbox.stripe.errors import ApiError
from shophub.sandbox.stripe.params import Params


@dataclass(frozen=True)
class Decline:
    """Why a bank refuses: Stripe's ``code``, the bank's ``decline_code`` and the sentence for the shopper."""

    code: str
    decline_code: str
    message: str


DECLINED = "Your card was declined."
GENERIC = Decline("card_declined", "generic_decline", DECLINED)
INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", DECLINED)
STOLEN = Decline("card_declined", "stolen_card", DECLINED)
FRAUDULENT = Decline("card_declined", "fraudulent", DECLINED)
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)


@dataclass(frozen=True)
class KnownCard:
    """How a test card behaves."""

    number: str
    brand: Literal["visa", "mastercard", "amex", "discover"] = "visa"
    funding: Literal["credit", "debit"] = "credit"
    decline: Decline | None = None
    authentication: bool = False
    disputed: bool = False
    refund: Literal["succeeded", "pending", "failed"] = "succeeded"


_CARDS = (
    KnownCard("4242424242424242"),
    KnownCard("4000056655665556", funding="debit"),
    KnownCard("5555555555554444", "mastercard"),
    KnownCard("2223003122003222", "mastercard"),
    KnownCard("378282246310005", "amex"),
    KnownCard("6011111111111117", "discover"),
    KnownCard("4000000000000002", decline=GENERIC),
    KnownCard("4000000000009995", decline=INSUFFICIENT_FUNDS),
    KnownCard("4000000000009987", decline=LOST),
    KnownCard("4000000000009979", decline=STOLEN),
    KnownCard("4100000000000019", decline=FRAUDULENT),
    KnownCard("4000000000000069", decline=EXPIRED),
    KnownCard("4000000000000127", decline=INCORRECT_CVC),
    KnownCard("4000000000000119", decline=PROCESSING_ERROR),
    KnownCard("4000002500003155", authentication=True),
    KnownCard("4000002760003184", authentication=True),
    KnownCard("4000000000003220", authentication=True),
    KnownCard("4000008400001629", authentication=True, decline=GENERIC),
    KnownCard("4000008260003178", authentication=True, decline=INSUFFICIENT_FUNDS),
    KnownCard("4000000000003055"),
    KnownCard("4000000000000259", disputed=True),
    KnownCard("4000000000007726", refund="pending"),
    KnownCard("4000000000005126", refund="failed"),
)
TEST_CARDS = {card.number: card for card in _CARDS}

# Stripe's ready-made payment methods; each use makes a fresh copy.
TEST_PAYMENT_METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_discover": "6011111111111117",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedFraudulent": "4100000000000019",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_threeDSecureRequired": "4000002760003184",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}


def _card_error(message: str, code: str, param: str, decline_code: str | None = None) -> ApiError:
    return ApiError(402, "card_error", message, code=code, param=param, decline_code=decline_code)


def luhn_valid(number: str) -> bool:
    """Return whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def read_card(card: Params) -> tuple[KnownCard, int, int, bool]:
    """Check a typed card: the test card it names, month and year of expiry, whether a security code was given.

    Raises:
        ApiError: ``card_error`` naming the field: wrong number, expiry in the past, malformed security code, or a
            number that is no test card.
    """
    card.only("number", "exp_month", "exp_year", "cvc", "networks")
    number = card.required("number").replace(" ", "").replace("-", "")
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19 and luhn_valid(number)):
        raise _card_error("Your card number is incorrect.", "incorrect_number", "number")
    month, year = card.integer("exp_month") or 0, card.integer("exp_year") or 0
    if not 1 <= month <= 12:
        raise _card_error("Your card's expiration month is invalid.", "invalid_expiry_month", "exp_month")
    if 0 <= year < 100:
        year += 2000
    today = datetime.now(UTC)
    if not today.year <= year <= today.year + 50:
        raise _card_error("Your card's expiration year is invalid.", "invalid_expiry_year", "exp_year")
    if (year, month) < (today.year, today.month):
        raise _card_error("Your card's expiration month is invalid.", "invalid_expiry_month", "exp_month")
    known = TEST_CARDS.get(number)
    cvc = card.text("cvc")
    length = 4 if known is not None and known.brand == "amex" else 3
    if cvc is not None and not (cvc.isascii() and cvc.isdigit() and len(cvc) == length):
        raise _card_error("Your card's security code is invalid.", "invalid_cvc", "cvc")
    if known is None:
        raise _card_error(
            "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of "
            "valid test cards, visit: https://stripe.com/docs/testing.",
            "card_declined",
            "number",
            "test_mode_live_card",
        )
    return known, month, year, cvc is not None


def card_object(card: KnownCard, exp_month: int, exp_year: int, cvc_given: bool, postal_given: bool) -> dict[str, Any]:
    """Return the ``card`` part of a PaymentMethod; of the number it holds the last four digits."""
    network = card.brand
    cvc_check = "fail" if card.decline is INCORRECT_CVC else "pass"
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": "pass" if postal_given else None,
            "cvc_check": cvc_check if cvc_given else None,
        },
        "country": "US",
        "display_brand": network,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [network], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
