"""How money moves: confirmation, authentication, settlement. The caller holds the PaymentIntent's lock."""

from typing import Any

from shophub.sandbox.stripe import disputes, objects, payment_methods
from shophub.sandbox.stripe.charges import new_charge
from shophub.sandbox.stripe.errors import ApiError, invalid, unexpected_state
from shophub.sandbox.stripe.ids import new_id
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.params import Params
from shophub.sandbox.stripe.work import Work, emit

# Several days at Stripe: long enough here to see the store wait, short enough to see it stop waiting.
BANK_DEBIT_SECONDS = 8
_AUTHENTICATION_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
    "PaymentMethod to attempt to fulfill this PaymentIntent again."
)


async def confirm_intent(work: Work, intent: Record, params: Params, *, client: bool) -> None:
    """Try to pay: the intent ends succeeded, processing, waiting for authentication, or declined.

    Raises:
        ApiError: Wrong status, no payment method, or a decline. A decline keeps its effects: the failed charge, the
            intent's ``last_payment_error`` and the events.
    """
    body = intent.body
    _require_confirmable(body)
    method = await _method(work, intent, params)
    if method.body["type"] not in body["payment_method_types"]:
        raise invalid(
            f"The PaymentMethod provided ({method.body['type']}) is not allowed for this PaymentIntent.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    for name in ("receipt_email", "setup_future_usage"):
        if name in params and not (client and name == "setup_future_usage"):
            body[name] = params.text(name)
    body.update(payment_method=method.id, last_payment_error=None, next_action=None)
    if method.body["type"] == "us_bank_account":
        await _start_bank_debit(work, intent, method)
    elif method.private["authentication"]:
        if params.boolean("error_on_requires_action") or params.boolean("off_session"):
            declined = {
                "code": "authentication_required",
                "decline_code": "authentication_required",
                "message": "Your card was declined. This transaction requires authentication.",
            }
            await _decline(work, intent, method, declined)
        await _ask_for_authentication(work, intent, params)
    else:
        await _charge(work, intent, method, authenticated=False)


def _require_confirmable(body: dict[str, Any]) -> None:
    if body["status"] == "succeeded":
        message = (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        )
        raise unexpected_state(message, body)
    if body["status"] in ("canceled", "processing"):
        raise unexpected_state(
            f"You cannot confirm this PaymentIntent because it has a status of {body['status']}. Only a PaymentIntent "
            "with one of the following statuses may be confirmed: requires_confirmation, requires_action.",
            body,
        )


async def _method(work: Work, intent: Record, params: Params) -> Record:
    data, method_id = params.inner("payment_method_data"), params.text("payment_method")
    if data is not None:
        return await payment_methods.create_from(work, data)
    chosen = method_id or intent.body["payment_method"]
    if chosen is None:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken.",
            intent.body,
        )
    return await payment_methods.resolve(work, chosen)


async def _charge(work: Work, intent: Record, method: Record, *, authenticated: bool) -> None:
    if method.private["decline"] is not None:
        await _decline(work, intent, method, method.private["decline"], authenticated=authenticated)
    charge = new_charge(intent, method, status="succeeded", authenticated=authenticated)
    method.private["used"] = True
    await objects.save(work.connection, method)
    await objects.insert(work.connection, charge)
    await _succeed(work, intent, charge)


async def _succeed(work: Work, intent: Record, charge: Record) -> None:
    intent.body.update(
        status="succeeded",
        amount_received=intent.body["amount"],
        latest_charge=charge.id,
        next_action=None,
        processing=None,
        last_payment_error=None,
    )
    await objects.save(work.connection, intent)
    await emit(work, "charge.succeeded", charge.body)
    await emit(work, "payment_intent.succeeded", intent.body)
    if charge.private["disputed"]:
        await disputes.open_dispute(work, charge)


async def _decline(
    work: Work, intent: Record, method: Record, decline: dict[str, str], *, authenticated: bool = False
) -> None:
    """Record a failed attempt and refuse the request with it."""
    charge = new_charge(intent, method, status="failed", decline=decline, authenticated=authenticated)
    await objects.insert(work.connection, charge)
    param = {"incorrect_cvc": "cvc", "expired_card": "exp_month"}.get(decline["code"])
    details: dict[str, Any] = {
        "advice_code": "try_again_later",
        "charge": charge.id,
        "code": decline["code"],
        "decline_code": decline["decline_code"],
        "message": decline["message"],
        "network_decline_code": "01",
        "param": param,
        "payment_method": method.body,
    }
    await fail(work, intent, {**details, "type": "card_error"}, charge)
    shown = {name: value for name, value in details.items() if name not in ("code", "message", "param")}
    raise ApiError(
        402,
        "card_error",
        decline["message"],
        code=decline["code"],
        param=param,
        executed=True,
        keeps_effects=True,
        payment_intent=intent.body,
        **shown,
    )


