"""PaymentMethods: https://docs.stripe.com/api/payment_methods."""

from typing import Any

from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.cards import (
    TEST_CARDS,
    TEST_PAYMENT_METHODS,
    KnownCard,
    card_object,
    read_card,
)
from shophub.sandbox.stripe.errors import invalid, missing
from shophub.sandbox.stripe.ids import new_id, now, random_part
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.params import Params
from shophub.sandbox.stripe.work import Call, Work

# A bank debit takes days at Stripe; here one of them settles by itself after seconds and the other waits for a test.
BANK_ACCOUNTS = {
    "pm_usBankAccount_success": "succeeded",
    "pm_usBankAccount_processing": "processing",
    "pm_usBankAccount_insufficientFunds": "failed",
}
# The account numbers that Stripe publishes for the same outcomes.
BANK_ACCOUNT_NUMBERS = {
    "000123456789": "succeeded",
    "000222222227": "failed",
    "000000000009": "processing",
}
_ROUTING_NUMBER = "110000000"
_EXPIRY_YEARS_AHEAD = 1
_SECONDS_PER_YEAR = 31_557_600


def _billing_details(params: Params | None) -> dict[str, Any]:
    """Return billing details with every field that Stripe's object has."""
    address: dict[str, Any] = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    details: dict[str, Any] = {"address": address, "email": None, "name": None, "phone": None, "tax_id": None}
    if params is None:
        return details
    params.only("address", "email", "name", "phone", "tax_id")
    for name in ("email", "name", "phone", "tax_id"):
        details[name] = params.text(name)
    given = params.inner("address")
    if given is not None:
        given.only(*address)
        for name in address:
            address[name] = given.text(name)
    return details


def _record(
    kind: str, part: dict[str, Any], billing: dict[str, Any], private: dict[str, Any], metadata: dict[str, str]
) -> Record:
    body = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing,
        kind: part,
        "created": now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": metadata,
        "type": kind,
    }
    return Record("payment_method", body, private)


def _from_card(
    card: KnownCard, month: int, year: int, cvc: bool, billing: dict[str, Any], metadata: dict[str, str]
) -> Record:
    part = card_object(card, month, year, cvc, billing["address"]["postal_code"] is not None)
    private = {
        "decline": None
        if card.decline is None
        else {
            "code": card.decline.code,
            "decline_code": card.decline.decline_code,
            "message": card.decline.message,
        },
        "authentication": card.authentication,
        "disputed": card.disputed,
        "refund": card.refund,
        "cvc": cvc,
    }
    return _record("card", part, billing, private, metadata)


def _bank_account(settles: str, last4: str, billing: dict[str, Any], metadata: dict[str, str]) -> Record:
    part = {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": random_part(16),
        "last4": last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": _ROUTING_NUMBER,
        "status_details": None,
    }
    return _record("us_bank_account", part, billing, {"settles": settles, "refund": "succeeded"}, metadata)


def _read_bank_account(params: Params) -> tuple[str, str]:
    params.only("account_number", "routing_number", "account_holder_type", "account_type")
    number, routing = params.required("account_number"), params.required("routing_number")
    if routing != _ROUTING_NUMBER:
        raise invalid(
            "The routing number is not a test routing number.",
            code="routing_number_invalid",
            param=params.full_name("routing_number"),
        )
    if number not in BANK_ACCOUNT_NUMBERS:
        raise invalid(
            "The account number is not a test account number.",
            code="account_number_invalid",
            param=params.full_name("account_number"),
        )
    return BANK_ACCOUNT_NUMBERS[number], number[-4:]


async def create_from(work: Work, params: Params) -> Record:
    """Store a payment method that a client described with ``type`` and the part of that name.

    Raises:
        ApiError: What was typed cannot be a payment method.
    """
    params.only("type", "card", "us_bank_account", "billing_details", "metadata", "allow_redisplay")
    kind = params.choice("type", ("card", "us_bank_account")) or params.required("type")
    part = params.inner(kind)
    if part is None:
        full = params.full_name(kind)
        raise invalid(f"Missing required param: {full}.", code="parameter_missing", param=full)
    billing = _billing_details(params.inner("billing_details"))
    if kind == "card":
        record = _from_card(*read_card(part), billing, params.metadata({}))
    else:
        record = _bank_account(*_read_bank_account(part), billing, params.metadata({}))
    await objects.insert(work.connection, record)
    return record


async def resolve(work: Work, method_id: str) -> Record:
    """Return a stored payment method, or a fresh copy of one of Stripe's test payment methods.

    Raises:
        ApiError: No such payment method, or one that was used up (without a customer each serves one payment).
    """
    number = TEST_PAYMENT_METHODS.get(method_id)
    billing = _billing_details(None)
    year_ahead = 1970 + now() // _SECONDS_PER_YEAR + _EXPIRY_YEARS_AHEAD
    if number is not None:
        record = _from_card(TEST_CARDS[number], 12, year_ahead, False, billing, {})
    elif method_id in BANK_ACCOUNTS:
        record = _bank_account(BANK_ACCOUNTS[method_id], "6789", billing, {})
    else:
        found = await objects.find(work.connection, "payment_method", method_id, lock=True)
        if found is None:
            raise missing("PaymentMethod", method_id, "payment_method")
        if found.private.get("used"):
            raise invalid(
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, "
                "shared with a connected account without Customer attachment, or was detached from a Customer. It "
                "may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer "
                "first."
            )
        return found
    await objects.insert(work.connection, record)
    return record


async def create(call: Call) -> dict[str, Any]:
    """POST /v1/payment_methods, with either key."""
    return (await create_from(call.work, call.params)).body


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/payment_methods/:id."""
    call.params.only()
    return (await objects.get(call.connection, "payment_method", call.path["id"])).body
