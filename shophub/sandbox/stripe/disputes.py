"""Disputes: https://docs.stripe.com/api/disputes."""

from typing import Any

from psycopg.sql import SQL, Composable, Literal

from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.errors import ApiError, invalid
from shophub.sandbox.stripe.ids import new_id, now
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.work import Call, Work, emit

_EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)
_RESPONSE_SECONDS = 7 * 86_400


async def open_dispute(work: Work, charge: Record, reason: str = "fraudulent") -> Record:
    """Dispute the whole charge and take the money back; the caller holds the PaymentIntent's lock.

    Raises:
        ApiError: The charge was not paid, or is disputed already.
    """
    if charge.body["status"] != "succeeded" or charge.body["disputed"]:
        raise invalid(f"Charge {charge.id} cannot be disputed.", param="charge")
    body = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge.body["amount"],
        "balance_transactions": [],
        "charge": charge.id,
        "created": now(),
        "currency": charge.body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now() + _RESPONSE_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": None,
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge.payment_intent,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
    dispute = Record("dispute", body, payment_intent=charge.payment_intent, charge=charge.id)
    await objects.insert(work.connection, dispute)
    charge.body["disputed"] = True
    await objects.save(work.connection, charge)
    await emit(work, "charge.dispute.created", body)
    await emit(work, "charge.dispute.funds_withdrawn", body)
    return dispute


async def close_dispute(work: Work, dispute: Record, *, won: bool) -> None:
    """End a dispute; a won one gives the money back. The caller holds the PaymentIntent's lock.

    Raises:
        ApiError: It is closed already.
    """
    if dispute.body["status"] not in ("needs_response", "under_review"):
        raise ApiError(400, "invalid_request_error", "This dispute is already closed.", executed=True)
    dispute.body["status"] = "won" if won else "lost"
    await objects.save(work.connection, dispute)
    if won:
        charge = await objects.get(work.connection, "charge", dispute.body["charge"])
        charge.private["dispute_won"] = True
        await objects.save(work.connection, charge)
        await emit(work, "charge.dispute.funds_reinstated", dispute.body)
    await emit(work, "charge.dispute.closed", dispute.body)


async def lock(work: Work, dispute_id: str) -> Record:
    """Return a dispute under its PaymentIntent's lock.

    Raises:
        ApiError: ``resource_missing``.
    """
    found = await objects.get(work.connection, "dispute", dispute_id, param="dispute")
    await objects.get(work.connection, "payment_intent", found.body["payment_intent"], lock=True)
    return await objects.get(work.connection, "dispute", dispute_id, param="dispute")


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/disputes/:id."""
    call.params.only()
    return (await objects.get(call.connection, "dispute", call.path["id"], param="dispute")).body


async def close(call: Call) -> dict[str, Any]:
    """POST /v1/disputes/:id/close: accept it as lost."""
    call.params.only()
    dispute = await lock(call.work, call.path["id"])
    await close_dispute(call.work, dispute, won=False)
    return dispute.body


async def list_all(call: Call) -> dict[str, Any]:
    """GET /v1/disputes, all or those of a charge or PaymentIntent."""
    call.params.only("charge", "payment_intent", "created", "limit", "starting_after", "ending_before")
    filters: list[Composable] = []
    for name, column in (("charge", SQL("charge")), ("payment_intent", SQL("payment_intent"))):
        if value := call.params.text(name):
            filters.append(SQL("{} = {}").format(column, Literal(value)))
    body, _ = await objects.page(call.connection, "dispute", call.params, filters, "/v1/disputes")
    return body
