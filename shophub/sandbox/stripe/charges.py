"""Charges: https://docs.stripe.com/api/charges."""

from typing import Any

from psycopg.sql import SQL, Composable, Literal

from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.ids import new_id, now
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.work import Call

# Fields of accounts and features that the sandbox does not have.
_ALWAYS_NULL = (
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "customer",
    "failure_balance_transaction",
    "on_behalf_of",
    "presentment_details",
    "receipt_number",
    "receipt_url",
    "review",
    "source",
    "source_transfer",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def _outcome(status: str, decline: dict[str, str] | None) -> dict[str, Any]:
    approved = decline is None
    decline_code = None if decline is None else decline["decline_code"]
    seller = "Payment complete." if approved else "The bank did not return any further details with this decline."
    if decline_code == "insufficient_funds":
        seller = "The card has insufficient funds to complete the purchase."
    return {
        "advice_code": None if approved else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None if approved else "01",
        "network_status": "approved_by_network" if approved else "declined_by_network",
        "reason": decline_code,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": seller,
        "type": "authorized" if status != "failed" else "issuer_declined",
    }


def _method_details(method: Record, amount: int, authenticated: bool) -> dict[str, Any]:
    kind = method.body["type"]
    part = method.body[kind]
    if kind != "card":
        kept = ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number")
        return {kind: {name: part[name] for name in kept}, "type": kind}
    three_d_secure = None
    if authenticated:
        three_d_secure = {
            "authentication_flow": "challenge",
            "electronic_commerce_indicator": "05",
            "exemption_indicator": None,
            "result": "authenticated",
            "result_reason": None,
            "transaction_id": None,
            "version": "2.2.0",
        }
    card = {
        "amount_authorized": amount,
        "authorization_code": None,
        "brand": part["brand"],
        "checks": part["checks"],
        "country": part["country"],
        "exp_month": part["exp_month"],
        "exp_year": part["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": part["fingerprint"],
        "funding": part["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": part["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": part["brand"],
        "network_token": {"used": False},
        "network_transaction_id": new_id("ntx").removeprefix("ntx_")[:15],
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": three_d_secure,
        "wallet": None,
    }
    return {"card": card, "type": "card"}


def new_charge(
    intent: Record, method: Record, *, status: str, decline: dict[str, str] | None = None, authenticated: bool = False
) -> Record:
    """Return a charge for the whole amount of an intent: ``succeeded``, ``pending`` or ``failed``."""
    amount, paid = intent.body["amount"], status == "succeeded"
    body: dict[str, Any] = {
        **dict.fromkeys(_ALWAYS_NULL),
        "id": new_id("ch"),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if paid else 0,
        "amount_refunded": 0,
        "billing_details": method.body["billing_details"],
        "calculated_statement_descriptor": "SHOPHUB",
        "captured": paid,
        "created": now(),
        "currency": intent.body["currency"],
        "description": intent.body["description"],
        "disputed": False,
        "failure_code": None if decline is None else decline["code"],
        "failure_message": None if decline is None else decline["message"],
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent.body["metadata"]),
        "outcome": _outcome(status, decline),
        "paid": paid,
        "payment_intent": intent.id,
        "payment_method": method.id,
        "payment_method_details": _method_details(method, amount, authenticated),
        "radar_options": {},
        "receipt_email": intent.body["receipt_email"],
        "refunded": False,
        "shipping": intent.body["shipping"],
        "statement_descriptor": intent.body["statement_descriptor"],
        "status": status,
    }
    private = {"refund": method.private.get("refund", "succeeded"), "disputed": method.private.get("disputed", False)}
    charge_id = str(body["id"])
    return Record("charge", body, private, payment_intent=intent.id, charge=charge_id)


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/charges/:id."""
    call.params.only()
    return (await objects.get(call.connection, "charge", call.path["id"])).body


async def list_all(call: Call) -> dict[str, Any]:
    """GET /v1/charges, all or those of a PaymentIntent."""
    call.params.only("payment_intent", "customer", "created", "limit", "starting_after", "ending_before")
    intent = call.params.text("payment_intent")
    filters: list[Composable] = [SQL("payment_intent = {}").format(Literal(intent))] if intent else []
    if call.params.text("customer"):
        filters.append(SQL("false"))
    body, _ = await objects.page(call.connection, "charge", call.params, filters, "/v1/charges")
    return body