async def fail(work: Work, intent: Record, error: dict[str, Any], charge: Record | None) -> None:
    """Return an intent to ``requires_payment_method`` after an attempt that failed, and say so by events."""
    kept = {name: value for name, value in error.items() if value is not None}
    if "code" in kept:
        kept["doc_url"] = "https://stripe.com/docs/error-codes/" + str(kept["code"]).replace("_", "-")
    intent.body.update(
        status="requires_payment_method",
        last_payment_error=kept,
        payment_method=None,
        next_action=None,
        processing=None,
    )
    if charge is not None:
        intent.body["latest_charge"] = charge.id
        await emit(work, "charge.failed", charge.body)
    await objects.save(work.connection, intent)
    await emit(work, "payment_intent.payment_failed", intent.body)


async def _ask_for_authentication(work: Work, intent: Record, params: Params) -> None:
    return_url = params.text("return_url")
    source = new_id("payatt")
    if return_url and not params.boolean("use_stripe_sdk"):
        page = f"{work.config.base_path}/stripe/authenticate/{intent.id}?client_secret={intent.body['client_secret']}"
        action: dict[str, Any] = {
            "redirect_to_url": {"return_url": return_url, "url": page},
            "type": "redirect_to_url",
        }
    else:
        action = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"source": source, "type": "stripe_3ds2_fingerprint"},
        }
    intent.body.update(status="requires_action", next_action=action)
    await objects.save(work.connection, intent)
    await emit(work, "payment_intent.requires_action", intent.body)


async def authenticate(work: Work, intent: Record, *, passed: bool) -> None:
    """Finish the authentication that an intent waits for, as the bank's page would.

    Raises:
        ApiError: It waits for none (any more), or the bank declines although the shopper was authenticated.
    """
    if intent.body["status"] != "requires_action":
        raise unexpected_state(
            f"This PaymentIntent does not wait for authentication: it has a status of {intent.body['status']}.",
            intent.body,
        )
    method = await objects.get(work.connection, "payment_method", intent.body["payment_method"])
    if passed:
        await _charge(work, intent, method, authenticated=True)
        return
    error = {
        "code": "payment_intent_authentication_failure",
        "message": _AUTHENTICATION_FAILED,
        "payment_method": method.body,
        "type": "invalid_request_error",
    }
    await fail(work, intent, error, None)


async def _start_bank_debit(work: Work, intent: Record, method: Record) -> None:
    charge = new_charge(intent, method, status="pending")
    method.private["used"] = True
    await objects.save(work.connection, method)
    await objects.insert(work.connection, charge)
    intent.body.update(status="processing", latest_charge=charge.id, processing={"type": "us_bank_account"})
    await objects.save(work.connection, intent)
    await emit(work, "charge.pending", charge.body)
    await emit(work, "payment_intent.processing", intent.body)
    settles = method.private["settles"]
    if settles != "processing":
        await work.connection.execute(
            "INSERT INTO sandbox.stripe_timers (due_at, kind, object_id)"
            " VALUES (clock_timestamp() + make_interval(secs => %s), %s, %s)",
            (BANK_DEBIT_SECONDS, f"settle_{settles}", intent.id),
        )


async def settle(work: Work, intent: Record, *, succeeded: bool) -> None:
    """End a payment that was processing.

    Raises:
        ApiError: It is not.
    """
    if intent.body["status"] != "processing":
        raise unexpected_state(f"This PaymentIntent has a status of {intent.body['status']}.", intent.body)
    charge = await objects.get(work.connection, "charge", intent.body["latest_charge"])
    if succeeded:
        charge.body.update(status="succeeded", paid=True, captured=True, amount_captured=charge.body["amount"])
        await objects.save(work.connection, charge)
        await _succeed(work, intent, charge)
        return
    message = "The customer's bank account has insufficient funds to cover this payment."
    charge.body.update(status="failed", failure_code="insufficient_funds", failure_message=message)
    await objects.save(work.connection, charge)
    method = await objects.get(work.connection, "payment_method", intent.body["payment_method"])
    error = {
        "charge": charge.id,
        "code": "insufficient_funds",
        "message": message,
        "payment_method": method.body,
        "type": "invalid_request_error",
    }
    await fail(work, intent, error, charge)
