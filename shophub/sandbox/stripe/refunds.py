"""Refunds: https://docs.stripe.com/api/refunds. All changes happen under the PaymentIntent's lock."""

from typing import Any

from psycopg.sql import SQL, Composable, Literal

from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.currencies import display, has_chargeable_digits
from shophub.sandbox.stripe.errors import ApiError, invalid, unexpected_state
from shophub.sandbox.stripe.ids import new_id, now
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.params import Params
from shophub.sandbox.stripe.work import Call, Work, emit

# Test cards whose refunds fail or stay pending do so for this long after the refund was made.
LATE_REFUND_SECONDS = 4
_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


async def _lock_charge(work: Work, params: Params) -> Record:
    """Return the charge to refund, with its PaymentIntent locked.

    Raises:
        ApiError: Neither or both are named, unknown, or nothing was paid.
    """
    intent_id, charge_id = params.text("payment_intent"), params.text("charge")
    if charge_id is not None:
        found = await objects.get(work.connection, "charge", charge_id, param="charge")
        if intent_id is not None and found.payment_intent != intent_id:
            raise invalid(f"The charge {charge_id} does not belong to {intent_id}.", param="charge")
        intent_id = found.payment_intent
    if intent_id is None:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    intent = await objects.get(work.connection, "payment_intent", intent_id, lock=True, param="payment_intent")
    if intent.body["status"] != "succeeded":
        raise unexpected_state(
            f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.", intent.body
        )
    return await objects.get(work.connection, "charge", charge_id or intent.body["latest_charge"], param="charge")


def _refundable(record: Record, asked: int | None) -> int:
    """Return the amount to refund: what was asked for, or all that is left. A dispute that was won bars nothing."""
    charge = record.body
    if charge["disputed"] and not record.private.get("dispute_won", False):
        raise ApiError(
            400,
            "invalid_request_error",
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
            executed=True,
        )
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left <= 0:
        raise ApiError(
            400,
            "invalid_request_error",
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
            executed=True,
        )
    if asked is None:
        return int(left)
    if asked < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    currency = charge["currency"]
    if not has_chargeable_digits(asked, currency):
        raise invalid(f"The last digit of an amount in {currency} must be 0.", param="amount")
    if asked > left:
        raise ApiError(
            400,
            "invalid_request_error",
            f"Refund amount ({display(asked, currency)}) is greater than unrefunded amount on charge "
            f"({display(left, currency)})",
            param="amount",
            executed=True,
        )
    return asked


def _body(charge: Record, amount: int, reason: str | None, metadata: dict[str, str], status: str) -> dict[str, Any]:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge.id,
        "created": now(),
        "currency": charge.body["currency"],
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge.payment_intent,
        "payment_method": charge.body["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


async def create(call: Call) -> dict[str, Any]:
    """POST /v1/refunds: never more than what was captured and is not refunded yet, however many ask at once."""
    params, work = call.params, call.work
    params.only("payment_intent", "charge", "amount", "reason", "metadata", "instructions_email")
    reason, metadata = params.choice("reason", _REASONS), params.metadata({})
    asked = params.integer("amount")
    charge = await _lock_charge(work, params)
    amount = _refundable(charge, asked)
    fate = charge.private["refund"]
    status = "pending" if fate == "pending" else "succeeded"
    refund = Record(
        "refund",
        _body(charge, amount, reason, metadata, status),
        payment_intent=charge.payment_intent,
        charge=charge.id,
    )
    if status == "pending":
        refund.body["pending_reason"] = "processing"
    await objects.insert(work.connection, refund)
    before = {"amount_refunded": charge.body["amount_refunded"], "refunded": charge.body["refunded"]}
    charge.body["amount_refunded"] += amount
    charge.body["refunded"] = charge.body["amount_refunded"] == charge.body["amount_captured"]
    await objects.save(work.connection, charge)
    await emit(work, "refund.created", refund.body)
    await emit(work, "charge.refunded", charge.body, before)
    if fate != "succeeded":
        await work.connection.execute(
            "INSERT INTO sandbox.stripe_timers (due_at, kind, object_id)"
            " VALUES (clock_timestamp() + make_interval(secs => %s), %s, %s)",
            (LATE_REFUND_SECONDS, "refund_failed" if fate == "failed" else "refund_succeeded", refund.id),
        )
    return refund.body


async def lock(work: Work, refund_id: str) -> Record:
    """Return a refund under its PaymentIntent's lock.

    Raises:
        ApiError: ``resource_missing``.
    """
    found = await objects.get(work.connection, "refund", refund_id)
    await objects.get(work.connection, "payment_intent", found.body["payment_intent"], lock=True)
    return await objects.get(work.connection, "refund", refund_id)


async def finish(work: Work, refund: Record, *, succeeded: bool) -> None:
    """Let a refund reach the customer, or fail late as banks do: then its amount is back on the charge.

    Raises:
        ApiError: It has failed already.
    """
    before = {"status": refund.body["status"]}
    if before["status"] not in ("pending", "succeeded"):
        raise invalid(f"Refund {refund.id} has a status of {before['status']}.")
    refund.body.pop("pending_reason", None)
    refund.body["status"] = "succeeded" if succeeded else "failed"
    if not succeeded:
        refund.body["failure_reason"] = "lost_or_stolen_card"
        refund.body["failure_balance_transaction"] = None
        charge = await objects.get(work.connection, "charge", refund.body["charge"])
        charge.body["amount_refunded"] -= refund.body["amount"]
        charge.body["refunded"] = False
        await objects.save(work.connection, charge)
    await objects.save(work.connection, refund)
    await emit(work, "refund.updated", refund.body, before)
    await emit(work, "charge.refund.updated", refund.body, before)
    if not succeeded:
        await emit(work, "refund.failed", refund.body)


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/refunds/:id."""
    call.params.only()
    return (await objects.get(call.connection, "refund", call.path["id"])).body


async def update(call: Call) -> dict[str, Any]:
    """POST /v1/refunds/:id: only its metadata can change."""
    call.params.only("metadata")
    refund = await lock(call.work, call.path["id"])
    before = {"metadata": refund.body["metadata"]}
    refund.body["metadata"] = call.params.metadata(refund.body["metadata"])
    await objects.save(call.connection, refund)
    await emit(call.work, "refund.updated", refund.body, before)
    return refund.body


async def list_all(call: Call) -> dict[str, Any]:
    """GET /v1/refunds, all or those of a charge or PaymentIntent."""
    call.params.only("charge", "payment_intent", "created", "limit", "starting_after", "ending_before")
    filters: list[Composable] = []
    for name, column in (("charge", SQL("charge")), ("payment_intent", SQL("payment_intent"))):
        if value := call.params.text(name):
            filters.append(SQL("{} = {}").format(column, Literal(value)))
    body, _ = await objects.page(call.connection, "refund", call.params, filters, "/v1/refunds")
    return body
